import { type Field, messageOf } from "../../wire/message.ts";
import { type StandardFields, withStandardFields } from "../../wire/standard-fields.ts";
import { awaitAcknowledgement } from "./acknowledge.ts";
import { encodeHears } from "./hears.ts";
import { remember } from "./history.ts";
import { encodeMark } from "./native.ts";
import { isHeard, type Peer } from "./peer.ts";
import type { Moment } from "./settings.ts";
import type { ChannelEffect, ChannelState, ChannelStep } from "./state.ts";

/**
 * Numbers are lent in blocks, each recorded before its first use, so that a pulse that follows in the
 * same generation goes on above everything that this one can have used (safety.md 1).
 */
export const LENT_BLOCK = 1000;

/** Sends a message to the cluster under the next number and keeps it for those who miss it. */
export function sendNumbered(
  state: ChannelState,
  message: { fields: readonly Field[]; mayDrop: boolean },
  moment: Moment,
): ChannelStep {
  const seq = state.nextSeq;
  const stamped = withStandardFields(message.fields, {
    ...standard(state, message.fields, moment),
    seq,
    ld: moment.load,
    extra: nativeFields(state, moment.now),
  });
  const effects: ChannelEffect[] = [];
  const lentUntil = seq < state.lentUntil ? state.lentUntil : seq + LENT_BLOCK;
  if (lentUntil !== state.lentUntil) effects.push({ kind: "lend", nextSeq: lentUntil });
  const { mayDrop } = message;
  effects.push({ kind: "transmit", message: stamped, mayDrop, overLines: true });
  const history = remember(state.history, seq, stamped);
  const [next, logs] = awaitAcknowledgement(state, seq, moment.now);
  return [{ ...next, nextSeq: seq + 1, lentUntil, history }, [...effects, ...logs]];
}

/** What every numbered message tells a Tandem node: sessions, whom we hear, what we own. */
function nativeFields(state: ChannelState, now: number): readonly Field[] {
  const [peer] = state.peers;
  return messageOf({
    tdm: encodeMark({ session: state.session, heard: peer?.session }),
    hears: peer === undefined ? undefined : hearsOf(peer, now),
    own: state.beat.words,
  }).fields;
}

function hearsOf(peer: Peer, now: number): string {
  if (!isHeard(peer)) return "";
  const hearings = peer.links.flatMap(({ medium, heardAt }) => {
    const ageMs = heardAt === undefined ? Infinity : now - heardAt;
    return ageMs < peer.liveness.deadtimeMs ? [{ medium, ageMs }] : [];
  });
  return encodeHears(hearings);
}

/** What every message has, whatever it says. */
export function standard(
  state: ChannelState,
  fields: readonly Field[],
  moment: Moment,
): StandardFields {
  const { self, uuid, nodes, pings, hopfudge } = state.settings;
  const dest = fields.find((field) => field.name === "dest")?.value;
  return {
    src: self,
    srcuuidHex: uuid,
    destuuidHex: state.peers.find((peer) => peer.node === dest)?.uuid,
    hg: state.generation,
    ts: moment.wallSeconds,
    // Ping nodes count as nodes (wire.md 4).
    ttl: nodes.length + pings.nodes.length + hopfudge,
  };
}
