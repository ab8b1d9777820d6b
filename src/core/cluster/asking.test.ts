import { describe, expect, it } from "vitest";
import { HERA, Pair, served, tutorialConfig, WWW } from "../../../test/pair.ts";
import type { ClusterConfig } from "../../config/types.ts";
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

describe("a person who asks for a group whose path no ARP answer proves", () => {
  /** zeus serves and hears none of hera's answers; ha.cf has ping nodes and does not ask for ipfail. */
  function unproven(patch: Partial<ClusterConfig> = {}): Pair {
    const routers = ["192.168.43.1", "192.168.43.2"];
    const nodes = routers.map((name) => ({ name, kind: "ping", hosts: [name] }) as const);
    const pair = new Pair(tutorialConfig({ pings: { nodes, deadMs: 3000 }, ...patch }));
    pair.questionsLost = 1;
    return served(pair);
  }

  it.each([[{}], [{ ipfail: true }]])("gets it where more ping nodes are reached (%j)", (patch) => {
    const pair = unproven(patch);
    pair.reaches("zeus", 0);
    pair.reaches("hera", 2);
    pair.request("hera", 7, "takeover");
    pair.run(1_000);
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.hosts.hera.answers).toMatchObject([{ id: 7, ok: true }]);
    expect(pair.hosts.zeus.log).toContain(
      `group ${WWW}: giving it to hera.example.com: asked for by an operator there; zeus.example.com reaches 0 of 2 ping nodes, hera.example.com 2`,
    );
  });

  it("and it does not come back by itself", () => {
    const pair = unproven();
    pair.reaches("zeus", 0);
    pair.reaches("hera", 2);
    pair.request("hera", 7, "takeover");
    pair.run(1_000);
    pair.reaches("zeus", 2);
    pair.questionsLost = 0;
    pair.run(60_000);
    expect(pair.phase("hera")).toBe("holding");
  });

  it.each([
    ["both reach as many", 1, 1],
    ["the owner reaches more", 2, 1],
    ["that node does not know yet what it reaches", 0, undefined],
    ["the owner does not know yet what it reaches", undefined, 2],
  ])("does not get it where %s", (_, zeus, hera) => {
    const pair = unproven();
    pair.reaches("zeus", zeus);
    pair.reaches("hera", hera);
    pair.request("hera", 7, "takeover");
    pair.run(16_000);
    expect(pair.phase("zeus")).toBe("holding");
    expect(pair.hosts.hera.answers).toMatchObject([{ id: 7, ok: false }]);
  });
});
