import { readFileSync } from "node:fs";
import { type Span, summarizePings } from "../../probe/outage.ts";
import { NotWithin } from "../../story/cluster.ts";
import { measure } from "../../story/measure.ts";
import { Refused } from "../../story/steps.ts";
import type { PeerEvent, Step } from "./event.ts";
import { Pair } from "./pair.ts";

/** What the client saw during one step. */
export interface StepFigures {
  readonly step: string;
  readonly silenceMs: number;
  readonly lost: number;
  readonly sent: number;
  readonly pagesFailed: number;
  /** Spans in which two nodes answered for the address. */
  readonly doubles: number;
}

/** One event in one pairing, once. */
export interface PairRun {
  readonly steps: readonly StepFigures[];
  /** Shapes of the real nodes' warnings and errors. */
  readonly complaints: readonly string[];
  /** Longest gap between two answers while nothing happened; absent where nothing ran before. */
  readonly noiseMs?: number;
  /** Why it did not come to its end. */
  readonly problem?: string;
  /** The nodes' own words, in milliseconds since the event began; kept where something is to be looked into. */
  readonly sentences: readonly string[];
}

export interface PeerOptions {
  readonly steadyMs: number;
}

/** So long the pair is watched at rest before the event. */
const quietMs = 2000;

/**
 * Before each step. Without it the second of two pairs of the same programs, a real node stopping beside a real
 * one, was silent for 54 ms longer than the first, in the mean of three runs.
 */
const calmMs = 1000;

/**
 * Plays an event in every pairing: all come to where it begins at the same time, and then take turns, step
 * by step, so that each has the same load to bear.
 */
export async function playBeside(
  event: PeerEvent,
  options: PeerOptions,
): Promise<{ readonly load: string; readonly pairs: Readonly<Record<string, PairRun>> }> {
  const load = readFileSync("/proc/loadavg", "utf8").trim();
  const courses = await openAll(event);
  try {
    await Promise.all(courses.map((course) => course.attempt(() => course.begin())));
    const turns = new Turns();
    await Promise.all(courses.map((course) => course.attempt(() => course.play(turns, options))));
    const runs = await Promise.all(
      courses.map(async (course) => [course.pair.pairing.name, await course.result()] as const),
    );
    return { load, pairs: Object.fromEntries(runs) };
  } finally {
    await Promise.all(courses.map(({ pair }) => pair.cluster.close()));
  }
}

async function openAll(event: PeerEvent): Promise<readonly Course[]> {
  const opened = await Promise.allSettled(
    event.pairings.map((pairing) => Pair.open(pairing, event.timers, event.settings)),
  );
  const pairs = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = opened.find((one) => one.status === "rejected");
  if (failed === undefined) return pairs.map((pair) => new Course(event, pair));
  await Promise.all(pairs.map((pair) => pair.cluster.close()));
  throw failed.reason;
}

/** One at a time, in the order of asking. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<Value>(action: () => Promise<Value>): Promise<Value> {
    const mine = this.#last.then(action);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

/** An event in one pairing. */
class Course {
  readonly pair: Pair;
  readonly #event: PeerEvent;
  readonly #steps: StepFigures[] = [];
  #begun: number;
  #noiseMs: number | undefined;
  #problem: string | undefined;

  constructor(event: PeerEvent, pair: Pair) {
    this.#event = event;
    this.pair = pair;
    this.#begun = pair.cluster.now();
  }

  /** What does not happen is a result; nothing follows it. */
  async attempt(action: () => Promise<void>): Promise<void> {
    if (this.#problem !== undefined) return;
    try {
      await action();
    } catch (error) {
      if (!(error instanceof NotWithin || error instanceof Refused)) throw error;
      this.#problem = error.message;
    }
  }

  /** Up to where the event begins; then a while in which nothing happens. */
  async begin(): Promise<void> {
    const { cluster } = this.pair;
    if (this.#event.begin === undefined) return;
    await this.#event.begin(this.pair);
    const from = cluster.now();
    await cluster.untilTime(from + quietMs);
    const quiet = cluster.probe.pings.filter((ping) => ping.sentAt >= from);
    this.#noiseMs = summarizePings(quiet).longestGapMs;
  }

  async play(turns: Turns, options: PeerOptions): Promise<void> {
    this.#begun = this.pair.cluster.now();
    const step: Step = async (name, action, { fromNothing = false, beside = false } = {}) => {
      const span = beside
        ? await this.#timed(action)
        : await turns.take(async () => {
            await this.#untilCalm();
            return this.#timed(action);
          });
      const measured = await measure(this.pair.cluster, span, { fromNothing });
      const { silenceMs, lost, sent, pagesFailed, doubled } = measured;
      const doubles = doubled.length;
      this.#steps.push({ step: name, silenceMs, lost, sent, pagesFailed, doubles });
    };
    await this.#event.play(this.pair, step, options);
  }

  /** The pair before us has just taken something over: its scripts and its web server come to their end. */
  async #untilCalm(): Promise<void> {
    const { cluster } = this.pair;
    await cluster.untilTime(cluster.now() + calmMs);
  }

  async #timed(action: () => Promise<unknown>): Promise<Span> {
    const from = this.pair.cluster.now();
    await action();
    return { from, until: this.pair.cluster.now() };
  }

  async result(): Promise<PairRun> {
    return {
      steps: this.#steps,
      complaints: await this.pair.complaints(),
      ...(this.#noiseMs === undefined ? {} : { noiseMs: this.#noiseMs }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      sentences: sentencesOf(this.pair, this.#begun),
    };
  }
}

function sentencesOf({ cluster }: Pair, begun: number): readonly string[] {
  return Object.values(cluster.nodes)
    .flatMap((node) => node.log.map((line) => ({ ...line, node: node.name })))
    .sort((one, other) => one.at - other.at)
    .map(({ at, node, level, text }) => `${(at - begun).toFixed(0)} ms ${node}: ${level} ${text}`);
}
