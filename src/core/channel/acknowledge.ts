import type { LogEffect } from "../step.ts";
import { isHeard, type Peer } from "./peer.ts";
import type { Sequence } from "./sequence.ts";
import { type ChannelState, type ChannelStep, log, withPeer } from "./state.ts";

/**
 * Acknowledgements, both ways. Heartbeat's sender waits for them: 3.0.6 pauses its clients at 250 messages
 * that a live node has not acknowledged. Ours waits for nothing, and keeps the same 500 messages whoever
 * acknowledges (history.ts). But a peer that never does is likely not to hear us, which a Heartbeat node
 * says in no other way: so that is counted, and said once.
 */

/** One message in so many is acknowledged, as in 3.0.6. */
const ACK_EVERY = 10;
/** So many without an acknowledgement are no accident: the same at which 3.0.6 pauses its clients. */
const UNACKNOWLEDGED_MAX = 250;

/**
 * What is to be acknowledged now that a message has arrived; undefined: nothing. Up to where nothing is
 * missing, each time that this passes a number with our digit. 3.0.6 does it only if just that message
 * comes while nothing older is missing: where a third is lost it hardly ever does, and the other side
 * pauses its clients.
 */
export function dueAcknowledgement(
  before: Sequence,
  after: Sequence,
  digit: number,
): number | undefined {
  const now = completeThrough(after);
  if (now === undefined) return undefined;
  const slot = (number: number): number => Math.floor((number - digit) / ACK_EVERY);
  return slot(now) > slot(completeThrough(before) ?? now - 1) ? now : undefined;
}

function completeThrough({ last, missing }: Sequence): number | undefined {
  const [oldest] = missing;
  return oldest === undefined ? last : oldest.seq - 1;
}

/** Our digit for a sender, from a draw in [0, 1): so not all receivers acknowledge the same message. */
export function drawDigit(chance: number): number {
  return Math.floor(chance * ACK_EVERY);
}

/** The peer's NS_ackmsg. A number that we have not sent is none of ours. */
export function acknowledged(
  state: ChannelState,
  peer: Peer,
  seq: number | undefined,
  now: number,
): ChannelStep {
  const through = peer.acked?.through ?? 0;
  if (seq === undefined || seq <= through || seq >= state.nextSeq) return [state, []];
  const next = withPeer(state, { ...peer, acked: { through: seq, at: now, overdue: false } });
  if (peer.acked?.overdue !== true) return [next, []];
  return [next, [log("info", `node ${peer.node} acknowledges our messages again`)]];
}

/** A message has got this number: who could hear it should acknowledge it some day. */
export function awaitAcknowledgement(state: ChannelState, seq: number, now: number): ChannelStep {
  const logs: LogEffect[] = [];
  const peers = state.peers.map((peer) => {
    const { acked } = peer;
    if (acked === undefined || !couldHear(peer)) {
      return { ...peer, acked: { through: seq, at: now, overdue: false } };
    }
    if (acked.overdue || seq - acked.through <= UNACKNOWLEDGED_MAX) return peer;
    logs.push(log("WARN", overdueText(peer, (now - acked.at) / 1000)));
    return { ...peer, acked: { ...acked, overdue: true } };
  });
  return [{ ...state, peers }, logs];
}

/** A Tandem node says itself when it does not hear us. */
function couldHear(peer: Peer): boolean {
  return isHeard(peer) && (peer.dialect !== "native" || peer.hearsUs);
}

function overdueText({ node }: Peer, seconds: number): string {
  return `node ${node} is heard and has acknowledged none of our messages for ${Math.round(seconds)} s: it may not hear this node, and would take over what runs here; see whether it lists this node as dead, and look for a firewall between the two. Nothing waits for it here`;
}
