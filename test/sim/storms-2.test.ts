import { expect, test } from "vitest";
import { describeViolation } from "../../src/sim/tally.ts";
import { runStorms } from "./storms.ts";

test("storms of faults violate no rule (second half, a process of its own)", () => {
  const tally = runStorms(1);
  expect(tally.violated.map(describeViolation)).toEqual([]);
  expect(tally.secondsPerFault).toBeLessThan(30);
});
