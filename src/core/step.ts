/** What both pure machines share: a step takes a state, an event and the time, and acts only in words. */
export type Step<State, Effect> = readonly [state: State, effects: readonly Effect[]];

/** Heartbeat's levels, as its log prints them. */
export type LogLevel = "debug" | "info" | "notice" | "WARN" | "ERROR" | "CRIT";

/** A sentence in the operator's words. Log, status, timeline and stories show this same sentence. */
export interface LogEffect {
  readonly kind: "log";
  readonly level: LogLevel;
  readonly text: string;
  /** Whoever says it sees to it that it is not said often: it falls under no other bound. */
  readonly isRare?: true;
}

/**
 * Why something was decided, as data: which rule, on what inputs, what was rejected. `rule` is
 * stable (`peer-silent`, `standby-asked`), `text` the sentence made from it.
 */
export interface Reason {
  readonly rule: string;
  readonly text: string;
}
