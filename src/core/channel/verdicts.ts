import { judgeLink, linkExpiry, nextLinkVerdictAt } from "./links.ts";
import { type Circumstances, excused, judge, nextVerdictAt } from "./liveness.ts";
import { paceOf } from "./pace.ts";
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
  const { beatMs } = paceOf(state);
  return state.peers.reduce((soonest, { liveness, links }) => {
    const { deadtimeMs, graceMs } = liveness;
    const onLinks = links.map((link) =>
      nextLinkVerdictAt(link, { expiry: linkExpiry(link, deadtimeMs, graceMs), beatMs }),
    );
    return Math.min(soonest, nextVerdictAt(liveness, circumstances(state)), ...onLinks);
  }, onPings);
}

/** A deadline has passed; perhaps the beat that would have met it waits in a socket (platform.md 4). */
export function recheck(state: ChannelState, now: number): ChannelStep {
  if (state.rechecking || now < nextVerdictOn(state)) return [state, []];
  return [{ ...state, rechecking: true }, [{ kind: "after-queues" }]];
}

export function judgeAll(state: ChannelState, now: number): ChannelStep {
  const { beatMs } = paceOf(state);
  const peers = state.peers.map((peer) => {
    const verdict = judge(peer.liveness, circumstances(state), now);
    const { deadtimeMs, graceMs } = peer.liveness;
    const isPeerLost = verdict === "silent" || verdict === "unjudged";
    const links = peer.links.map((link) => {
      const expiry = linkExpiry(link, deadtimeMs, graceMs);
      return judgeLink(link, { expiry, beatMs, isPeerLost }, now);
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
