/** What all parts of the plain dialect share: reading and changing its state, saying something in it. */
import type { Group } from "./group.ts";
import { NO_PLAIN, type PlainState } from "./plain-state.ts";
import type { ClusterState, Turn } from "./state.ts";
import type { ResourceSet } from "./world.ts";

export function plainOf(turn: Turn): PlainState {
  return turn.state.peer?.plain ?? NO_PLAIN;
}

export function patchPlain(turn: Turn, patch: Partial<PlainState>): void {
  const { peer } = turn.state;
  if (peer === undefined) return;
  turn.state = { ...turn.state, peer: { ...peer, plain: { ...peer.plain, ...patch } } };
}

export function sendPlain(turn: Turn, strings: Readonly<Record<string, string>>): void {
  turn.effects.push({
    kind: "send",
    fields: Object.entries(strings).map(([name, value]) => ({ kind: "string", name, value })),
  });
}

/** Groups of a set as `viewer` sees them: local are those that prefer it. */
export function groupsOf(
  state: ClusterState,
  set: ResourceSet,
  viewer: string | undefined,
): readonly Group[] {
  return state.groups.filter(
    (group) => set === "all" || (set === "local") === (group.config.preferred === viewer),
  );
}

/** Which of our two sets the group is in. */
export function setOfGroup(state: ClusterState, group: Group): "local" | "foreign" {
  return group.config.preferred === state.self ? "local" : "foreign";
}

/** By its own word the peer holds the set that this group is in; legacy has no such word. */
export function peerHoldsGroup(state: ClusterState, group: Group): boolean {
  const { legacy, peerHolds: holds } = state.peer?.plain ?? NO_PLAIN;
  if (legacy.spoken) return legacy.theirs.includes(group.place);
  if (holds === undefined) return false;
  return setOfGroup(state, group) === "local" ? holds.foreign : holds.local;
}

export function peerName(turn: Turn): string {
  return turn.state.peer?.node ?? "the peer";
}
