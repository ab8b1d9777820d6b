import { describe, expect, it } from "vitest";
import { HERA, Pair, served, WWW } from "../../../test/pair.ts";
import { stepCluster } from "./cluster.ts";

type Name = "zeus" | "hera";

function runTo(pair: Pair, name: Name, phase: string): void {
  for (let ms = 0; ms < 6000 && pair.phase(name) !== phase; ms += 1) pair.run(1);
  expect(pair.phase(name)).toBe(phase);
}

/** What zeus says to hera's `intend`, which was on its way since before hera knew. */
function answerOf(pair: Pair): string | undefined {
  const { state } = pair.hosts.zeus;
  if (state === undefined) throw new Error("zeus is down");
  const strings = { t: "tandem", step: "intend", grp: WWW, nonce: "00c0ffee" };
  const fields = Object.entries(strings).map(([name, value]) => ({
    kind: "string" as const,
    name,
    value,
  }));
  const heard = { kind: "message", from: HERA, fresh: true, message: { fields } } as const;
  const [, effects] = stepCluster(state, heard, pair.now);
  const steps = effects.flatMap((effect) =>
    effect.kind === "send" ? effect.fields.filter(({ name }) => name === "step") : [],
  );
  const answer = steps.find(({ value }) => value === "grant" || value === "deny")?.value;
  return typeof answer === "string" ? answer : undefined;
}

describe("a node that is asked whether the other may take a group", () => {
  it("grants what is nobody's", () => {
    const pair = new Pair();
    pair.hosts.zeus.carrier = false;
    pair.start("zeus");
    pair.run(100);
    pair.report("zeus", "up");
    expect(pair.phase("zeus")).toBe("free");
    expect(answerOf(pair)).toBe("grant");
  });

  it("denies what it serves", () => {
    const pair = served();
    expect(pair.phase("zeus")).toBe("holding");
    expect(answerOf(pair)).toBe("deny");
  });

  it("denies what it is giving away, before its commit and after", () => {
    const pair = served();
    pair.request("zeus", 1, "standby");
    runTo(pair, "zeus", "offering");
    expect(answerOf(pair)).toBe("deny");
    runTo(pair, "zeus", "committed");
    expect(answerOf(pair)).toBe("deny");
    runTo(pair, "zeus", "draining");
    expect(answerOf(pair)).toBe("deny");
  });

  it("denies what it is about to be given", () => {
    const pair = served();
    pair.request("zeus", 1, "standby");
    runTo(pair, "hera", "holding");
    runTo(pair, "zeus", "free");
    pair.request("zeus", 2, "takeover");
    runTo(pair, "zeus", "prepared");
    expect(answerOf(pair)).toBe("deny");
  });

  it("denies what it means to take itself as its home", () => {
    const pair = new Pair();
    pair.start("zeus");
    pair.start("hera");
    pair.join();
    runTo(pair, "zeus", "intending");
    expect(answerOf(pair)).toBe("deny");
  });
});
