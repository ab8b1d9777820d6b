import { availableParallelism } from "node:os";
import { runSeed, SECONDS_PER_SEED } from "../../src/sim/run.ts";
import { SHIPPED } from "../../src/sim/shipped.ts";
import { describeViolation, Tally } from "../../src/sim/tally.ts";

/**
 * Without TANDEM_SIM_SECONDS these tests run the same seeds every time, so that what fails is what was
 * changed. With it they run fresh seeds, each half for so many seconds by the clock on the wall: the
 * hunt for what nobody knows yet (docs/HACKING.md). docs/acceptance.md says how clean the last was.
 */
const FRESH_S: number | undefined =
  process.env["TANDEM_SIM_SECONDS"] === undefined
    ? undefined
    : Number(process.env["TANDEM_SIM_SECONDS"]);
/** Two minutes on a machine with two cores that others use too. */
const KEPT_PER_HALF = 40;
/** A seed has 32 bits. */
const SEEDS = 0x1_0000_0000;
/** More than these is no news: the first already says what to mend. */
const VIOLATIONS_MAX = 5;

/** What this half came to. Prints its seeds first, its findings last. */
export function runStorms(half: 0 | 1): Tally {
  const tally = new Tally();
  if (half === 1 && FRESH_S !== undefined && availableParallelism() < 2) return tally;
  const base = FRESH_S === undefined ? 1 + half : freshBase(half);
  const howLong = FRESH_S === undefined ? `${KEPT_PER_HALF} of them` : `for ${FRESH_S} s`;
  console.log(`sim: seeds ${base}, ${base + 2} and so on, ${howLong}`);
  const began = performance.now();
  const isOver = (run: number): boolean =>
    FRESH_S === undefined ? run >= KEPT_PER_HALF : performance.now() - began >= FRESH_S * 1000;
  for (let run = 0; !isOver(run); run += 1) {
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

/** The clock is read here, in the test: below, everything follows from the seed. */
function freshBase(half: 0 | 1): number {
  return ((Math.floor(Date.now() / 1000) * 2_000) % SEEDS) + half;
}
