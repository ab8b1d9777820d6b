import { describe, expect, it } from "vitest";
import { discard, NO_DISCARDS } from "./discards.ts";

describe("discarded packets", () => {
  it("are counted by reason and logged at most once a minute for each", () => {
    let discards = NO_DISCARDS;
    const lines: string[] = [];
    for (let now = 0; now < 120_000; now += 1000) {
      for (const reason of ["bad-auth", "noise"]) {
        const [next, logs] = discard(discards, reason, "eth1", now);
        discards = next;
        lines.push(...logs.map(({ text }) => text));
      }
    }
    expect(discards.counts).toEqual({ "bad-auth": 120, noise: 120 });
    expect(lines).toEqual([
      "eth1: packet discarded: bad-auth (1 so far)",
      "eth1: packet discarded: noise (1 so far)",
      "eth1: packet discarded: bad-auth (61 so far)",
      "eth1: packet discarded: noise (61 so far)",
    ]);
  });

  it("are not logged when a healthy cluster has them too", () => {
    const [discards, logs] = discard(NO_DISCARDS, "repeated", "eth1", 0);
    expect(logs).toEqual([]);
    expect(discards.counts).toEqual({ repeated: 1 });
  });

  it("have a bounded number of reasons", () => {
    let discards = NO_DISCARDS;
    for (let n = 0; n < 500; n++) [discards] = discard(discards, `reason-${n}`, "eth1", 0);
    expect(Object.keys(discards.counts)).toHaveLength(64);
  });
});
