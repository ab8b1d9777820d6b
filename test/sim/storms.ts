import { availableParallelism } from "node:os";
import { PINGS_FROM, runSeed, SECONDS_PER_SEED } from "../../src/sim/run.ts";
import { SHIPPED } from "../../src/sim/shipped.ts";
import { describeViolation, Tally } from "../../src/sim/tally.ts";

/** Two processes share the seeds: the even ones and the odd ones. */
export type Half = 0 | 1;

/** Two minutes on a machine with two cores that others use too. */
const KEPT_PER_HALF = 40;
/** What the fresh seeds of a continuous integration come to: four minutes at most on a machine with two cores. */
const FRESH_FAULTS = 20_000;
/** A seed has 32 bits. */
const SEEDS = 0x1_0000_0000;
/** More than these is no news: the first already says what to mend. */
const VIOLATIONS_MAX = 5;

/** TANDEM_SIM_SECONDS: fresh seeds for so long, whatever number of faults that makes. */
const HUNT_S: number | undefined =
  process.env["TANDEM_SIM_SECONDS"] === undefined
    ? undefined
    : Number(process.env["TANDEM_SIM_SECONDS"]);

/** Nobody waits for fresh seeds on his own machine; a continuous integration does. */
export const RUNS_FRESH: boolean = HUNT_S !== undefined || process.env["CI"] === "true";
/** Who hunts wants nothing but fresh ones. */
export const RUNS_KEPT: boolean = HUNT_S === undefined;

/** The same seeds every time, so that what fails is what was changed. */
export function runKept(half: Half): Tally {
  return runSeeds(1 + half, `${KEPT_PER_HALF} of them`, ({ seeds }) => seeds >= KEPT_PER_HALF);
}

/** Seeds that nobody has run yet. */
export function runFresh(half: Half): Tally {
  const halves = availableParallelism() < 2 ? 1 : 2;
  if (half >= halves) return new Tally();
  if (HUNT_S !== undefined) {
    const untilMs = HUNT_S * 1000;
    return runSeeds(freshBase(half), `fresh, for ${HUNT_S} s`, (_, ms) => ms >= untilMs);
  }
  const faults = FRESH_FAULTS / halves;
  return runSeeds(freshBase(half), `fresh, until ${faults} faults`, (tally) => {
    return tally.coverage.total >= faults;
  });
}

/** Prints its seeds first, its findings last, each with the command that plays it again. */
function runSeeds(
  first: number,
  which: string,
  isOver: (tally: Tally, elapsedMs: number) => boolean,
): Tally {
  const tally = new Tally();
  console.log(`sim: seeds ${first}, ${first + 2} and so on: ${which}`);
  const began = performance.now();
  for (let seed = first; !isOver(tally, performance.now() - began); seed += 2) {
    const result = runSeed(seed % SEEDS, { programs: SHIPPED, seconds: SECONDS_PER_SEED });
    tally.add(result);
    if (result.violation === undefined) continue;
    console.log(`${result.trace.slice(-60).join("\n")}\n${describeViolation(result)}`);
    if (tally.violated.length >= VIOLATIONS_MAX) break;
  }
  console.log(tally.summary(performance.now() - began));
  return tally;
}

/** The clock is read here, in the test: below, everything follows from the seed. */
function freshBase(half: Half): number {
  return PINGS_FROM + ((Math.floor(Date.now() / 1000) * 2_000) % (SEEDS - PINGS_FROM)) + half;
}
