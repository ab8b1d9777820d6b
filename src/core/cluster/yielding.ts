/**
 * Two nodes that are cut apart find each other silent at about the same time. Where it is not plain to
 * both whose the group is, each may probe, hear nothing, and take in the same millisecond. So they do not
 * begin together: one goes at once, the other waits until a probe of its own must see it.
 *
 *   | what this node knows                                   | its home | elsewhere |
 *   | ------------------------------------------------------ | -------- | --------- |
 *   | it is the other's, by all that was heard                |  at once |  at once  |
 *   | nobody's, or the other was about to take or give it    |  at once |  last     |
 *   | it was ours and we have lost it: the other may not know |  second  |  last     |
 *   | we have committed it: the other may not know, or has it |  second  |  second   |
 *
 * Who believes a group to be the other's goes at once, and is right: only the one that has lost it, or
 * has committed it, knows better, and waits.
 */
import type { Group } from "./group.ts";
import type { ClusterState } from "./state.ts";

/** Longer than a probe and an address take. */
const SECOND_MS = 500;
/** As much longer than the second. */
const LAST_MS = 1_500;

/** How long the other is to go before us, now that it is silent. */
export function yieldMs({ peer, self }: ClusterState, group: Group): number {
  const { kind } = group.phase;
  if (kind === "committed" || kind === "draining") return SECOND_MS;
  const part = peer?.claims?.[group.place]?.part;
  const isTheirs = part === "owns" || (part === undefined && peer?.report.heardAt !== undefined);
  if (isTheirs) return 0;
  if (group.config.preferred !== self) return LAST_MS;
  const isLost = group.epoch.number > 0 && group.epoch.node === self;
  return isLost ? SECOND_MS : 0;
}
