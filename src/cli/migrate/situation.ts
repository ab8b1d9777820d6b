import { type NodeName, nodeName } from "../../base/names.ts";
import { judgeForHeartbeat } from "../../config/heartbeat/check.ts";
import { readConfiguration } from "../../config/load.ts";
import type { ClusterConfig, Diagnostic, GroupConfig } from "../../config/types.ts";
import type { NodeStatus } from "../../control/client/index.ts";
import type { MigrationFacts } from "./facts.ts";

/** What the files come to, for each of the two programs. */
export interface Judgement {
  /** Undefined: Tandem cannot use them. */
  readonly config: ClusterConfig | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly heartbeatStarts: boolean;
  readonly forHeartbeat: readonly Diagnostic[];
}

/** Where a group is now, seen from this machine. */
export interface GroupPlace {
  readonly config: GroupConfig;
  /** `unknown`: it has no address by which to tell. */
  readonly where: "here" | "elsewhere" | "nobody" | "both" | "unknown";
}

/** To where the pair is led: `back` to Heartbeat. */
export type Way = "to-tandem" | "back";

/** Where the pair stands between Heartbeat and Tandem, as far as one of its machines can tell. */
export interface Situation {
  readonly config: ClusterConfig;
  readonly self: NodeName;
  readonly peer: NodeName;
  readonly here: "heartbeat" | "tandem" | "both" | "nothing";
  /** Only a Tandem can tell what the other one is. `silent`: it hears nothing of it. */
  readonly there: "heartbeat" | "tandem" | "silent" | "unknown";
  /** Tandem runs here and agrees with the other node on who has what. */
  readonly joined: boolean;
  readonly groups: readonly GroupPlace[];
  /** Who changes first: the node that serves nothing, so that nothing moves. */
  readonly first: NodeName;
  readonly second: NodeName;
}

export function judge({ files, machine, forHeartbeat, own }: MigrationFacts): Judgement {
  const { config, diagnostics } = readConfiguration(files, machine, own);
  const heartbeat = judgeForHeartbeat(files, forHeartbeat, own);
  return {
    config,
    diagnostics,
    heartbeatStarts: heartbeat.starts,
    forHeartbeat: heartbeat.diagnostics,
  };
}

/** Undefined where the files do not name a pair of which this machine is one. */
export function situationOf(
  facts: MigrationFacts,
  config: ClusterConfig | undefined,
  way: Way,
): Situation | undefined {
  const self = nodeName(facts.own);
  const peer = config?.nodes.find((node) => node !== self);
  if (config === undefined || peer === undefined || !config.nodes.includes(self)) return undefined;
  const here = runsHere(facts);
  const there = runsThere(facts, peer);
  const groups = config.groups.map((group) => ({ config: group, where: whereIs(group, facts) }));
  // Who has begun to change is the first, wherever the groups are by now.
  const hasBegun = way === "back" ? here !== "tandem" : here === "tandem" || here === "both";
  const peerHasBegun = way === "back" && there === "heartbeat";
  const isOurTurn = hasBegun || !(peerHasBegun || servesAll(groups));
  const [first, second] = isOurTurn ? [self, peer] : [peer, self];
  const joined = hasJoined(facts, peer, groups);
  return { config, self, peer, here, there, joined, groups, first, second };
}

function runsHere({ heartbeat, daemon }: MigrationFacts): Situation["here"] {
  const isTandem = daemon.kind !== "stopped";
  if (heartbeat.pid !== undefined) return isTandem ? "both" : "heartbeat";
  return isTandem ? "tandem" : "nothing";
}

function runsThere(facts: MigrationFacts, peer: NodeName): Situation["there"] {
  if (facts.daemon.kind !== "status") return "unknown";
  const node = statusOfPeer(facts, peer);
  if (node === undefined || !isHeard(node)) return "silent";
  return node.dialect === "native" ? "tandem" : "heartbeat";
}

function isHeard({ dialect, status }: NodeStatus): boolean {
  return dialect !== "unknown" && status !== "dead" && status !== "stopped";
}

/** How Tandem here sees the other node; undefined without it. */
export function statusOfPeer({ daemon }: MigrationFacts, peer: NodeName): NodeStatus | undefined {
  if (daemon.kind !== "status") return undefined;
  return daemon.status.nodes.find((node) => node.name === peer);
}

function whereIs(group: GroupConfig, facts: MigrationFacts): GroupPlace["where"] {
  const { daemon, own, machine } = facts;
  if (daemon.kind === "status") {
    const owner = daemon.status.groups.find((one) => one.name === group.name)?.owner;
    if (owner === undefined) return "nobody";
    if (owner.includes(" and ")) return "both";
    return owner === own.toLowerCase() ? "here" : "elsewhere";
  }
  const wanted = group.resources.flatMap((one) => (one.kind === "address" ? [one.address] : []));
  if (wanted.length === 0) return "unknown";
  const present = machine.interfaces.flatMap((one) => one.addresses.map(({ address }) => address));
  return wanted.some((address) => present.includes(address)) ? "here" : "elsewhere";
}

/** Only addresses tell: a group without one decides nothing. */
function servesAll(groups: readonly GroupPlace[]): boolean {
  const known = groups.filter(({ where }) => where !== "unknown");
  return known.length > 0 && known.every(({ where }) => where === "here");
}

/**
 * Both are active, and each group has one owner: opposite a Heartbeat that means that it has answered
 * us, so that it hears us too.
 */
function hasJoined(facts: MigrationFacts, peer: NodeName, groups: readonly GroupPlace[]): boolean {
  const node = statusOfPeer(facts, peer);
  if (facts.daemon.kind !== "status" || node === undefined || !isHeard(node)) return false;
  if (facts.daemon.status.state !== "active" || node.status !== "active") return false;
  if (!node.links.some((link) => link.status === "up")) return false;
  return groups.every(({ where }) => where === "here" || where === "elsewhere");
}

/** Whether this machine serves every group. */
export function ownsAll({ groups }: Situation): boolean {
  return groups.every(({ where }) => where === "here");
}
