import { draw } from "../../base/random.ts";
import { type Field, type Message, messageOf } from "../../wire/message.ts";
import { withStandardFields } from "../../wire/standard-fields.ts";
import { nextBeatAt } from "./beat.ts";
import { isLineBound, lineBeatMs, ROOM_EVERY_MS } from "./pace.ts";
import type { Peer } from "./peer.ts";
import { standard } from "./send.ts";
import { dueRequests, nextRequestAt, oldestRequest } from "./sequence.ts";
import type { Moment } from "./settings.ts";
import { type ChannelState, type ChannelStep, sequenceOf, withPeer } from "./state.ts";

/**
 * What keeps the numbers whole: requests for those that are missing, and repeats, refusals and
 * acknowledgements for the other side. None of it is urgent and none is a sign of life, but on a line
 * of 9600 baud each takes nearly as long as a beat: two nodes that asked each other four times a
 * second have kept each other's beats off it until each took the other for dead. So a serial line
 * carries it only while it is free, only if it will be over before the next beat is due, and only for
 * a part of the time. Other media carry all of it at once.
 */
export interface Upkeep {
  /** Before this, no answer goes over a serial line. */
  readonly answerAt: number;
  /** Before this, no request does. */
  readonly requestAt: number;
}

export const NO_UPKEEP: Upkeep = { answerAt: -Infinity, requestAt: -Infinity };

/** Between two answers on a line, in line times of a beat: for a half of the time at most. */
const ANSWER_EVERY = 2;
/** Between two requests: from this to twice as much, so that two nodes do not always ask at once. */
const REQUEST_EVERY = 4;

/** A message of the channel itself (NS_ types): no number, not kept; it is sent again when still needed. */
export function unnumbered(
  state: ChannelState,
  fields: readonly Field[],
  moment: Moment,
): ChannelStep {
  return answerWith(state, withStandardFields(fields, standard(state, fields, moment)), moment);
}

/** An answer that may be lost: whoever still needs it asks again. */
export function answerWith(state: ChannelState, message: Message, moment: Moment): ChannelStep {
  const { now } = moment;
  const overLines = linesAreFree(state, moment) && now >= state.upkeep.answerAt;
  const answerAt = now + ANSWER_EVERY * (lineBeatMs(state) ?? 0);
  const upkeep = overLines ? { ...state.upkeep, answerAt } : state.upkeep;
  return [{ ...state, upkeep }, [transmit(message, overLines)]];
}

/** Asks this peer for what is due. Over lines alone for one number at a time, when there is room. */
export function askAgain(state: ChannelState, peer: Peer, moment: Moment): ChannelStep {
  const { now } = moment;
  if (now < nextAskAt(state, peer)) return [state, []];
  const overLines = linesAreFree(state, moment) && now >= state.upkeep.requestAt;
  const isBound = isLineBound(state);
  if (isBound && !overLines) {
    return [{ ...state, upkeep: { ...state.upkeep, requestAt: now + ROOM_EVERY_MS } }, []];
  }
  const [sequence, numbers] = (isBound ? oldestRequest : dueRequests)(peer.sequence, now);
  const asked = withPeer(state, { ...peer, sequence });
  return sequenceOf(
    overLines ? requested(asked, now) : asked,
    ...numbers.map((seq, index) => requestFor(peer, seq, overLines && index === 0, moment)),
  );
}

/** When `askAgain` has something to do: not before the beat that a newcomer is owed (receive.ts). */
export function nextAskAt(state: ChannelState, { sequence }: Peer): number {
  const dueAt = Math.max(nextRequestAt(sequence), state.beat.extraAt ?? -Infinity);
  const waits = dueAt < state.upkeep.requestAt && isLineBound(state);
  return waits ? state.upkeep.requestAt : dueAt;
}

function requestFor({ node }: Peer, seq: number, overLines: boolean, moment: Moment) {
  return (state: ChannelState): ChannelStep => {
    const range = { firstseq: seq.toString(), lastseq: seq.toString() };
    const { fields } = messageOf({ t: "NS_rexmit", dest: node, ...range });
    const message = withStandardFields(fields, standard(state, fields, moment));
    return [state, [transmit(message, overLines)]];
  };
}

function requested(state: ChannelState, now: number): ChannelState {
  const lineMs = lineBeatMs(state);
  if (lineMs === undefined) return state;
  const [chance, random] = draw(state.random);
  const requestAt = now + REQUEST_EVERY * (1 + chance) * lineMs;
  return { ...state, random, upkeep: { ...state.upkeep, requestAt } };
}

/** True where there is no serial line at all. */
function linesAreFree(state: ChannelState, { now, busy }: Moment): boolean {
  const lineMs = lineBeatMs(state);
  return lineMs === undefined || (busy.length === 0 && nextBeatAt(state.beat) - now >= lineMs);
}

function transmit(message: Message, overLines: boolean) {
  return { kind: "transmit", message, mayDrop: true, overLines } as const;
}
