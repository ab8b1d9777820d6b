import type { Cluster } from "../story/cluster.ts";
import type { StoryTimers } from "../story/files.ts";
import type { RunResult } from "./results.ts";

/** What one run measured, by name; the unit stands in the figure's definition. */
export type Figures = Readonly<Record<string, number>>;

/** One number that a scenario measures in every run, and what is required of it. */
export interface FigureDefinition {
  readonly name: string;
  readonly meaning: string;
  readonly unit: "ms" | "count";
  /** At most so much, in the median or in every run. Absent: told, not judged. */
  readonly required?: { readonly of: "median" | "worst"; readonly atMost: number };
}

/** One way to run a scenario: other timers, another signal. */
export interface Variant {
  readonly name: string;
  readonly timers: StoryTimers;
  readonly figures: readonly FigureDefinition[];
  /** Brings the event about on a pair at rest, zeus serving, at a random phase. @throws NotWithin, Refused */
  readonly run: (cluster: Cluster, index: number) => Promise<Figures>;
  /** The event is the start itself: no daemon runs before. */
  readonly fromNothing?: boolean;
}

/** What the command line says for variants that are played by several pairs side by side. */
export interface PairOptions {
  readonly rootless: boolean;
  /** How long nothing is to happen in the event `steady`. */
  readonly steadyMs: number;
  readonly say: (line: string) => void;
}

/** A variant whose requirement is another pair's figure: it is known only when all runs are over. */
export interface ComparedVariant {
  readonly name: string;
  readonly timers: StoryTimers;
  readonly compare: (
    count: number,
    options: PairOptions,
  ) => Promise<{
    readonly figures: readonly FigureDefinition[];
    readonly runs: readonly RunResult[];
  }>;
}

export interface Scenario {
  readonly name: string;
  readonly what: string;
  /** Repetitions of each variant, unless the command line says otherwise. */
  readonly runs: number;
  readonly variants: readonly (Variant | ComparedVariant)[];
}
