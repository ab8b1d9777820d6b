import { describe, expect, test } from "vitest";
import { summarize } from "../results.ts";
import { allowedMs, compare, type PeerRun } from "./compare.ts";
import type { PairRun } from "./play.ts";

const pair = (silenceMs: number, complaints: readonly string[] = []): PairRun => ({
  steps: [{ step: "dies", silenceMs, lost: 1, sent: 1, pagesFailed: 0, doubles: 0 }],
  complaints,
  noiseMs: 20,
  sentences: [],
});
const quietStep = (silenceMs: number) => ({
  ...{ step: "steady", silenceMs, lost: 0 },
  ...{ sent: 1, pagesFailed: 0, doubles: 0 },
});
const run = (real: PairRun, mixed: PairRun): PeerRun => ({
  load: "0",
  repeated: [],
  pairs: { real, "tandem-preferred": mixed },
});
const verdict = (runs: readonly PeerRun[], excused = new Map<string, string>()) => {
  const { figures, runs: results, unheard } = compare(runs, excused);
  const failed = summarize(figures, results).filter(({ holds }) => !holds);
  return { failed: failed.map(({ figure }) => figure), unheard };
};

describe("the silence of a mixed pair", () => {
  test("may exceed that of one real run by the noise alone", () => {
    expect(allowedMs("dies", [run(pair(2000), pair(0))])).toBe(2020);
    expect(verdict([run(pair(2000), pair(2020))]).failed).toEqual([]);
    expect(verdict([run(pair(2000), pair(2022))]).failed).toEqual(["dies, tandem-preferred"]);
  });

  test("counts a gap in which the real pair lost nothing as noise", () => {
    const gap = { ...pair(2000), steps: [...pair(2000).steps, quietStep(60)] };
    expect(allowedMs("dies", [run(gap, pair(0))])).toBe(2060);
  });

  test("may exceed the worst of several real runs by as much as these differ", () => {
    const [one, other] = [pair(2000), pair(2300)].map((real) => ({
      ...real,
      steps: [...real.steps, quietStep(12)],
    }));
    const runs = [run(one ?? pair(0), pair(0)), run(other ?? pair(0), pair(0))];
    expect(allowedMs("dies", runs)).toBe(2600);
    // Of a step in which nothing is lost they differ by nothing, whatever the others do.
    expect(allowedMs("steady", runs)).toBe(32);
  });

  test("holds for no run that did not come so far", () => {
    const broken = { ...pair(0), steps: [], problem: "the pair at rest: not within 90 s" };
    const { figures, runs } = compare(
      [run(pair(2000), pair(2000)), run(pair(2000), broken)],
      new Map(),
    );
    expect(summarize(figures, runs).map(({ holds }) => holds)).toEqual([true, false, true]);
    expect(runs[1]?.problem).toBe("tandem-preferred: the pair at rest: not within 90 s");
  });
});

describe("a complaint of the real node", () => {
  const late = "heartbeat: WARN: Late heartbeat";

  test("counts where no run of the real pair had it", () => {
    const runs = [run(pair(0), pair(0, [late])), run(pair(0), pair(0))];
    expect(verdict(runs)).toEqual({
      failed: ["complaints, tandem-preferred"],
      unheard: [{ pairing: "tandem-preferred", shape: late }],
    });
    expect(verdict([...runs, run(pair(0, [late]), pair(0))]).failed).toEqual([]);
  });

  test("does not count where it is listed with its reason", () => {
    const runs = [run(pair(0), pair(0, [late]))];
    expect(verdict(runs, new Map([[late, "why"]])).unheard).toEqual([]);
  });
});
