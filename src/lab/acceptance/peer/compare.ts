import type { RunResult } from "../results.ts";
import type { FigureDefinition } from "../scenario.ts";
import type { PairRun, StepFigures } from "./play.ts";

/**
 * The measure of every event is the real pair that played it at the same time. A mixed pair holds when
 * its worst silence is not longer than the real pair's worst by more than the noise, and when its real node
 * complains of nothing that no node of the real pair complained of.
 */

/** The pairing that is the measure. */
const measureName = "real";

/** One run of an event: each pairing's course, by the pairing's name. */
export interface PeerRun {
  readonly load: string;
  /** Played before and thrown away, with the reason. */
  readonly repeated: readonly string[];
  readonly pairs: Readonly<Record<string, PairRun>>;
}

/** What is kept of a run: its figures as in every other scenario, and the course in each pairing. */
export interface PeerResult extends RunResult {
  readonly repeated: readonly string[];
  readonly pairs: Readonly<Record<string, PairRun>>;
}

export interface Compared {
  readonly figures: readonly FigureDefinition[];
  readonly runs: readonly PeerResult[];
  /** Complaints that no node of the real pair had, by pairing. */
  readonly unheard: readonly { readonly pairing: string; readonly shape: string }[];
}

/** `excused`: shapes that a real node says of any Tandem peer, each with its reason. */
export function compare(runs: readonly PeerRun[], excused: ReadonlyMap<string, string>): Compared {
  const pairings = [...new Set(runs.flatMap(({ pairs }) => Object.keys(pairs)))];
  const mixed = pairings.filter((name) => name !== measureName);
  const known = new Set([
    ...excused.keys(),
    ...runs.flatMap(({ pairs }) => pairs[measureName]?.complaints ?? []),
  ]);
  const unheardIn = (run: PairRun | undefined) =>
    (run?.complaints ?? []).filter((shape) => !known.has(shape));
  return {
    figures: [
      ...stepsOf(runs).flatMap((step) => figuresOf(step, pairings, runs)),
      ...mixed.map(complaintsFigure),
    ],
    runs: runs.map((run) => resultOf(run, mixed, unheardIn, (step) => allowedMs(step, runs))),
    unheard: mixed.flatMap((pairing) =>
      [...new Set(runs.flatMap(({ pairs }) => unheardIn(pairs[pairing])))].map((shape) => ({
        pairing,
        shape,
      })),
    ),
  };
}

/**
 * What a step's silence may be: the real pair's worst, and the noise. Noise is the longest gap while nothing
 * happened, or lost a ping; or the most by which the real pair's silences in this very step differ from run
 * to run, for then they tell of the machine and its load.
 */
export function allowedMs(step: string, runs: readonly PeerRun[]): number {
  const silences = silencesOf(step, runs);
  const worst = Math.max(...silences);
  const quiet = runs.flatMap(({ pairs }) => [
    ...Object.values(pairs).flatMap((pair) => pair.noiseMs ?? []),
    ...(pairs[measureName]?.steps ?? []).filter(({ lost }) => lost === 0).map(silenceMsOf),
  ]);
  return worst + Math.max(worst - Math.min(...silences), ...quiet);
}

/** The real pair's. */
function silencesOf(step: string, runs: readonly PeerRun[]): readonly number[] {
  return runs.flatMap(({ pairs }) =>
    (pairs[measureName]?.steps ?? []).filter((one) => one.step === step).map(silenceMsOf),
  );
}

const silenceMsOf = ({ silenceMs }: StepFigures): number => silenceMs;

function figuresOf(
  step: string,
  pairings: readonly string[],
  runs: readonly PeerRun[],
): readonly FigureDefinition[] {
  return pairings.map((pairing) => ({
    name: `${step}, ${pairing}`,
    meaning: "longest silence",
    unit: "ms",
    ...(pairing === measureName
      ? {}
      : { required: { of: "worst", atMost: Math.round(allowedMs(step, runs)) } }),
  }));
}

const complaintsFigure = (pairing: string): FigureDefinition => ({
  name: `complaints, ${pairing}`,
  meaning: "of the real node, that no node of a real pair had",
  unit: "count",
  required: { of: "worst", atMost: 0 },
});

function stepsOf(runs: readonly PeerRun[]): readonly string[] {
  const names = runs.flatMap(({ pairs }) =>
    Object.values(pairs).flatMap(({ steps }) => steps.map(({ step }) => step)),
  );
  return [...new Set(names)];
}

function resultOf(
  { load, repeated, pairs }: PeerRun,
  mixed: readonly string[],
  unheardIn: (run: PairRun | undefined) => readonly string[],
  allowed: (step: string) => number,
): PeerResult {
  const figures: Record<string, number> = {};
  const kept: Record<string, PairRun> = {};
  for (const [pairing, run] of Object.entries(pairs)) {
    for (const { step, silenceMs } of run.steps) figures[`${step}, ${pairing}`] = silenceMs;
    const unheard = mixed.includes(pairing) ? unheardIn(run).length : 0;
    if (mixed.includes(pairing)) figures[`complaints, ${pairing}`] = unheard;
    const isLonger = run.steps.some(({ step, silenceMs }) => silenceMs > allowed(step));
    const isOdd = isLonger || unheard > 0 || run.problem !== undefined;
    kept[pairing] = isOdd ? run : { ...run, sentences: [] };
  }
  const problems = Object.entries(pairs).flatMap(([pairing, { problem }]) =>
    problem === undefined ? [] : [`${pairing}: ${problem}`],
  );
  const noise = Object.values(pairs).flatMap((pair) => pair.noiseMs ?? []);
  return {
    figures,
    load,
    repeated,
    ...(noise.length > 0 ? { noiseMs: Math.max(...noise) } : {}),
    ...(problems.length > 0 ? { problem: problems.join("; ") } : {}),
    pairs: kept,
  };
}
