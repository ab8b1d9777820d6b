import { availableParallelism } from "node:os";
import { runSeed, SECONDS_PER_SEED } from "../../src/sim/run.ts";
import { SHIPPED } from "../../src/sim/shipped.ts";
import { describeViolation, Tally } from "../../src/sim/tally.ts";

/** Seconds by the clock on the wall for fresh seeds, shared by nobody: each half takes as long. */
const BUDGET_S: number = Number(
  process.env["TANDEM_SIM_SECONDS"] ?? (process.env["CI"] === "true" ? 240 : 60),
);
/** A seed has 32 bits. */
const SEEDS = 0x1_0000_0000;
/** More than these is no news: the first already says what to mend. */
const VIOLATIONS_MAX = 5;

/** What this half of the budget came to. Prints its seeds first, its findings last. */
export function runFreshSeeds(half: 0 | 1): Tally {
  const tally = new Tally();
  if (half === 1 && availableParallelism() < 2) return tally;
  // The clock is read here, in the test: below, everything follows from the seed.
  const base = ((Math.floor(Date.now() / 1000) * 2_000) % SEEDS) + half;
  console.log(`sim: seeds ${base}, ${base + 2} and so on, for ${BUDGET_S} s`);
  const began = performance.now();
  for (let run = 0; performance.now() - began < BUDGET_S * 1000; run += 1) {
    const result = runSeed((base + 2 * run) % SEEDS, {
      programs: SHIPPED,
      seconds: SECONDS_PER_SEED,
    });
    tally.add(result);
    if (result.violation === undefined) continue;
    console.log(`${result.trace.slice(-60).join("\n")}\n${describeViolation(result)}`);
    if (tally.violated.length >= VIOLATIONS_MAX) break;
  }
  console.log(tally.summary(performance.now() - began));
  return tally;
}
