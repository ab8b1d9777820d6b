import { newestFor } from "./history.ts";
import type { Moment } from "./settings.ts";
import type { ChannelEffect, ChannelState, ChannelStep } from "./state.ts";

/**
 * What tandemd says to a Heartbeat node goes out some more times, under its number, over the fast media. That
 * node moves a group word by word and answers for nothing meanwhile; a word that gets lost it misses with the
 * next beat at the earliest, and asks for 50 to 250 ms later. Copies are nothing new to it: over two media each
 * message comes twice (reference/heartbeat/wire.md 5).
 *
 * Two Tandem nodes need none of it: they move make before break.
 */
export type Repeats = readonly Repeat[];

interface Repeat {
  readonly seq: number;
  readonly at: number;
}

/** So long after the message: what loses one packet often loses the next few. */
const REPEATED_AFTER_MS = [20, 60, 140] as const;

export function repeating(state: ChannelState, seq: number, now: number): ChannelState {
  const [peer] = state.peers;
  if (peer?.dialect !== "plain") return state;
  const repeats = REPEATED_AFTER_MS.map((afterMs) => ({ seq, at: now + afterMs }));
  return { ...state, repeats: [...state.repeats, ...repeats] };
}

export function nextRepeatAt({ repeats }: ChannelState): number {
  return repeats.reduce((soonest, { at }) => Math.min(soonest, at), Infinity);
}

/** A state that has been replaced meanwhile is not repeated as it was (history.ts). */
export function repeatIfDue(state: ChannelState, { now }: Moment): ChannelStep {
  const due = state.repeats.filter(({ at }) => at <= now);
  if (due.length === 0) return [state, []];
  const effects = due.flatMap(({ seq }): readonly ChannelEffect[] => {
    const message = newestFor(state.history, seq);
    return message === undefined
      ? []
      : [{ kind: "transmit", message, mayDrop: true, overLines: false }];
  });
  return [{ ...state, repeats: state.repeats.filter(({ at }) => at > now) }, effects];
}
