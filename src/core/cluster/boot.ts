/**
 * The first step of a life. A node that starts owns nothing, unless it can prove that what its
 * journal says is still true: same boot, last word "owned", and the address still there with its
 * finite lifetime, the kernel's own proof that nobody can have taken over on silence (safety.md 3).
 * Whatever it cannot adopt it clears away before it says that it is free.
 */
import { seeded } from "../../base/random.ts";
import type { GroupConfig } from "../../config/types.ts";
import { type Moves, NO_MOVES, recalled } from "./budget.ts";
import { DEATHS_MAX } from "./failback.ts";
import { type Group, hasAddress } from "./group.ts";
import { NO_PLAIN } from "./plain-state.ts";
import { startProbe } from "./probing.ts";
import { NO_REACH } from "./reach.ts";
import { release } from "./releasing.ts";
import { type ClusterState, groupAt, log, type PeerView, patchGroup, type Turn } from "./state.ts";
import { resumeServing } from "./taking.ts";
import type { Boot, ClusterRecord, GroupRecord } from "./world.ts";

/** A group without an address has no kernel to vouch for it: its stamp is renewed with every tick. */
export const STAMP_MAX_MS = 3_000;

export function bootState(boot: Boot, now: number): ClusterState {
  const { record } = boot;
  const peerName = boot.config.nodes.find((node) => node !== boot.self);
  return {
    self: boot.self,
    config: boot.config,
    bootId: boot.bootId,
    random: seeded(boot.seed),
    st: "starting",
    stopping: false,
    ended: false,
    startedAt: now,
    wallOffsetS: boot.wallSeconds - now / 1000,
    session: undefined,
    realtime: "",
    peer: peerName === undefined ? undefined : newPeer(peerName, boot),
    groups: boot.config.groups.map((group, place) => newGroup(group, place, boot, now)),
    nextId: 1,
    pending: {},
    requests: [],
    highestEpoch: record?.highestEpoch ?? 0,
    deaths: deathsOf(boot, now),
    cameCleanly: record?.cleanStop === true,
    disk: { ok: true, detail: "" },
    firewall: { obstacles: [], blind: "" },
    snapshot: undefined,
    pings: [],
    reach: NO_REACH,
    ticked: undefined,
    said: "",
    held: "",
    recorded: "",
    wokenAt: undefined,
  };
}

function newPeer(node: PeerView["node"], boot: Boot): PeerView {
  return {
    node,
    report: {
      node,
      liveness: "never-heard",
      hearsUs: false,
      unheardMs: undefined,
      unacknowledgedSince: undefined,
      dialect: "unknown",
      heardAt: undefined,
      deadtimeMs: boot.config.timers.deadtimeMs,
      uuid: undefined,
      generation: 0,
      silentAt: undefined,
      lineMs: undefined,
    },
    heardSince: undefined,
    st: "init",
    claims: undefined,
    faces: [],
    facesAskedAt: undefined,
    reach: undefined,
    macs: boot.record?.peerMacs ?? [],
    released:
      boot.record?.peerReleased === true && boot.record.bootId === boot.bootId
        ? { heardAt: undefined }
        : undefined,
    differs: false,
    plain: NO_PLAIN,
  };
}

function newGroup(config: GroupConfig, place: number, boot: Boot, now: number): Group {
  const recorded = boot.record?.groups[config.name];
  return {
    config,
    place,
    phase: { kind: "unknown" },
    since: now,
    servedSince: now,
    reason: { rule: "started", text: `${boot.self} has just started` },
    epoch: recorded?.epoch ?? { number: 0, node: boot.self, basis: "agreed" },
    alarm: undefined,
    face: undefined,
    resourceStates: config.resources.map(() => "unknown"),
    probe: undefined,
    failbackDue: true,
    moves: movesOf(recorded, boot, now),
    path: { answers: 0, probeId: undefined, nextAt: now },
    granted: undefined,
    dispute: undefined,
    askedAt: undefined,
    ableSince: now,
    note: undefined,
  };
}

/** The clock of another boot says nothing. */
function movesOf(recorded: GroupRecord | undefined, boot: Boot, now: number): Moves {
  if (recorded?.moves === undefined || boot.record?.bootId !== boot.bootId) return NO_MOVES;
  const { own, peers } = recorded.moves;
  return { ...NO_MOVES, own: recalled(own, now), peers: recalled(peers, now) };
}

/**
 * Our last life was a death unless it ended cleanly, or everything it owned can be adopted. One that
 * was ended while it still started owned nothing: what was before it is counted already.
 */
function deathsOf(boot: Boot, now: number): readonly number[] {
  const { record } = boot;
  if (record === undefined || record.cleanStop) return record?.deaths ?? [];
  const owned = boot.config.groups.filter(({ name }) => {
    const word = record.groups[name]?.word;
    return word !== "released" && word !== "clearing";
  });
  const lost = owned.filter((group) => !mayAdopt(group, boot, record, now));
  if (record.bootId === boot.bootId && lost.length === 0) return record.deaths;
  return [...record.deaths, Math.floor(boot.wallSeconds)].slice(-DEATHS_MAX);
}

function mayAdopt(config: GroupConfig, boot: Boot, record: ClusterRecord, now: number): boolean {
  if (record.bootId !== boot.bootId || record.groups[config.name]?.word !== "owned") return false;
  const addresses = config.resources.filter((resource) => resource.kind === "address").length;
  if (addresses === 0) return now - record.at < STAMP_MAX_MS;
  return boot.present.some((present) => present.group === config.name && present.finiteLifetime);
}

/** Adopt or clear away each group, and ask who answers for the addresses. */
export function begin(turn: Turn, boot: Boot): void {
  log(
    turn,
    "info",
    `Tandem starts on ${boot.self}${boot.record === undefined ? ", for the first time" : ""}`,
  );
  for (const group of turn.state.groups) {
    const { record } = boot;
    if (record !== undefined && mayAdopt(group.config, boot, record, turn.now))
      adopt(turn, group.place);
    else clearAway(turn, group.place);
    if (!hasAddress(group)) continue;
    if (groupAt(turn, group.place).phase.kind !== "starting") startProbe(turn, group.place);
  }
}

function adopt(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  patchGroup(turn, place, {
    resourceStates: group.config.resources.map((resource) =>
      resource.kind === "address" ? "running" : "unknown",
    ),
    failbackDue: false,
  });
  const text = "it was ours, and its address is still here with its lifetime";
  log(turn, "info", `group ${group.config.name}: adopted: ${text} (epoch ${group.epoch.number})`);
  resumeServing(turn, place, { rule: "adopted", text }, true);
}

function clearAway(turn: Turn, place: number): void {
  const text = `${turn.state.self} has just started and owns nothing`;
  release(turn, place, {
    reason: { rule: "started", text },
    order: "addresses-first",
    after: "free",
  });
}
