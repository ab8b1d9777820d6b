/** What `tandem status` shows, from the state alone. */

import type { PingReport } from "../channel/report.ts";
import { MOVES_MAX, mayMove } from "./budget.ts";
import { firewallDegradations } from "./firewall.ts";
import { type Group, hasCarrier, isOwner } from "./group.ts";
import { claimOf, isHeard, isPlain, isSilent } from "./peer.ts";
import { peerHoldsGroup } from "./plain-turn.ts";
import type { ClusterState } from "./state.ts";
import type { GroupStatus, NodeStatus, PingStatus, Status } from "./status.ts";

export function statusOf(state: ClusterState, now: number, wallSeconds: number): Status {
  const groups = state.groups.map((group) => groupStatus(state, group, now, wallSeconds));
  const degraded = degradations(state, groups, now);
  const badly = groups.filter(
    (group) => group.owner === undefined || group.owner.includes(" and "),
  );
  const health = badly.length > 0 ? "unowned" : degraded.length > 0 ? "degraded" : "healthy";
  return {
    schema: "tandem.status/1",
    node: state.self,
    state: state.stopping ? "stopping" : state.st,
    verdict: verdictOf(groups, degraded),
    health,
    degraded,
    nodes: nodesOf(state),
    groups,
    media: state.snapshot?.media ?? [],
    pings: state.pings.map((ping) => pingStatus(ping, now)),
    discarded: state.snapshot?.discarded ?? {},
    realtime: state.realtime,
    notRun: notRun(state),
  };
}

function verdictOf(groups: readonly GroupStatus[], degraded: readonly string[]): string {
  const lost = groups.filter((group) => group.owner === undefined).map((group) => group.name);
  if (lost.length > 0) return `NOBODY serves ${lost.join(", ")}`;
  const doubled = groups
    .filter((group) => group.owner?.includes(" and "))
    .map((group) => group.name);
  if (doubled.length > 0) return `TWO nodes claim ${doubled.join(", ")}`;
  const served = groups.map((group) => `${group.name} on ${group.owner}`).join(", ");
  return degraded.length === 0 ? `healthy: ${served}` : `degraded: ${served}; ${degraded[0]}`;
}

function groupStatus(
  state: ClusterState,
  group: Group,
  now: number,
  wallSeconds: number,
): GroupStatus {
  const sinceMs = Math.max(0, Math.round(now - group.since));
  const { kind } = group.phase;
  const { note } = group;
  return {
    name: group.config.name,
    preferred: group.config.preferred,
    owner: ownerOf(state, group),
    state: kind,
    sinceMs,
    since: Math.round(wallSeconds - sinceMs / 1000),
    reason: note === undefined ? group.reason.text : `${group.reason.text} (${note.text})`,
    note,
    epoch: group.epoch.number,
    resources: group.config.resources.map((resource, index) => ({
      name: resource.name,
      kind: resource.kind,
      state: group.resourceStates[index] ?? "unknown",
    })),
  };
}

/** Who answers for it, as far as this node knows: itself, the peer by its fresh words or by ARP, or nobody. */
function ownerOf(state: ClusterState, group: Group): string | undefined {
  const ours = isOwner(group);
  const theirs =
    (group.phase.kind === "probing" && group.phase.peerAnswers === true) ||
    claimOf(state.peer, group.place)?.part === "owns" ||
    (isPlain(state.peer) && peerHoldsGroup(state, group));
  const peer = state.peer?.node ?? "";
  if (ours && theirs) return `${state.self} and ${peer}`;
  if (ours) return state.self;
  return theirs ? peer : undefined;
}

