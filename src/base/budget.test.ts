import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Budget, fullBudget, spend } from "./budget.ts";

const allowance = { most: 10, perSecond: 4 };

describe("a budget", () => {
  it("lets so many pass at once, and then as many as time brings", () => {
    let budget: Budget = fullBudget(allowance);
    let passed = 0;
    for (let now = 0; now <= 10_000; now += 10) {
      const next = spend(budget, allowance, now);
      if (next !== undefined) passed += 1;
      budget = next ?? budget;
    }
    expect(passed).toBeGreaterThanOrEqual(10 + 4 * 10 - 1);
    expect(passed).toBeLessThanOrEqual(10 + 4 * 10);
  });

  it("never lets more pass than it holds and time brings, whatever the times are", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 200 }), (gaps) => {
        let budget: Budget = fullBudget(allowance);
        let now = 0;
        let passed = 0;
        for (const gap of gaps) {
          now += gap;
          const next = spend(budget, allowance, now);
          if (next !== undefined) passed += 1;
          budget = next ?? budget;
        }
        expect(passed).toBeLessThanOrEqual(10 + Math.ceil((4 * now) / 1000));
      }),
    );
  });
});
