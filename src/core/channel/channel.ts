import { unreachable } from "../../base/assert.ts";
import type { NodeName } from "../../base/names.ts";
import { draw, type Random, seeded } from "../../base/random.ts";
import { messageOf } from "../../wire/message.ts";
import { drawDigit } from "./acknowledge.ts";
import { beatIfDue, beatNow, beatSoon, firstBeat, nextBeatAt } from "./beat.ts";
import { discard, NO_DISCARDS } from "./discards.ts";
import { NOTHING_SENT } from "./history.ts";
import { linkExpiry, silentLink } from "./links.ts";
import { excused, judge, neverHeard, nextVerdictAt } from "./liveness.ts";
import { closedMedia, mediumChanged, withMedia } from "./media.ts";
import { isHeard, type Peer } from "./peer.ts";
import { receive } from "./receive.ts";
import { changesBetween } from "./reports.ts";
import { sendNumbered, unnumbered } from "./send.ts";
import { dueRequests, nextRequestAt, UNHEARD } from "./sequence.ts";
import type { ChannelSettings, Moment } from "./settings.ts";
import {
  type ChannelEffect,
  type ChannelEvent,
  type ChannelState,
  type ChannelStep,
  sequenceOf,
  withPeer,
} from "./state.ts";

/**
 * The channel: an ordered, authenticated stream of messages to and from the other node over all media,
 * and verdicts about it. Think of two people who call across a valley through several speaking tubes:
 * each calls at fixed times, tells through which tubes it hears the other, numbers its sentences, and
 * asks again for a number that it missed. The hard case is silence: is the other one gone, is the
 * tube blocked, or did I nod off? liveness.ts settles it.
 */
export interface Beginning {
  readonly settings: ChannelSettings;
  readonly session: string;
  readonly generation: number;
  /** A former pulse of this boot lived in this generation: we go on, nobody shall see a restart. */
  readonly resumed: boolean;
  /** The first number that no pulse of this generation has been lent. */
  readonly nextSeq: number;
  readonly seed: number;
}

export function startChannel(beginning: Beginning, now: number): ChannelState {
  const { settings, session, generation, resumed, nextSeq, seed } = beginning;
  const { keepaliveMs, deadtimeMs, initdeadMs } = settings.timers;
  // initdead counts from the machine's boot; in the same boot deadtime is enough (safety.md 3).
  const expectedBy = resumed ? now + deadtimeMs : Math.max(initdeadMs, now + deadtimeMs);
  const [peers, random] = strangers(settings, expectedBy, seeded(seed));
  return {
    settings,
    session,
    generation,
    random,
    nextSeq,
    lentUntil: nextSeq,
    history: NOTHING_SENT,
    beat: firstBeat(now + keepaliveMs, resumed ? "up" : "init"),
    media: closedMedia(settings.media),
    peers,
    discards: NO_DISCARDS,
    rechecking: false,
  };
}

export function reduceChannel(
  state: ChannelState,
  event: ChannelEvent,
  moment: Moment,
): ChannelStep {
  switch (event.kind) {
    case "wake":
      return sequenceOf(
        state,
        (next) => beatIfDue(next, moment),
        (next) => askAgain(next, moment),
        (next) => recheck(next, moment.now),
      );
    case "queues-drained":
      return judgeAll({ ...state, rechecking: false }, moment.now);
    case "received":
      return sequenceOf(
        state,
        (next) => receive(next, event, moment),
        (next) => beatIfAsked(next, moment),
      );
    case "discarded":
      return thrownAway(state, event, moment.now);
    case "medium":
      return sequenceOf(
        state,
        (next) => mediumEvent(next, event, moment.now),
        (next) => beatIfAsked(next, moment),
      );
    case "stalled":
      return stalled(state, event.lateMs);
    case "send":
      return sendNumbered(state, { fields: event.fields, mayDrop: false }, moment);
    case "say":
      return say(state, event, moment);
    default:
      return unreachable(event);
  }
}

/** When `wake` is to come next; Infinity never, since beats never end. */
export function nextWakeAt(state: ChannelState): number {
  return Math.min(
    nextBeatAt(state.beat),
    ...(state.rechecking ? [] : [nextVerdict(state)]),
    ...state.peers.filter(isHeard).map((peer) => nextRequestAt(peer.sequence)),
  );
}

/** New settings for a channel that goes on: same session, same numbers, peers that stay are kept. */
export function reconfigure(
  state: ChannelState,
  settings: ChannelSettings,
  now: number,
): ChannelState {
  const { deadtimeMs, keepaliveMs } = settings.timers;
  const [fresh, random] = strangers(settings, now + deadtimeMs, state.random);
  const peers = fresh.map((stranger) => {
    const known = state.peers.find((peer) => peer.node === stranger.node);
    if (known === undefined) return stranger;
    const links = stranger.links.map(
      (link) => known.links.find((old) => old.medium === link.medium) ?? link,
    );
    return { ...known, links };
  });
  return {
    ...state,
    settings,
    random,
    peers,
    beat: { ...state.beat, dueAt: Math.min(state.beat.dueAt, now + keepaliveMs) },
    media: withMedia(state.media, settings.media, now),
  };
}