function nodesOf(state: ClusterState): readonly NodeStatus[] {
  const self: NodeStatus = {
    name: state.self,
    status: state.stopping ? "stopping" : state.st,
    dialect: "self",
    heardAtMs: undefined,
    links: [],
  };
  const { peer } = state;
  if (peer === undefined) return [self];
  const links = (state.snapshot?.links ?? [])
    .filter((entry) => entry.node === peer.node)
    .map((entry) => entry.link);
  const status =
    peer.released !== undefined
      ? "stopped"
      : isSilent(peer)
        ? "dead"
        : isHeard(peer)
          ? peer.st
          : peer.report.liveness;
  const heard = [peer.report, ...(state.snapshot?.peers ?? [])]
    .filter((report) => report.node === peer.node)
    .flatMap(({ heardAt }) => (heardAt === undefined ? [] : [heardAt]));
  const other: NodeStatus = {
    name: peer.node,
    status,
    dialect: peer.report.dialect,
    heardAtMs: heard.length === 0 ? undefined : Math.max(...heard),
    links,
  };
  return state.config.nodes.map((node) => (node === state.self ? self : other));
}

function pingStatus(ping: PingReport, now: number): PingStatus {
  const { node, kind, status, answeredAt, hindrance } = ping;
  const ageMs = answeredAt === undefined ? undefined : Math.max(0, now - answeredAt);
  return { name: node, kind, status, ageMs, detail: hindrance };
}

function degradations(
  state: ClusterState,
  groups: readonly GroupStatus[],
  now: number,
): readonly string[] {
  const list: string[] = [];
  const { peer } = state;
  if (peer !== undefined) {
    if (peer.released !== undefined)
      list.push(`${peer.node} is stopped: there is nobody to take over`);
    else if (!isHeard(peer)) list.push(`${peer.node} is not heard: there is nobody to take over`);
    const { unacknowledgedSince } = peer.report;
    if (isHeard(peer) && unacknowledgedSince !== undefined) {
      const seconds = Math.round((now - unacknowledgedSince) / 1000);
      list.push(
        `${peer.node} is heard and has acknowledged nothing for ${seconds} s: it may not hear this node; see whether it lists this node as dead, and look for a firewall between the two`,
      );
    }
    if (peer.differs)
      list.push(`${peer.node} has other groups: make haresources the same on both nodes`);
  }
  list.push(...firewallDegradations(state.firewall));
  for (const medium of state.snapshot?.media ?? []) {
    if (!medium.usable) list.push(`${medium.medium}: ${medium.detail}`);
  }
  for (const { node, link } of state.snapshot?.links ?? []) {
    if (link.status === "dead") list.push(`${node} is not heard on ${link.medium}`);
    if (link.status === "in-only") list.push(`${node} does not hear us on ${link.medium}`);
    if (link.status === "out-only")
      list.push(`${node} is not heard on ${link.medium}, but hears us there`);
  }
  for (const { node, status, hindrance } of state.pings) {
    if (status !== "dead") continue;
    list.push(`ping node ${node} does not answer${hindrance === "" ? "" : `: ${hindrance}`}`);
  }
  for (const group of state.groups) {
    if (!mayMove(group.moves, now))
      list.push(
        `${group.config.name} was moved by itself ${MOVES_MAX} times in ten minutes: it stays where it can run`,
      );
    if (group.phase.kind === "unable")
      list.push(`${group.config.name} cannot run here: ${group.phase.why}`);
    if (group.face !== undefined && !hasCarrier(group)) {
      list.push(`${group.config.name}: ${group.face.interface} has no carrier here`);
    }
    const failed = group.config.resources.filter(
      (_, index) => group.resourceStates[index] === "failed",
    );
    for (const resource of failed) list.push(`${resource.name} has failed here`);
  }
  for (const group of groups) {
    const peerPart = claimOf(
      peer,
      state.groups.find((own) => own.config.name === group.name)?.place ?? -1,
    )?.part;
    if (peerPart === "unable") list.push(`${peer?.node} could not take ${group.name}`);
  }
  if (!state.disk.ok) list.push(`the journal cannot be written to disk: ${state.disk.detail}`);
  return list;
}

function notRun(state: ClusterState): readonly string[] {
  const list: string[] = [];
  if (state.config.watchdog !== undefined)
    list.push(`watchdog ${state.config.watchdog}: not run by this version`);
  for (const respawn of state.config.respawn) {
    list.push(`respawn ${respawn.user} ${respawn.command}: not run by this version`);
  }
  for (const line of state.config.notRun) list.push(`${line}: not run by this version`);
  return list;
}
