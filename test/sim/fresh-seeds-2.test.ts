import { expect, test } from "vitest";
import { describeViolation } from "../../src/sim/tally.ts";
import { runFreshSeeds } from "./fresh-seeds.ts";

test("storms from fresh seeds violate no rule (second half, a process of its own)", () => {
  const tally = runFreshSeeds(1);
  expect(tally.violated.map(describeViolation)).toEqual([]);
  expect(tally.secondsPerFault).toBeLessThan(30);
});
