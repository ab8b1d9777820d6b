/**
 * How much of something may happen: a store that fills again with time, as a bucket under a tap. What
 * finds it empty is left out, so that nobody makes us work without bound, however fast he is.
 */
export interface Budget {
  readonly left: number;
  /** When `left` was counted. */
  readonly at: number;
}

/** The bounds of a budget. */
export interface Allowance {
  /** What a full store holds: so much may happen at once. */
  readonly most: number;
  /** How fast it fills again. */
  readonly perSecond: number;
}

/** Full, from the beginning of time. */
export function fullBudget({ most }: Allowance): Budget {
  return { left: most, at: 0 };
}

/** The budget as it is now. */
export function refilled(budget: Budget, { most, perSecond }: Allowance, now: number): Budget {
  const gained = (Math.max(0, now - budget.at) * perSecond) / 1000;
  return { left: Math.min(most, budget.left + gained), at: now };
}

/** What is left after one more; undefined: there is nothing left for it. */
export function spend(budget: Budget, allowance: Allowance, now: number): Budget | undefined {
  const { left } = refilled(budget, allowance, now);
  return left < 1 ? undefined : { left: left - 1, at: now };
}
