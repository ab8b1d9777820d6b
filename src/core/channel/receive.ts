import { spend } from "../../base/budget.ts";
import type { MediumName } from "../../base/names.ts";
import { draw } from "../../base/random.ts";
import type { Header } from "../../wire/header.ts";
import { fieldOf, type Message, messageOf } from "../../wire/message.ts";
import { dueAcknowledgement } from "./acknowledge.ts";
import { beatSoon } from "./beat.ts";
import { judgeOwnVoice, recognise, refuse } from "./believe.ts";
import { withBoundedLog } from "./bounded-log.ts";
import { takeControl } from "./control.ts";
import { discard } from "./discards.ts";
import { claimsOf, hearBeat, hearNative } from "./hear-beat.ts";
import { hearOn } from "./links.ts";
import { heard } from "./liveness.ts";
import { echoed } from "./media.ts";
import { decodeMark, type NativeMark } from "./native.ts";
import type { Oddity } from "./oddities.ts";
import { isLineBound } from "./pace.ts";
import { CONTROLS, MESSAGES, type Peer } from "./peer.ts";
import { changesBetween } from "./reports.ts";
import { type Arrival, ASK_AFTER_MS, ASK_EVERY_MS, arrive, type Sequence } from "./sequence.ts";
import type { Moment } from "./settings.ts";
import {
  type ChannelEffect,
  type ChannelState,
  type ChannelStep,
  log,
  type Received,
  withPeer,
} from "./state.ts";
import { unnumbered } from "./upkeep.ts";

/**
 * Takes in one authentic packet. In this order: is it one to believe at all (generation, dialect), has
 * it been seen (number), and only then what it says. What changes for the listener is reported before
 * the message itself, so that a message never comes from a node that is still counted dead; only a beat
 * comes before the verdict that it changes.
 */
export function receive(state: ChannelState, packet: Received, moment: Moment): ChannelStep {
  const { header, medium } = packet;
  if (header.src === state.settings.self) return ownVoice(state, packet, moment);
  const peer = state.peers.find((candidate) => candidate.node === header.src);
  if (peer === undefined) return thrownAway(state, "unknown-node", medium, moment);
  return withBoundedLog(fromPeer(state, peer, packet, moment), peer.node, moment);
}

function fromPeer(state: ChannelState, peer: Peer, packet: Received, moment: Moment): ChannelStep {
  const { header, medium } = packet;
  const mark = decodeMark(fieldOf(packet.message, "tdm") ?? "");
  const refusal = refuse(peer, header, mark);
  if (refusal !== undefined) return thrownAway(state, refusal, medium, moment);
  const isNewLife = header.hg > peer.generation;
  if (isNewLife && spend(peer.spent.messages, MESSAGES, moment.now) === undefined) {
    return thrownAway(state, "flood", medium, moment);
  }
  const [known, news] = recognise(peer, header, mark, state.settings.uuid);
  const met = known.generation === peer.generation ? state : saySoon(state, moment);
  const [next, effects] =
    header.seq === undefined
      ? takeUnnumbered(met, known, packet, moment)
      : takeNumbered(met, { peer: known, seq: header.seq, mark, packet }, moment);
  return [next, [...news, ...effects]];
}

/**
 * Our own broadcast: proof that the medium works here, nothing more. Only what this session sent is
 * that: another machine of our name, or a copy of this one, must not make a deaf medium look well.
 */
function ownVoice(state: ChannelState, packet: Received, moment: Moment): ChannelStep {
  const { medium } = packet;
  const voice = judgeOwnVoice(state, packet);
  if (voice === "unmarked") return [state, []];
  if (voice !== "ours") return thrownAway(state, voice, medium, moment);
  const [media, logs] = echoed(state.media, medium, moment.now);
  const next = { ...state, media };
  return [next, [...logs, ...changesBetween(state, next, moment.now)]];
}

