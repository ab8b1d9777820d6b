import type { Timers } from "../../config/types.ts";

/**
 * The arithmetic of an address that the kernel takes away by itself (safety.md 2).
 *
 * Picture two clocks started by the same tick: ours, on which the address dies L seconds after its
 * last renewal, and the peer's, on which we are dead D after our last beat. No renewal is later than
 * the last beat by more than a keepalive k, and an expiry comes up to 0.38 s late (measured), so with
 * L <= D - k - 0.5 s the address is gone before the peer takes it, whatever phase we died in.
 *
 * The hard case is the renewal itself: the kernel has no "renew only", it creates an expired address
 * anew. So the time is read before and after; what comes too late is dropped instead.
 */
export interface LeaseTerm {
  readonly lifetimeS: number;
  /** When it was added or last renewed, milliseconds of CLOCK_BOOTTIME. */
  readonly renewedAt: number;
}

/** Before the end of a lifetime: later than this before it, nothing is renewed any more. */
const MARGIN_MS = 500;

/** L: the largest whole second that ends half a second before the peer's patience; at least 1. */
export function lifetimeSeconds(timers: Pick<Timers, "deadtimeMs" | "keepaliveMs">): number {
  return Math.max(1, Math.floor((timers.deadtimeMs - timers.keepaliveMs - MARGIN_MS) / 1000));
}

/** From here on a lease must not be renewed: it may expire while the request is under way. */
export function renewableUntil(lease: LeaseTerm): number {
  return lease.renewedAt + lease.lifetimeS * 1000 - MARGIN_MS;
}

/** Asked before the renewal, and again after it with the `renewedAt` from before it. */
export function isTooLate(lease: LeaseTerm, now: number): boolean {
  return now >= renewableUntil(lease);
}

/**
 * The pulse's tick: at most a keepalive, a quarter of each lifetime, and half of what tandemd's word
 * may be late; and a whole fraction of the keepalive, so that every beat falls on a tick and comes
 * right after the renewal.
 */
export function tickMs(
  timers: Pick<Timers, "keepaliveMs" | "deadtimeMs">,
  leases: readonly LeaseTerm[],
): number {
  const wanted = Math.min(
    timers.keepaliveMs,
    wellLimitMs(timers.deadtimeMs) / 2,
    ...leases.map((lease) => (lease.lifetimeS * 1000) / 4),
  );
  return timers.keepaliveMs / Math.ceil(timers.keepaliveMs / wanted);
}

/** tandemd has so long to say "I am well" (safety.md 1). */
export function wellLimitMs(deadtimeMs: number): number {
  return Math.max(1000, deadtimeMs / 4);
}
