import type { LogEffect } from "../step.ts";
import { adviceOn, type Oddity } from "./oddities.ts";

/** What was thrown away, by reason: shown in the status, and logged at a bounded rate. */
export interface Discards {
  readonly counts: Readonly<Record<string, number>>;
  readonly loggedAt: Readonly<Record<string, number>>;
}

/** A reason is logged at most so often: a flood of forged packets must not become a flood of lines. */
const LOG_EVERY_MS = 60_000;
/** What happens on a healthy cluster too: counted, never logged. */
const ORDINARY: ReadonlySet<Oddity> = new Set(["repeated"]);

export const NO_DISCARDS: Discards = { counts: {}, loggedAt: {} };

/** One more of a reason, or `count` more. */
export interface ThrownAway {
  readonly reason: Oddity;
  /** From where, for the log: `eth1`, or a node. */
  readonly what: string;
  readonly count?: number;
}

export function discard(
  discards: Discards,
  { reason, what, count = 1 }: ThrownAway,
  now: number,
): readonly [Discards, readonly LogEffect[]] {
  const counts = { ...discards.counts, [reason]: (discards.counts[reason] ?? 0) + count };
  const loggedAt = discards.loggedAt[reason];
  if (ORDINARY.has(reason) || (loggedAt !== undefined && now - loggedAt < LOG_EVERY_MS)) {
    return [{ ...discards, counts }, []];
  }
  const text = `${what}: packet discarded: ${reason} (${counts[reason]} so far): ${adviceOn(reason, what)}`;
  return [
    { counts, loggedAt: { ...discards.loggedAt, [reason]: now } },
    [{ kind: "log", level: "WARN", text, isRare: true }],
  ];
}
