import { expect, test } from "vitest";
import { describeViolation } from "../../src/sim/tally.ts";
import { RUNS_FRESH, RUNS_KEPT, runFresh, runKept } from "./storms.ts";

test.skipIf(!RUNS_KEPT)(
  "storms of faults violate no rule (first half, a process of its own)",
  () => {
    const tally = runKept(0);
    expect(tally.violated.map(describeViolation)).toEqual([]);
    expect(tally.secondsPerFault).toBeLessThan(30);
  },
);

test.skipIf(!RUNS_FRESH)("nor do storms that nobody has seen yet (first half)", () => {
  const tally = runFresh(0);
  expect(tally.violated.map(describeViolation)).toEqual([]);
});
