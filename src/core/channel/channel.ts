import { unreachable } from "../../base/assert.ts";
import { beatIfDue, beatNow, beatSoon, hastened, nextBeatAt } from "./beat.ts";
import { discard } from "./discards.ts";
import { mediumChanged, unread } from "./media.ts";
import { isHeard } from "./peer.ts";
import { pingIfDue, pingMediumEvent, pongHeard } from "./ping-steps.ts";
import { nextPingAt } from "./pings.ts";
import { receive } from "./receive.ts";
import { nextRepeatAt, repeatIfDue, repeating } from "./repeats.ts";
import { changesBetween } from "./reports.ts";
import { sendNumbered } from "./send.ts";
import type { Moment } from "./settings.ts";
import { type ChannelEvent, type ChannelState, type ChannelStep, sequenceOf } from "./state.ts";
import { askAgain, nextAskAt } from "./upkeep.ts";
import { judgeAll, nextVerdictOn, recheck, stalled } from "./verdicts.ts";

/**
 * The channel: an ordered, authenticated stream of messages to and from the other node over all media,
 * and verdicts about it. Think of two people who call across a valley through several speaking tubes:
 * each calls at fixed times, tells through which tubes it hears the other, numbers its sentences, and
 * asks again for a number that it missed. The hard case is silence: is the other one gone, is the
 * tube blocked, or did I nod off? liveness.ts settles it.
 */
export function reduceChannel(
  state: ChannelState,
  event: ChannelEvent,
  moment: Moment,
): ChannelStep {
  const [next, effects] = take(state, event, moment);
  return [hastened(next, moment.now), effects];
}

function take(state: ChannelState, event: ChannelEvent, moment: Moment): ChannelStep {
  switch (event.kind) {
    case "wake":
      return sequenceOf(
        state,
        (next) => beatIfDue(next, moment),
        (next) => repeatIfDue(next, moment),
        (next) => pingIfDue(next, moment),
        ...state.peers.filter(isHeard).map((peer) => (next: ChannelState) => {
          return askAgain(next, peer, moment);
        }),
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
    case "pong":
      return pongHeard(state, event, moment.now);
    case "ping-medium":
      return pingMediumEvent(state, event, moment.now);
    case "stalled":
      return stalled(state, event.lateMs);
    case "send": {
      const { nextSeq } = state;
      const [sent, effects] = sendNumbered(state, { fields: event.fields, mayDrop: false }, moment);
      return [repeating(sent, nextSeq, moment.now), effects];
    }
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
    nextRepeatAt(state),
    nextPingAt(state.pings),
    ...(state.rechecking ? [] : [nextVerdictOn(state)]),
    ...state.peers.filter(isHeard).map((peer) => nextAskAt(state, peer)),
  );
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

function mediumEvent(
  state: ChannelState,
  event: Extract<ChannelEvent, { kind: "medium" }>,
  now: number,
): ChannelStep {
  const [media, logs] = mediumChanged(state.media, event, now);
  const before = state.media.each.find((medium) => medium.medium === event.medium);
  const appeared = event.usable && before?.reported === false;
  const next = { ...state, media, beat: appeared ? beatSoon(state.beat, now) : state.beat };
  return [next, [...logs, ...changesBetween(state, next, now)]];
}

function thrownAway(
  state: ChannelState,
  event: Extract<ChannelEvent, { kind: "discarded" }>,
  now: number,
): ChannelStep {
  const { reason, medium: what, count = 1 } = event;
  const [discards, logs] = discard(state.discards, { reason, what, count }, now);
  const next = { ...state, discards };
  if (reason !== "unread") return [next, logs];
  const [media, changes] = unread(state.media, what, now);
  const flooded = { ...next, media };
  return [flooded, [...logs, ...changes, ...changesBetween(state, flooded, now)]];
}
