import { describe, expect, test } from "vitest";
import { medianOf, summarize, summaryTable } from "./results.ts";

const definitions = [
  {
    name: "over",
    meaning: "over deadtime",
    unit: "ms",
    required: { of: "median", atMost: 50 },
  },
  { name: "lost", meaning: "pings", unit: "count", required: { of: "worst", atMost: 0 } },
] as const;
const run = (over: number, lost: number) => ({ figures: { over, lost }, load: "0" });

test("the median of an even number of values lies between the middle ones", () => {
  expect(medianOf([1, 2, 3])).toBe(2);
  expect(medianOf([1, 2, 4, 9])).toBe(3);
  expect(medianOf([])).toBeNaN();
});

describe("a requirement", () => {
  test("of the median allows a bad run, one of the worst does not", () => {
    const [over, lost] = summarize(definitions, [run(10, 0), run(20, 1), run(900, 0)]);
    expect(over).toMatchObject({ median: 20, worst: 900, holds: true });
    expect(lost).toMatchObject({ worst: 1, holds: false });
  });

  test("does not hold when a run gave no figure", () => {
    const failed = { problem: "hera serves the client: not within 22 s", load: "0" };
    expect(summarize(definitions, [run(10, 0), failed]).map((one) => one.holds)).toEqual([
      false,
      false,
    ]);
    expect(summarize(definitions, []).every((one) => !one.holds)).toBe(true);
  });
});

test("the table says what was required and whether it holds", () => {
  const table = summaryTable(summarize(definitions, [run(10, 0), run(20, 1)]));
  expect(table).toMatch(/over \(ms: over deadtime\) +2 +15\.0 +20\.0 +median at most 50 +holds/);
  expect(table).toMatch(/lost .* worst at most 0 +DOES NOT HOLD/);
});
