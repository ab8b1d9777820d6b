/**
 * How long an action may take before its process group is ended, in milliseconds. A start or stop of
 * a database takes its time; a status that does not answer in 10 s says nothing.
 */
export interface Deadlines {
  readonly startMs: number;
  readonly stopMs: number;
  readonly statusMs: number;
}

/** What holds where a test does not say otherwise. */
export const DEADLINES: Deadlines = { startMs: 60_000, stopMs: 60_000, statusMs: 10_000 };