function thrownAway(
  state: ChannelState,
  reason: Oddity,
  medium: MediumName,
  moment: Moment,
): ChannelStep {
  const [discards, logs] = discard(state.discards, { reason, what: medium }, moment.now);
  return [{ ...state, discards }, logs];
}

function takeUnnumbered(
  state: ChannelState,
  peer: Peer,
  packet: Received,
  moment: Moment,
): ChannelStep {
  const controls = spend(peer.spent.controls, CONTROLS, moment.now);
  if (controls === undefined) return thrownAway(state, "flood", packet.medium, moment);
  const paid: Peer = { ...peer, spent: { ...peer.spent, controls } };
  return takeControl(withPeer(state, paid), paid, packet, moment);
}

interface Numbered {
  readonly peer: Peer;
  readonly seq: number;
  readonly mark: NativeMark | undefined;
  readonly packet: Received;
}

function takeNumbered(state: ChannelState, numbered: Numbered, moment: Moment): ChannelStep {
  const { peer, seq, mark, packet } = numbered;
  const [chance, random] = draw(state.random);
  // Over a line both must not ask at once; elsewhere nobody is in the other's way.
  const spreadMs = isLineBound(state) ? chance * (ASK_EVERY_MS - ASK_AFTER_MS) : 0;
  const askAt = moment.now + ASK_AFTER_MS + spreadMs;
  const arrival = arrive(continued(peer, seq, mark), seq, askAt);
  const link = peer.links.find((candidate) => candidate.medium === packet.medium);
  const refreshed = link && hearOn(link, seq, moment.now);
  const links = refreshed
    ? peer.links.map((other) => (other === link ? refreshed : other))
    : peer.links;
  const seen: Peer = { ...peer, links, sequence: arrival.sequence };
  if (arrival.order === "repeated") {
    if (refreshed === undefined) return thrownAway(state, "repeated", packet.medium, moment);
    const next = withPeer(state, seen);
    return [next, changesBetween(state, next, moment.now)];
  }
  const messages = spend(peer.spent.messages, MESSAGES, moment.now);
  if (messages === undefined) return thrownAway(state, "flood", packet.medium, moment);
  const paid: Peer = { ...seen, spent: { ...peer.spent, messages } };
  // What comes late may be from a former session in the same generation.
  const isNewest = arrival.order === "next";
  const spoken = isNewest ? { ...paid, session: mark?.session } : paid;
  const met = meet({ ...state, random }, paid, spoken, moment);
  const [next, said] = deliver(met, spoken, numbered, arrival, moment);
  const changes = changesBetween(state, next, moment.now);
  const claims = isNewest ? claimsOf(state, paid, { mark, message: packet.message }) : [];
  const [acknowledged, acks] = acknowledgement(next, { before: peer.sequence, peer: paid }, moment);
  const lines = sequenceLog(peer, arrival, seq);
  // A peer that turns up again is judged by what it says now, not by what it said before; and its
  // message is heard only when it counts as there.
  const told = [
    ...said.filter((effect) => !isMessage(effect)),
    ...changes,
    ...said.filter(isMessage),
  ];
  return [acknowledged, [...claims, ...lines, ...told, ...acks]];
}

function isMessage(effect: ChannelEffect): boolean {
  return effect.kind === "report" && effect.report.kind === "message";
}

/**
 * A new pulse of the same generation goes on with the next block of numbers: those in between were
 * never used, or are lost with the one that kept them.
 */
function continued({ sequence, session }: Peer, seq: number, mark: NativeMark | undefined) {
  const isNewPulse = session !== undefined && mark !== undefined && mark.session !== session;
  const isAhead = sequence.last !== undefined && seq > sequence.last;
  return isNewPulse && isAhead ? { last: seq - 1, missing: [] } : sequence;
}

