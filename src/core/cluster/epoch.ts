import type { NodeName } from "../../base/names.ts";

/**
 * An ownership's number, holder and what it stands on (safety.md 5). *agreed*: planned, or released by
 * the giver. *proved*: fenced or by arbiter. *silent*: taken because nothing was heard. Epochs order
 * messages and refuse stale ones; a silent one decides nothing where two owners meet.
 */
export interface Epoch {
  readonly number: number;
  readonly node: NodeName;
  readonly basis: Basis;
}

export type Basis = "agreed" | "proved" | "silent";

/** One above all seen, and not below the wall clock: a lost journal does not count from zero. */
export function nextEpoch(options: {
  highest: number;
  wallSeconds: number;
  node: NodeName;
  basis: Basis;
}): Epoch {
  const number = Math.max(options.highest + 1, Math.floor(options.wallSeconds));
  return { number, node: options.node, basis: options.basis };
}
