import { median, type NoiseFloor, type Row } from "./measurement.ts";

/** Something to be done as often as possible. */
export interface Workload {
  readonly what: string;
  readonly unit: string;
  /** Does it some times and says how often. */
  readonly run: () => number;
}

const rounds = 9;
/** Of processor time: long enough that one `run` too many does not show, short enough that all rounds see the same weather. */
const roundMs = 300;

/**
 * How often each can be done in a second of processor time: what others do on the machine meanwhile takes
 * caches from us, but not time. The rounds of all workloads take turns, so that a bad moment of the machine
 * falls on all of them, and on work that is nothing of ours that shows the moment for what it is.
 */
export function measureRates(workloads: readonly Workload[]): {
  readonly rows: readonly Row[];
  readonly noiseFloor: NoiseFloor;
} {
  const all = [...workloads, reference];
  const rates = all.map((): number[] => []);
  for (const workload of all) perSecond(workload);
  for (let round = 0; round < rounds; round++) {
    for (const [index, workload] of all.entries()) rates[index]?.push(perSecond(workload));
  }
  const rows = all.map(({ what, unit }, index) => rowOf(what, unit, rates[index] ?? []));
  return { rows: rows.slice(0, -1), noiseFloor: spreadOf(rates.at(-1) ?? []) };
}

/** Of the rates of `reference` in rounds between the others. */
export function spreadOf(rates: readonly number[]): NoiseFloor {
  const spread = (Math.max(...rates) - Math.min(...rates)) / median(rates);
  return { what: `${reference.what}: highest less lowest round`, value: spread * 100, unit: "%" };
}

export function rowOf(what: string, unit: string, values: readonly number[]): Row {
  return { what, unit, value: median(values), range: [Math.min(...values), Math.max(...values)] };
}

export function perSecond(workload: Workload): number {
  const begin = usedMs();
  let count = 0;
  let passedMs = 0;
  while (passedMs < roundMs) {
    count += workload.run();
    passedMs = usedMs() - begin;
  }
  return (count / passedMs) * 1000;
}

/** Processor time of this process so far, all its threads. */
export function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Nothing of ours: an object to text and back, which allocates as our own work does. */
export const reference: Workload = {
  what: "JSON of an object and back",
  unit: "times/CPU s",
  run: () => {
    const times = 500;
    for (let count = 0; count < times; count++) JSON.parse(JSON.stringify(object));
    return times;
  },
};
const object = Array.from({ length: 20 }, (_, index) => ({ name: `field-${index}`, value: index }));
