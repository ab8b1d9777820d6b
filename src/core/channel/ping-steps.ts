import { discard } from "./discards.ts";
import { answered, hindered, isOurPing, pingRound } from "./pings.ts";
import { changesBetween } from "./reports.ts";
import type { Moment } from "./settings.ts";
import type { ChannelEvent, ChannelState, ChannelStep } from "./state.ts";

/** Asks all ping nodes each keepalive, whatever a slow line makes of the beats. */
export function pingIfDue(state: ChannelState, moment: Moment): ChannelStep {
  const { session } = state;
  const { keepaliveMs } = state.settings.timers;
  const [pings, round] = pingRound(state.pings, { session, keepaliveMs }, moment);
  return [{ ...state, pings }, round.map((ping) => ({ kind: "ping", ...ping }))];
}

export function pongHeard(
  state: ChannelState,
  { node, message }: Extract<ChannelEvent, { kind: "pong" }>,
  now: number,
): ChannelStep {
  if (!isOurPing(message, node, state.session)) {
    const [discards, logs] = discard(state.discards, { reason: "not-our-ping", what: node }, now);
    return [{ ...state, discards }, logs];
  }
  const next = { ...state, pings: answered(state.pings, node, now) };
  return [next, changesBetween(state, next, now)];
}

/** Whether it can be asked has changed. */
export function pingMediumEvent(
  state: ChannelState,
  { node, usable, detail }: Extract<ChannelEvent, { kind: "ping-medium" }>,
  now: number,
): ChannelStep {
  const next = { ...state, pings: hindered(state.pings, node, usable ? "" : detail) };
  return [next, changesBetween(state, next, now)];
}
