/** What must hold after every step, each with its reason. Cheap: the daemon keeps them on. */
import { type Group, holdsLease, partOf } from "./group.ts";
import type { ClusterState } from "./state.ts";

/** The first broken invariant in words, or undefined. */
export function checkInvariants(state: ClusterState): string | undefined {
  for (const group of state.groups) {
    const broken = checkGroup(state, group);
    if (broken !== undefined) return `group ${group.config.name}: ${broken}`;
  }
  return undefined;
}

function checkGroup(state: ClusterState, group: Group): string | undefined {
  const part = partOf(group);
  // Who answers does so under an epoch of its own: else a stale claim could not be told from a new one.
  if (part === "owns" && group.epoch.node !== state.self)
    return `answers under ${group.epoch.node}'s epoch`;
  // An address that nobody means to hold must not be renewed: its lifetime is what takes it away.
  if (group.phase.kind === "unable" && holdsLease(group))
    return "its lease is renewed while it is unable";
  // Highest means highest: the next epoch is counted from it.
  if (group.epoch.node === state.self && group.epoch.number > state.highestEpoch) {
    return `epoch ${group.epoch.number} is above the highest known ${state.highestEpoch}`;
  }
  return undefined;
}
