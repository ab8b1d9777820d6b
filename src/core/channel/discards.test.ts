import { describe, expect, it } from "vitest";
import { discard, NO_DISCARDS } from "./discards.ts";

describe("discarded packets", () => {
  it("are counted by reason and logged at most once a minute for each, with what to do", () => {
    let discards = NO_DISCARDS;
    const lines: string[] = [];
    for (let now = 0; now < 120_000; now += 1000) {
      for (const reason of ["bad-auth", "noise"] as const) {
        const [next, logs] = discard(discards, { reason, what: "eth1" }, now);
        discards = next;
        lines.push(...logs.map(({ text }) => text));
      }
    }
    expect(discards.counts).toEqual({ "bad-auth": 120, noise: 120 });
    expect(lines).toEqual([
      expect.stringMatching(/^eth1: packet discarded: bad-auth \(1 so far\): make .*authkeys/),
      expect.stringMatching(/^eth1: packet discarded: noise \(1 so far\): .*check the cable/),
      expect.stringMatching(/^eth1: packet discarded: bad-auth \(61 so far\): /),
      expect.stringMatching(/^eth1: packet discarded: noise \(61 so far\): /),
    ]);
  });

  it("are counted at once where many come at once", () => {
    const thrown = { reason: "noise", what: "/dev/ttyS1", count: 300 } as const;
    const [discards, logs] = discard(NO_DISCARDS, thrown, 0);
    expect(discards.counts).toEqual({ noise: 300 });
    expect(logs).toHaveLength(1);
  });

  it("are not logged when a healthy cluster has them too", () => {
    const [discards, logs] = discard(NO_DISCARDS, { reason: "repeated", what: "eth1" }, 0);
    expect(logs).toEqual([]);
    expect(discards.counts).toEqual({ repeated: 1 });
  });
});
