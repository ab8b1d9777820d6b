import { runSeed } from "../src/sim/run.ts";
import { SHIPPED } from "../src/sim/shipped.ts";
import type { Bench, Row } from "./measurement.ts";
import { perSecond, reference, rowOf, spreadOf, usedMs } from "./rate.ts";

/** Always the same, so that a later run does the same work while the rules are the same. */
const seeds: readonly number[] = [1, 2, 3, 4, 5];
const virtualSeconds = 300;
const rounds = 5;

export const sim: Bench = {
  name: "sim",
  what: "how many events a second the simulator plays, faults and checkers included",
  run: () => {
    play();
    const played = Array.from({ length: rounds }, play);
    const of = (number: (one: Played) => number): number[] => played.map(number);
    const rows: readonly Row[] = [
      rowOf(
        "events",
        "events/CPU s",
        of((one) => one.events / one.seconds),
      ),
      rowOf(
        "faults",
        "faults/CPU s",
        of((one) => one.faults / one.seconds),
      ),
      rowOf(
        "virtual time",
        "s/CPU s",
        of((one) => one.virtualSeconds / one.seconds),
      ),
    ];
    const { events = 0, faults = 0, violations = 0 } = played[0] ?? {};
    return {
      rows,
      noiseFloor: spreadOf(of((one) => one.reference)),
      conditions: { seeds: seeds.join(" "), virtualSeconds, events, faults, violations },
    };
  },
};

interface Played {
  readonly seconds: number;
  readonly events: number;
  readonly faults: number;
  readonly virtualSeconds: number;
  /** Runs that ended early: a found bug, told by the tests and not by us. */
  readonly violations: number;
  readonly reference: number;
}

function play(): Played {
  const begin = usedMs();
  const results = seeds.map((seed) =>
    runSeed(seed, { programs: SHIPPED, seconds: virtualSeconds }),
  );
  const seconds = (usedMs() - begin) / 1000;
  const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
  return {
    seconds,
    events: sum(results.map((one) => one.events)),
    faults: sum(results.map((one) => one.coverage.total)),
    virtualSeconds: sum(results.map((one) => one.simulatedMs)) / 1000,
    violations: results.filter((one) => one.violation !== undefined).length,
    reference: perSecond(reference),
  };
}
