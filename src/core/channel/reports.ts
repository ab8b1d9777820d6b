import type { LogEffect } from "../step.ts";
import { type Link, reportOf, statusOf } from "./links.ts";
import { deadlineOf } from "./liveness.ts";
import { mediaReport } from "./media.ts";
import { boundLineMs, paceOf } from "./pace.ts";
import { isHeard, type Peer } from "./peer.ts";
import { pingChanges, pingReports } from "./pings.ts";
import type { ChannelReport, ChannelSnapshot, LinkReport, PeerReport } from "./report.ts";
import { type ChannelEffect, type ChannelState, log } from "./state.ts";

/**
 * What changed for the listener between two states of the same step. Reports are made by comparing,
 * so that no reducer can forget one.
 */
export function changesBetween(
  before: ChannelState,
  after: ChannelState,
  now: number,
): readonly ChannelEffect[] {
  const isSameSight = before.media.usableSince === after.media.usableSince;
  const ofPeers = after.peers.flatMap((peer) => {
    const former = before.peers.find((old) => old.node === peer.node);
    if (former === undefined || (former === peer && isSameSight)) return [];
    return [
      ...livenessLog(former, peer),
      ...peerChange(peerReport(before, former), peerReport(after, peer)),
      ...linkChanges(former, peer, now),
    ];
  });
  const ofPings = pingChanges(before.pings, after.pings).flatMap(
    ({ report, logs }): readonly ChannelEffect[] => [
      ...logs,
      { kind: "report", report: { kind: "ping", ping: report } },
    ],
  );
  return [...ofPeers, ...ofPings];
}

/** Everything at once, for a tandemd that has just begun to listen. */
export function allReports(state: ChannelState, now: number): readonly ChannelReport[] {
  const ofPeers = state.peers.flatMap((peer): readonly ChannelReport[] => [
    { kind: "peer", peer: peerReport(state, peer) },
    ...peer.links.map(
      (link) => ({ kind: "link", node: peer.node, link: reportOf(link, now) }) as const,
    ),
    ...(peer.st === undefined
      ? []
      : [{ kind: "beat", node: peer.node, st: peer.st, words: peer.words } as const]),
  ]);
  const ofPings = pingReports(state.pings).map((ping) => ({ kind: "ping", ping }) as const);
  return [...ofPeers, ...ofPings];
}

export function snapshotOf(state: ChannelState, now: number): ChannelSnapshot {
  return {
    peers: state.peers.map((peer) => peerReport(state, peer)),
    links: state.peers.flatMap((peer) =>
      peer.links.map((link) => ({ node: peer.node, link: reportOf(link, now) })),
    ),
    media: mediaReport(state.media),
    pings: pingReports(state.pings),
    announcedMs: announced(state),
    discarded: state.discards.counts,
  };
}

function announced(state: ChannelState): ChannelSnapshot["announcedMs"] {
  const { beatMs, deadtimeMs } = paceOf(state);
  return { beat: beatMs, deadtime: deadtimeMs };
}

function peerReport(state: ChannelState, peer: Peer): PeerReport {
  const { node, liveness, hearsUs, unheardMs, acked, dialect, uuid, generation } = peer;
  return {
    node,
    liveness: liveness.verdict,
    hearsUs: hearsUs && isHeard(peer),
    unheardMs,
    unacknowledgedSince: isHeard(peer) && acked?.overdue ? acked.at : undefined,
    dialect,
    heardAt: liveness.heardAt,
    deadtimeMs: liveness.deadtimeMs,
    uuid,
    generation,
    silentAt: silentAt(state, peer),
    lineMs: boundLineMs(state),
  };
}

function silentAt({ media, settings }: ChannelState, { liveness }: Peer): number | undefined {
  const { usableSince } = media;
  const isOpen = liveness.verdict === "suspect" || liveness.verdict === "unjudged";
  if (!isOpen || usableSince === undefined) return undefined;
  return deadlineOf(liveness, { usableSince, warntimeMs: settings.timers.warntimeMs });
}

function peerChange(before: PeerReport, after: PeerReport): readonly ChannelEffect[] {
  const keys = Object.keys(after) as (keyof PeerReport)[];
  if (keys.every((key) => before[key] === after[key])) return [];
  return [{ kind: "report", report: { kind: "peer", peer: after } }];
}

function livenessLog(former: Peer, peer: Peer): readonly LogEffect[] {
  const { verdict } = peer.liveness;
  if (former.liveness.verdict === verdict) return [];
  if (verdict === "silent") return [log("WARN", `node ${peer.node}: is dead`)];
  if (verdict !== "unjudged") return [];
  return [log("WARN", `node ${peer.node}: silent, but no medium works here: no verdict about it`)];
}

function linkChanges(former: Peer, peer: Peer, now: number): readonly ChannelEffect[] {
  return peer.links.flatMap((link): readonly ChannelEffect[] => {
    const old = former.links.find((other) => other.medium === link.medium);
    if (old === undefined || old === link || statusOf(old) === statusOf(link)) return [];
    return [
      linkLog(peer, link, statusOf(link)),
      { kind: "report", report: { kind: "link", node: peer.node, link: reportOf(link, now) } },
    ];
  });
}

function linkLog(peer: Peer, link: Link, status: LinkReport["status"]): LogEffect {
  const name = `Link ${peer.node}:${link.medium}`;
  switch (status) {
    case "up":
      return log("info", `${name} up.`);
    case "dead":
      return log("info", `${name} dead.`);
    case "in-only":
      return log("WARN", `${name}: one way only: it is heard there and does not hear us`);
    default:
      return log("WARN", `${name}: one way only: it hears us there and is not heard`);
  }
}
