import { Ambush } from "./ambush.ts";
import { Chance } from "./chance.ts";
import { Coverage } from "./coverage.ts";
import { drawConfig } from "./draw-config.ts";
import { withPings } from "./draw-pings.ts";
import type { Programs } from "./programs.ts";
import { Storm } from "./storm.ts";
import { Trace } from "./trace.ts";
import type { Violation } from "./violation.ts";
import { Watch } from "./watch.ts";

export interface RunOptions {
  readonly programs: Programs;
  /** Virtual seconds, reached at the end of a storm. */
  readonly seconds: number;
  /** Lines of trace to keep. */
  readonly traceMax?: number;
}

export interface Result {
  readonly seed: number;
  /** At most one: the run ends with the first. */
  readonly violation: Violation | undefined;
  /** What was said and done last, the violation as its last line. */
  readonly trace: readonly string[];
  readonly coverage: Coverage;
  readonly simulatedMs: number;
  readonly events: number;
}

/** A pair, a storm of faults and the checkers: everything from this one seed. */
export function runSeed(seed: number, options: RunOptions): Result {
  const chance = new Chance(seed);
  const trace = new Trace(options.traceMax ?? TRACE_MAX);
  const coverage = new Coverage();
  const ambush = new Ambush();
  const drawn = drawConfig(chance, new Chance((seed ^ DISK_DICE) >>> 0));
  const pingDice = seed < PINGS_FROM ? undefined : new Chance((seed ^ PING_DICE) >>> 0);
  const config = pingDice === undefined ? drawn : withPings(drawn, pingDice);
  const watch: Watch = new Watch({
    config,
    programs: options.programs,
    seed: chance.integer(0, 0xffffffff),
    carrierFollowsPower: chance.happens(0.5),
    trace,
    observer: ambush.observer(() => watch.world),
  });
  const dice = chance.fork();
  const rareDice = chance.fork();
  const storm = new Storm(watch, {
    dice,
    coverage,
    // Half of all runs are as they were before there was anything rare.
    rare: rareDice.happens(0.5) ? { dice: rareDice, ambush } : undefined,
    pingDice: config.pings.nodes.length === 0 ? undefined : pingDice?.fork(),
  });
  storm.begin();
  while (watch.violation === undefined && watch.world.now < options.seconds * 1000) storm.play();
  return {
    seed,
    violation: watch.violation,
    trace: trace.lines,
    coverage,
    simulatedMs: watch.world.now,
    events: watch.world.queue.done,
  };
}

/** Long enough for some storms, short enough that many configurations get their turn. */
export const SECONDS_PER_SEED = 400;
const TRACE_MAX = 400;
/** From this seed on pairs may have ping nodes: what was found by a seed below is found by it again. */
export const PINGS_FROM = 1_000_000_000;
/** Other sequences from the same seed. */
const DISK_DICE = 0x6469736b;
const PING_DICE = 0x70696e67;
