import type { Timers } from "./types.ts";

/**
 * How long an address stays on a machine whose daemon has stopped renewing it, in ms: the largest
 * whole second ≤ deadtime − keepalive − 0.5 s, at least 1 s (safety.md 2). The kernel counts whole
 * seconds, an expiry came up to 0.38 s late, and the last renewal is never later than the last beat.
 */
export function addressLifetimeMs(timers: Pick<Timers, "keepaliveMs" | "deadtimeMs">): number {
  return Math.max(1000, wholeSecondsBeforeTakeover(timers) * 1000);
}

/** The watchdog's time in ms by the same sum; undefined where not even one second fits. */
export function watchdogMs(timers: Pick<Timers, "keepaliveMs" | "deadtimeMs">): number | undefined {
  const seconds = wholeSecondsBeforeTakeover(timers);
  return seconds >= 1 ? seconds * 1000 : undefined;
}

function wholeSecondsBeforeTakeover({
  deadtimeMs,
  keepaliveMs,
}: Pick<Timers, "keepaliveMs" | "deadtimeMs">): number {
  return Math.floor((deadtimeMs - keepaliveMs - 500) / 1000);
}

/** Bytes of a beat: measured from 250 to 380 (safety.md 8). */
export const BEAT_BYTES_MIN = 250;
export const BEAT_BYTES_MAX = 380;

/** How long so many bytes take on a serial line: 8 data bits, a start and a stop bit. */
export function lineTimeMs(bytes: number, baud: number): number {
  return (bytes * 10 * 1000) / baud;
}
