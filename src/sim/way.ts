import type { Chance } from "./chance.ts";

/**
 * One direction of a medium, as a handful of knobs: the rules by which a packet passes, comes late,
 * comes twice or is lost. Reordering needs no knob of its own: jitter beyond the usual, and beyond the
 * distance of two packets, reorders them.
 */
export interface Way {
  /** Nothing passes: one broken wire. */
  isCut: boolean;
  /** A firewall eats the heartbeats; ARP passes. */
  isBlocked: boolean;
  /** Probabilities of each packet. */
  loss: number;
  duplication: number;
  latencyMs: number;
  jitterMs: number;
}

export function healthyWay(): Way {
  return {
    isCut: false,
    isBlocked: false,
    loss: 0,
    duplication: 0,
    latencyMs: USUAL_LATENCY_MS,
    jitterMs: USUAL_JITTER_MS,
  };
}

/** When a packet sent now arrives, in milliseconds from now: no entry when it is lost, two when doubled. */
export function arrivalsOf(way: Way, chance: Chance): readonly number[] {
  if (way.isCut || way.isBlocked || chance.happens(way.loss)) return [];
  const first = way.latencyMs + chance.between(0, way.jitterMs);
  if (!chance.happens(way.duplication)) return [first];
  return [first, first + chance.between(0, 2 + 4 * way.jitterMs)];
}

/** A switch and two kernels: tenths of a millisecond. */
const USUAL_LATENCY_MS = 0.15;
export const USUAL_JITTER_MS = 0.4;
