import { parseHex } from "../../wire/header.ts";
import { fieldOf, type Message, messageOf } from "../../wire/message.ts";
import { acknowledged } from "./acknowledge.ts";
import { answerRequest } from "./history.ts";
import type { Peer } from "./peer.ts";
import { giveUp } from "./sequence.ts";
import type { Moment } from "./settings.ts";
import {
  type ChannelState,
  type ChannelStep,
  log,
  type Received,
  sequenceOf,
  withPeer,
} from "./state.ts";
import { answerWith, unnumbered } from "./upkeep.ts";

/** The channel's own messages (NS_ types): requests, refusals and acknowledgements (wire.md 5). */
export function takeControl(
  state: ChannelState,
  peer: Peer,
  { header, message }: Received,
  moment: Moment,
): ChannelStep {
  if (header.dest !== state.settings.self) return [state, []];
  switch (header.type) {
    case "NS_rexmit":
      return answer(hearsUs(state, peer), peer, message, moment);
    case "NS_nak_rexmit":
      return refused(state, peer, message);
    case "NS_ackmsg":
      return acknowledgedTo(hearsUs(state, peer), peer.node, message, moment);
    default:
      return [state, []];
  }
}

/** A plain peer does not say whom it hears; that it answers our numbers says it too. */
function hearsUs(state: ChannelState, peer: Peer): ChannelState {
  return peer.dialect === "native" ? state : withPeer(state, { ...peer, hearsUs: true });
}

function acknowledgedTo(
  state: ChannelState,
  node: Peer["node"],
  message: Message,
  moment: Moment,
): ChannelStep {
  const peer = state.peers.find((candidate) => candidate.node === node);
  const seq = parseHex(fieldOf(message, "ackseq") ?? "");
  return peer === undefined ? [state, []] : acknowledged(state, peer, seq, moment.now);
}

function answer(state: ChannelState, peer: Peer, message: Message, moment: Moment): ChannelStep {
  const first = decimal(fieldOf(message, "firstseq"));
  const last = decimal(fieldOf(message, "lastseq"));
  if (first === undefined || last === undefined || last < first) return [state, []];
  // A number that we have not sent is no loss; one of a former life is.
  if (first >= state.nextSeq) return [state, []];
  const asked = { first, last: Math.min(last, state.nextSeq - 1) };
  const { history, again, gone } = answerRequest(state.history, asked, moment.now);
  const repeats = again.map(
    (sent) =>
      (next: ChannelState): ChannelStep =>
        answerWith(next, sent, moment),
  );
  const naks = ranges(gone).map(([from, to]) => (next: ChannelState): ChannelStep => {
    const { fields } = messageOf({
      t: "NS_nak_rexmit",
      dest: peer.node,
      firstseq: from.toString(16),
      lastseq: to.toString(16),
      info: "seqno not found",
    });
    return unnumbered(next, fields, moment);
  });
  return sequenceOf({ ...state, history }, ...repeats, ...naks);
}

function refused(state: ChannelState, peer: Peer, message: Message): ChannelStep {
  const first = parseHex(fieldOf(message, "firstseq") ?? "");
  const last = parseHex(fieldOf(message, "lastseq") ?? fieldOf(message, "firstseq") ?? "");
  if (first === undefined || last === undefined) return [state, []];
  const sequence = giveUp(peer.sequence, first, last);
  if (sequence === peer.sequence) return [state, []];
  const text = `Irretrievably lost packet: node ${peer.node} seq ${first}`;
  return [withPeer(state, { ...peer, sequence }), [log("ERROR", text)]];
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Ascending numbers as runs: one refusal for a whole lent block that nobody used. */
function ranges(numbers: readonly number[]): readonly (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === number - 1) runs[runs.length - 1] = [run[0], number];
    else runs.push([number, number]);
  }
  return runs;
}
