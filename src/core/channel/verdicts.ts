import { linkExpiry } from "./links.ts";
import { type Circumstances, excused, judge, nextVerdictAt } from "./liveness.ts";
import { excusedPings, judgePings, nextPingVerdictAt } from "./pings.ts";
import { changesBetween } from "./reports.ts";
import type { ChannelEffect, ChannelState, ChannelStep } from "./state.ts";

function circumstances(state: ChannelState): Circumstances {
  const { warntimeMs } = state.settings.timers;
  return { warntimeMs, usableSince: state.media.usableSince };
}

/** When the next verdict on a peer, a link or a ping node may fall. */
export function nextVerdictOn(state: ChannelState): number {
  const onPings = nextPingVerdictAt(state.pings);
  return state.peers.reduce((soonest, { liveness, links }) => {
    const { deadtimeMs, graceMs } = liveness;
    const expiries = links.map((link) => linkExpiry(link, deadtimeMs, graceMs));
    return Math.min(soonest, nextVerdictAt(liveness, circumstances(state)), ...expiries);
  }, onPings);
}

/** A deadline has passed; perhaps the beat that would have met it waits in a socket (platform.md 4). */
export function recheck(state: ChannelState, now: number): ChannelStep {
  if (state.rechecking || now < nextVerdictOn(state)) return [state, []];
  return [{ ...state, rechecking: true }, [{ kind: "after-queues" }]];
}

export function judgeAll(state: ChannelState, now: number): ChannelStep {
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
  const next = { ...state, peers, pings: judgePings(state.pings, now) };
  return [next, changesBetween(state, next, now)];
}

/** What the peer said while we slept may be lost: its silence is not counted for as long. */
export function stalled(state: ChannelState, lateMs: number): ChannelStep {
  const peers = state.peers.map((peer) => ({ ...peer, liveness: excused(peer.liveness, lateMs) }));
  const effect: ChannelEffect = { kind: "report", report: { kind: "stalled", lateMs } };
  return [{ ...state, peers, pings: excusedPings(state.pings, lateMs) }, [effect]];
}
