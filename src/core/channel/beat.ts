import { messageOf } from "../../wire/message.ts";
import { beaten } from "./media.ts";
import { hasRoom, paceOf, ROOM_EVERY_MS } from "./pace.ts";
import { sendNumbered } from "./send.ts";
import type { Moment } from "./settings.ts";
import type { ChannelState, ChannelStep } from "./state.ts";

/** When we beat next, and what we say. */
export interface Beat {
  /** The next regular one: absolute, a keepalive apart, so that lateness never adds up. */
  readonly dueAt: number;
  /** One more, out of turn. */
  readonly extraAt: number | undefined;
  readonly extraSentAt: number;
  /** Heartbeat's words; `init` is said once, in the first beat of a generation that somebody can hear. */
  readonly st: "init" | "up" | "active";
  /** Ownership, from tandemd; undefined: it has not said anything yet. */
  readonly words: string | undefined;
}

/** Beats out of turn for a peer that has just appeared: at most so often, it may appear all the time. */
const EXTRA_EVERY_MS = 250;

export function firstBeat(dueAt: number, st: Beat["st"]): Beat {
  return { dueAt, extraAt: undefined, extraSentAt: -Infinity, st, words: undefined };
}

export function nextBeatAt(beat: Beat): number {
  return Math.min(beat.dueAt, beat.extraAt ?? Infinity);
}

/** A peer that does not know us yet should soon: a beat out of turn. */
export function beatSoon(beat: Beat, now: number): Beat {
  return { ...beat, extraAt: Math.max(now, beat.extraSentAt + EXTRA_EVERY_MS) };
}

/**
 * After every event: the next beat may have been planned at the pace of a slow line, and something faster
 * carries what we send again. We are judged by what the next one says.
 */
export function hastened(state: ChannelState, now: number): ChannelState {
  const dueAt = Math.min(state.beat.dueAt, now + paceOf(state).beatMs);
  return dueAt === state.beat.dueAt ? state : { ...state, beat: { ...state.beat, dueAt } };
}

export function beatIfDue(state: ChannelState, moment: Moment): ChannelStep {
  const { now } = moment;
  const { beat } = state;
  if (now < nextBeatAt(beat)) return [state, []];
  if (!hasRoom(state, moment.busy)) return [{ ...state, beat: postponed(beat, now) }, []];
  const { beatMs } = paceOf(state);
  const missed = Math.floor(Math.max(0, now - beat.dueAt) / beatMs);
  const dueAt = now < beat.dueAt ? beat.dueAt : beat.dueAt + (missed + 1) * beatMs;
  const isExtra = beat.extraAt !== undefined && now >= beat.extraAt;
  const next: Beat = {
    ...beat,
    dueAt,
    extraAt: isExtra ? undefined : beat.extraAt,
    extraSentAt: isExtra ? now : beat.extraSentAt,
  };
  return beatNow({ ...state, beat: next }, moment);
}

function postponed(beat: Beat, now: number): Beat {
  const at = now + ROOM_EVERY_MS;
  const dueAt = Math.max(beat.dueAt, at);
  return {
    ...beat,
    dueAt,
    extraAt: beat.extraAt === undefined ? undefined : Math.max(beat.extraAt, at),
  };
}

/** Says what we have to say, out of turn too: the regular beats stay where they are. */
export function beatNow(state: ChannelState, moment: Moment): ChannelStep {
  const { deadtimeMs } = paceOf(state);
  const { fields } = messageOf({
    t: "status",
    st: state.beat.st,
    dt: Math.round(deadtimeMs).toString(16),
    protocol: "1",
  });
  const [media, logs] = beaten(state.media, moment.now);
  const saidInit = state.beat.st === "init" && state.media.usableSince !== undefined;
  const st = saidInit ? "up" : state.beat.st;
  const [next, effects] = sendNumbered(
    { ...state, media, beat: { ...state.beat, st } },
    { fields, mayDrop: true },
    moment,
  );
  return [next, [...logs, ...effects]];
}
