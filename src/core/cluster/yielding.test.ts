import { describe, expect, it } from "vitest";
import { HERA, Pair, served, WWW } from "../../../test/pair.ts";

/** The cable between them is cut: both find the other silent in the same millisecond. */
function cutApart(pair: Pair): void {
  pair.cut = true;
  pair.run(1);
  pair.report("zeus", "silent");
  pair.report("hera", "silent");
  pair.run(4_000);
}

function expectOneOwner(pair: Pair): void {
  const phases = [pair.phase("zeus"), pair.phase("hera")];
  expect(phases).toContain("holding");
  expect(pair.bothAnswered).toBe(0);
}

describe("two that find each other silent at once are never two that answer", () => {
  it("when the one has just lost what the other believes it to hold", () => {
    const pair = served();
    pair.cut = true;
    pair.report("zeus", "silent");
    pair.hosts.zeus.address = "none";
    pair.event("zeus", { kind: "lease-lost", group: WWW, why: "we slept" });
    pair.report("hera", "silent");
    pair.run(4_000);
    expectOneOwner(pair);
  });

  it("when the one was about to take it", () => {
    const pair = new Pair();
    pair.start("zeus");
    pair.start("hera");
    pair.join();
    for (let ms = 0; ms < 5_000 && pair.phase("zeus") !== "intending"; ms += 1) pair.run(1);
    pair.run(1);
    expect(pair.hosts.hera.state?.peer?.claims?.[0]?.part).toBe("takes");
    cutApart(pair);
    expectOneOwner(pair);
  });

  it("when the one has committed it and the other has not heard so", () => {
    const pair = served();
    pair.run(4_000);
    pair.request("zeus", 7, "standby");
    for (let ms = 0; ms < 500 && pair.phase("hera") !== "prepared"; ms += 1) pair.run(1);
    pair.cut = true;
    const phase = pair.hosts.hera.state?.groups[0]?.phase;
    const move = phase?.kind === "prepared" ? phase.move : "";
    const strings = { t: "tandem", step: "ready", grp: WWW, move };
    const fields = Object.entries(strings).map(
      ([name, value]) => ({ kind: "string", name, value }) as const,
    );
    pair.event("zeus", { kind: "message", from: HERA, fresh: true, message: { fields } });
    expect([pair.phase("zeus"), pair.phase("hera")]).toEqual(["committed", "prepared"]);
    cutApart(pair);
    expectOneOwner(pair);
  });
});
