/** What may be concluded about the other node. One place, so that every rule means the same by "up". */
import type { Claim } from "../claim.ts";
import type { ClusterState, PeerView } from "./state.ts";

/** Heard lately, and it hears us: agreements are possible. */
export function isUp(peer: PeerView | undefined): boolean {
  return peer?.released === undefined && isHeard(peer) && peer?.report.hearsUs === true;
}

/** Heard lately, whether or not it hears us. */
export function isHeard(peer: Pick<PeerView, "report"> | undefined): boolean {
  const liveness = peer?.report.liveness;
  return liveness === "up" || liveness === "late" || liveness === "suspect";
}

/** Up, of our kind, with the same groups: the native exchange may be used. */
export function isNative(peer: PeerView | undefined): boolean {
  return isUp(peer) && peer?.report.dialect === "native" && !peer.differs;
}

/** Heard, not stopped, and a real Heartbeat or a node that has not said that it can do more. */
export function isPlain(peer: PeerView | undefined): boolean {
  return peer?.released === undefined && isHeard(peer) && peer?.report.dialect === "plain";
}

/** There is no other node, or it has said that it released everything. */
export function isAway(peer: PeerView | undefined): boolean {
  return peer === undefined || peer.released !== undefined;
}

/** Nothing heard for its dead time, on media that work here: the only silence that counts. */
export function isSilent(peer: PeerView | undefined): boolean {
  return peer !== undefined && peer.report.liveness === "silent";
}

/**
 * Silence is all there is to go by: the verdict has fallen, or none can, since no medium works here. On
 * media that work again the peer has its dead time to be heard, as it would have had on their first day.
 */
export function isBeyondHearing(peer: PeerView | undefined): boolean {
  if (isSilent(peer)) return true;
  return peer?.report.liveness === "unjudged" && peer.report.silentAt === undefined;
}

/** What the peer says of a group; undefined when it says nothing that may be acted on. */
export function claimOf(peer: PeerView | undefined, place: number): Claim | undefined {
  if (peer === undefined || !isHeard(peer) || peer.released !== undefined) return undefined;
  return peer.claims?.[place];
}

/** The peer could own the group: it is up, native and says that it is free to. */
export function couldOwn(state: ClusterState, place: number): boolean {
  return isNative(state.peer) && claimOf(state.peer, place)?.part === "free";
}