function strangers(
  settings: ChannelSettings,
  expectedBy: number,
  random: Random,
): readonly [readonly Peer[], Random] {
  let rest = random;
  const peers = settings.nodes
    .filter((node) => node !== settings.self)
    .map((node) => {
      const [chance, next] = draw(rest);
      rest = next;
      return stranger(settings, node, expectedBy, drawDigit(chance));
    });
  return [peers, rest];
}

function stranger(
  settings: ChannelSettings,
  node: NodeName,
  expectedBy: number,
  ackDigit: number,
): Peer {
  return {
    node,
    uuid: undefined,
    generation: 0,
    dialect: "unknown",
    session: undefined,
    pin: settings.pinned,
    saidPlain: false,
    sequence: UNHEARD,
    ackDigit,
    liveness: neverHeard(settings.timers.deadtimeMs, expectedBy),
    links: settings.media.map((medium) => silentLink(medium.name)),
    st: undefined,
    words: undefined,
    hearsUs: false,
    unheardMs: undefined,
  };
}

/** Somebody has just appeared, or a medium: say that we are here without waiting for the timer. */
function beatIfAsked(state: ChannelState, moment: Moment): ChannelStep {
  const { extraAt } = state.beat;
  return extraAt !== undefined && extraAt <= moment.now ? beatIfDue(state, moment) : [state, []];
}

function say(
  state: ChannelState,
  { st, words }: { st: "up" | "active"; words: string },
  moment: Moment,
): ChannelStep {
  if (state.beat.st === st && state.beat.words === words) return [state, []];
  return beatNow({ ...state, beat: { ...state.beat, st, words } }, moment);
}

function askAgain(state: ChannelState, moment: Moment): ChannelStep {
  return sequenceOf(
    state,
    ...state.peers.filter(isHeard).map((peer) => (current: ChannelState): ChannelStep => {
      const [sequence, numbers] = dueRequests(peer.sequence, moment.now);
      if (numbers.length === 0) return [current, []];
      const requests = numbers.map((seq) => {
        const range = { firstseq: seq.toString(), lastseq: seq.toString() };
        const { fields } = messageOf({ t: "NS_rexmit", dest: peer.node, ...range });
        return unnumbered(current, fields, moment);
      });
      return [withPeer(current, { ...peer, sequence }), requests];
    }),
  );
}

function circumstances(state: ChannelState) {
  const { warntimeMs } = state.settings.timers;
  return { warntimeMs, usableSince: state.media.usableSince };
}

function nextVerdict(state: ChannelState): number {
  return state.peers.reduce((soonest, { liveness, links }) => {
    const { deadtimeMs, graceMs } = liveness;
    const expiries = links.map((link) => linkExpiry(link, deadtimeMs, graceMs));
    return Math.min(soonest, nextVerdictAt(liveness, circumstances(state)), ...expiries);
  }, Infinity);
}

/** A deadline has passed; perhaps the beat that would have met it waits in a socket (platform.md 4). */
function recheck(state: ChannelState, now: number): ChannelStep {
  if (state.rechecking || now < nextVerdict(state)) return [state, []];
  return [{ ...state, rechecking: true }, [{ kind: "after-queues" }]];
}

function judgeAll(state: ChannelState, now: number): ChannelStep {
  const peers = state.peers.map((peer) => {
    const verdict = judge(peer.liveness, circumstances(state), now);
    const { deadtimeMs, graceMs } = peer.liveness;
    const isLost = verdict === "silent" || verdict === "unjudged";
    const links = peer.links.map((link) => {
      const isIn = link.isIn && now < linkExpiry(link, deadtimeMs, graceMs);
      // What a peer said that is not heard any more is of the past.
      const unnamed = isLost && !isIn ? undefined : link.unnamed;
      return { ...link, isIn, unnamed };
    });
    return { ...peer, links, liveness: { ...peer.liveness, verdict } };
  });
  const next = { ...state, peers };
  return [next, changesBetween(state, next, now)];
}

function mediumEvent(
  state: ChannelState,
  event: Extract<ChannelEvent, { kind: "medium" }>,
  now: number,
): ChannelStep {
  const [media, logs] = mediumChanged(state.media, event, now);
  const before = state.media.each.find((medium) => medium.medium === event.medium);
  const appeared = event.usable && before?.reported === false;
  return [{ ...state, media, beat: appeared ? beatSoon(state.beat, now) : state.beat }, logs];
}

function thrownAway(
  state: ChannelState,
  event: Extract<ChannelEvent, { kind: "discarded" }>,
  now: number,
): ChannelStep {
  const [discards, logs] = discard(state.discards, event.reason, event.medium, now);
  return [{ ...state, discards }, logs];
}

/** What the peer said while we slept may be lost: its silence is not counted for as long. */
function stalled(state: ChannelState, lateMs: number): ChannelStep {
  const peers = state.peers.map((peer) => ({ ...peer, liveness: excused(peer.liveness, lateMs) }));
  const effect: ChannelEffect = { kind: "report", report: { kind: "stalled", lateMs } };
  return [{ ...state, peers }, [effect]];
}