/** A late beat only fills its gap: what it says is of the past. */
function deliver(
  state: ChannelState,
  peer: Peer,
  { mark, packet }: Numbered,
  arrival: Arrival,
  moment: Moment,
): ChannelStep {
  const { header, message } = packet;
  if (header.type === "status") {
    return arrival.order === "next"
      ? hearBeat(state, peer, { mark, message }, moment)
      : [alive(state, peer, moment), []];
  }
  const [next, news] =
    arrival.order === "next"
      ? lifeSign(state, peer, { mark, message }, moment)
      : [alive(state, peer, moment), []];
  if (!concernsUs(header, state, peer)) return [next, news];
  const fresh = mark?.heard === state.session;
  return [
    next,
    [...news, { kind: "report", report: { kind: "message", from: peer.node, fresh, message } }],
  ];
}

/** For everybody or for us; or what a Heartbeat node tells itself, that it starts a group. */
function concernsUs({ dest, type }: Header, state: ChannelState, peer: Peer): boolean {
  if (dest === undefined || dest === state.settings.self) return true;
  return type === "ip-request-resp" && dest === peer.node;
}

/**
 * A new message is as good a sign of life as a beat: where a slow line is full of messages, beats are
 * what it drops. Between Tandem nodes it also says what a beat says. One that does not name our
 * session brings no silent peer back: that takes a beat, or a word of what it owns.
 */
function lifeSign(
  state: ChannelState,
  peer: Peer,
  { mark, message }: { mark: NativeMark | undefined; message: Message },
  moment: Moment,
): ChannelStep {
  if (mark?.heard === state.session && peer.st !== undefined) {
    return hearNative(state, peer, { mark, message }, moment);
  }
  return [alive(state, peer, moment), []];
}

/** It sent this, or sent it again, just now; what it said may be of the past. */
function alive(state: ChannelState, peer: Peer, moment: Moment): ChannelState {
  const { verdict, deadtimeMs } = peer.liveness;
  if (verdict !== "up" && verdict !== "late" && verdict !== "suspect") return state;
  const liveness = heard(peer.liveness, deadtimeMs, moment.now);
  return withPeer(state, { ...peer, liveness });
}

/** A session of the peer that is new to us: it shall hear soon that we hear it. */
function meet(state: ChannelState, before: Peer, peer: Peer, moment: Moment): ChannelState {
  const next = withPeer(state, peer);
  const isNew = peer.session !== undefined && peer.session !== before.session;
  return isNew ? saySoon(next, moment) : next;
}

/**
 * A beat out of turn. A Heartbeat node that starts asks for its groups only if it knows by then that we
 * are active, and takes them unasked otherwise (behaviour.md 3, 9). It begins once it has heard anything
 * of us, so that the beat goes before all else: before an acknowledgement, and before a request (upkeep.ts).
 */
function saySoon(state: ChannelState, moment: Moment): ChannelState {
  return { ...state, beat: beatSoon(state.beat, moment.now) };
}

function sequenceLog(before: Peer, arrival: Arrival, seq: number): readonly ChannelEffect[] {
  const { node, sequence } = before;
  if (arrival.forgot) {
    return [log("WARN", `node ${node}: lost a lot of packets! [${sequence.last}:${seq}]`)];
  }
  if (arrival.lost > 0) {
    const text = `${arrival.lost} lost packet(s) for [${node}] [${sequence.last}:${seq}]`;
    return [log("info", text)];
  }
  return arrival.healed ? [log("info", `No pkts missing from ${node}!`)] : [];
}

/** Not before the beat that a newcomer is owed (`beatSoon`): of the next ten messages one is acknowledged. */
function acknowledgement(
  state: ChannelState,
  { before, peer }: { before: Sequence; peer: Peer },
  moment: Moment,
): ChannelStep {
  if (state.beat.extraAt !== undefined) return [state, []];
  const seq = dueAcknowledgement(before, peer.sequence, peer.ackDigit);
  if (seq === undefined) return [state, []];
  const { fields } = messageOf({ t: "NS_ackmsg", dest: peer.node, ackseq: seq.toString(16) });
  return unnumbered(state, fields, moment);
}
