import type { Field } from "../../wire/message.ts";
import { withStandardFields } from "../../wire/standard-fields.ts";
import { remember } from "./history.ts";
import { encodeMark } from "./native.ts";
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
  message: { fields: readonly Field[]; extra?: readonly Field[]; mayDrop: boolean },
  moment: Moment,
): ChannelStep {
  const seq = state.nextSeq;
  const mark = encodeMark({ session: state.session, heard: state.peers[0]?.session });
  const stamped = withStandardFields(message.fields, {
    ...standard(state, message.fields, moment),
    seq,
    ld: moment.load,
    extra: [{ kind: "string", name: "tdm", value: mark }, ...(message.extra ?? [])],
  });
  const effects: ChannelEffect[] = [];
  const lentUntil = seq < state.lentUntil ? state.lentUntil : seq + LENT_BLOCK;
  if (lentUntil !== state.lentUntil) effects.push({ kind: "lend", nextSeq: lentUntil });
  effects.push({ kind: "transmit", message: stamped, mayDrop: message.mayDrop });
  const history = remember(state.history, seq, stamped);
  return [{ ...state, nextSeq: seq + 1, lentUntil, history }, effects];
}

/** A message of the channel itself (NS_ types): no number, not kept; it is sent again when still needed. */
export function unnumbered(
  state: ChannelState,
  fields: readonly Field[],
  moment: Moment,
): ChannelEffect {
  const message = withStandardFields(fields, standard(state, fields, moment));
  return { kind: "transmit", message, mayDrop: true };
}

function standard(state: ChannelState, fields: readonly Field[], moment: Moment) {
  const { self, uuid, nodes, hopfudge } = state.settings;
  const dest = fields.find((field) => field.name === "dest")?.value;
  return {
    src: self,
    srcuuidHex: uuid,
    destuuidHex: state.peers.find((peer) => peer.node === dest)?.uuid,
    hg: state.generation,
    ts: moment.wallSeconds,
    ttl: nodes.length + hopfudge,
  };
}
