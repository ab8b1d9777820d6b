import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Circumstances,
  excused,
  heard,
  judge,
  type Liveness,
  neverHeard,
  nextVerdictAt,
  saneDeadtime,
} from "./liveness.ts";

const WORKS: Circumstances = { warntimeMs: 6000, usableSince: 0 };
const CUT: Circumstances = { warntimeMs: 6000, usableSince: undefined };
const D = 12_000;
const ALIVE = heard(neverHeard(D, 150_000), D, 100_000);

function verdicts(liveness: Liveness, circumstances: Circumstances, until: number) {
  const seen: [Liveness["verdict"], number][] = [];
  let current = liveness;
  for (let count = 0; count < 20; count++) {
    const at = nextVerdictAt(current, circumstances);
    if (at > until) return seen;
    const verdict = judge(current, circumstances, at);
    if (verdict !== current.verdict) seen.push([verdict, at]);
    current = { ...current, verdict };
  }
  throw new Error("verdicts do not come to rest");
}

describe("a peer that falls silent", () => {
  it("is late at warntime, suspect a second before and silent at its dead time", () => {
    expect(verdicts(ALIVE, WORKS, 1e9)).toEqual([
      ["late", 106_000],
      ["suspect", 111_000],
      ["silent", 112_000],
    ]);
  });

  it("is suspect only a quarter of a short dead time before its end", () => {
    const quick = heard(neverHeard(1000, 4000), 1000, 100_000);
    expect(verdicts(quick, { ...WORKS, warntimeMs: 600 }, 200_000)).toEqual([
      ["late", 100_600],
      ["suspect", 100_750],
      ["silent", 101_000],
    ]);
  });

  it("that was never heard is silent after initdead", () => {
    expect(verdicts(neverHeard(D, 150_000), WORKS, 200_000)).toEqual([
      ["suspect", 149_000],
      ["silent", 150_000],
    ]);
  });

  it("is suspected, but not judged, while no medium works here", () => {
    expect(verdicts(ALIVE, CUT, 200_000)).toEqual([
      ["late", 106_000],
      ["suspect", 111_000],
      ["unjudged", 112_000],
    ]);
  });

  it("is judged a dead time after a medium works again", () => {
    const unjudged = { ...ALIVE, verdict: "unjudged" } as const;
    expect(verdicts(unjudged, { ...WORKS, usableSince: 130_000 }, 200_000)).toEqual([
      ["silent", 142_000],
    ]);
  });

  it("is excused for as long as we slept ourselves", () => {
    expect(verdicts(excused(ALIVE, 3000), WORKS, 200_000).at(-1)).toEqual(["silent", 115_000]);
    const silentNoMore = heard(excused(ALIVE, 3000), D, 101_000);
    expect(verdicts(silentNoMore, WORKS, 200_000).at(-1)).toEqual(["silent", 113_000]);
  });

  it("cannot forbid a takeover for ever by the dead time that it announces", () => {
    expect(saneDeadtime(2 ** 52, { keepaliveMs: 2000, deadtimeMs: 12_000 })).toBe(600_000);
  });

  it("is judged by our own dead time when it announces one that it could not survive", () => {
    const own = { keepaliveMs: 2000, deadtimeMs: 12_000 };
    for (const announced of [0, 1, 2000]) expect(saneDeadtime(announced, own)).toBe(12_000);
    expect(saneDeadtime(2001, own)).toBe(2001);
  });
});

describe("the next verdict", () => {
  it("always lies ahead once the present one is given: no wake-up can spin", () => {
    const liveness = fc.record({
      verdict: fc.constantFrom<Liveness["verdict"]>(
        "never-heard",
        "up",
        "late",
        "suspect",
        "silent",
        "unjudged",
      ),
      heardAt: fc.option(fc.integer({ min: 0, max: 50_000 }), { nil: undefined }),
      deadtimeMs: fc.integer({ min: 100, max: 20_000 }),
      expectedBy: fc.integer({ min: 0, max: 50_000 }),
      graceMs: fc.integer({ min: 0, max: 5000 }),
    });
    const around = fc.record({
      warntimeMs: fc.integer({ min: 50, max: 20_000 }),
      usableSince: fc.option(fc.integer({ min: 0, max: 50_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(liveness, around, fc.integer({ min: 50_000, max: 120_000 }), (given, c, now) => {
        const verdict = judge(given, c, now);
        expect(nextVerdictAt({ ...given, verdict }, c)).toBeGreaterThan(now);
      }),
    );
  });
});
