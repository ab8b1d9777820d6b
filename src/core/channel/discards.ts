import type { LogEffect } from "../step.ts";

/** What was thrown away, by reason: shown in the status, and logged at a bounded rate. */
export interface Discards {
  readonly counts: Readonly<Record<string, number>>;
  readonly loggedAt: Readonly<Record<string, number>>;
}

/** A reason is logged at most so often: a flood of forged packets must not become a flood of lines. */
const LOG_EVERY_MS = 60_000;
/** Reasons come from fixed lists; this bound holds even if one should not. */
const REASONS_MAX = 64;
/** What happens on a healthy cluster too: counted, never logged. */
const ORDINARY: ReadonlySet<string> = new Set(["repeated", "not-for-us"]);

export const NO_DISCARDS: Discards = { counts: {}, loggedAt: {} };

/** Counts one. `what` says from where, for the log: `eth1`, or a node. */
export function discard(
  discards: Discards,
  reason: string,
  what: string,
  now: number,
): readonly [Discards, readonly LogEffect[]] {
  const known = discards.counts[reason];
  if (known === undefined && Object.keys(discards.counts).length >= REASONS_MAX) {
    return [discards, []];
  }
  const counts = { ...discards.counts, [reason]: (known ?? 0) + 1 };
  const loggedAt = discards.loggedAt[reason];
  if (ORDINARY.has(reason) || (loggedAt !== undefined && now - loggedAt < LOG_EVERY_MS)) {
    return [{ ...discards, counts }, []];
  }
  const text = `${what}: packet discarded: ${reason} (${counts[reason]} so far)`;
  return [
    { counts, loggedAt: { ...discards.loggedAt, [reason]: now } },
    [{ kind: "log", level: "WARN", text }],
  ];
}
