import type { NodeName } from "../../base/names.ts";
import type { Random } from "../../base/random.ts";
import { draw } from "../../base/random.ts";
import type { ClusterConfig } from "../../config/types.ts";
import type { ChannelSnapshot, PeerReport, PingReport } from "../channel/report.ts";
import type { Claim } from "../claim.ts";
import type { LogLevel, Reason } from "../step.ts";
import type { Group, Phase, ResourceState } from "./group.ts";
import type { PlainState } from "./plain-state.ts";
import type { ReachState, ToldReach } from "./reach.ts";
import type {
  ClusterEffect,
  FirewallNews,
  Probe,
  ResourceOperation,
  ResourceSet,
} from "./world.ts";

/** Everything that the cluster machine knows. Plain data. */
export interface ClusterState {
  readonly self: NodeName;
  readonly config: ClusterConfig;
  readonly bootId: string;
  readonly random: Random;
  readonly st: "starting" | "up" | "active";
  readonly stopping: boolean;
  /** The last word is said: nothing more is done. */
  readonly ended: boolean;
  readonly startedAt: number;
  readonly wallOffsetS: number;
  readonly session: string | undefined;
  readonly realtime: string;
  /** Undefined in a cluster of one. */
  readonly peer: PeerView | undefined;
  readonly groups: readonly Group[];
  readonly nextId: number;
  /** Operations and probes that are out, by id. */
  readonly pending: Readonly<Record<number, Pending>>;
  readonly requests: readonly PendingRequest[];
  readonly highestEpoch: number;
  /** Wall-clock seconds of our own deaths, newest last (failback.ts). */
  readonly deaths: readonly number[];
  /** This life began after a clean end, and has lost nothing since: what died before it does not count. */
  readonly cameCleanly: boolean;
  readonly disk: { readonly ok: boolean; readonly detail: string };
  readonly firewall: FirewallNews;
  readonly snapshot: ChannelSnapshot | undefined;
  /** What we reach outside the pair, as last reported: newer than the snapshot's. */
  readonly pings: readonly PingReport[];
  /** What both nodes reach of it, where ha.cf asks for ipfail (reach.ts). */
  readonly reach: ReachState;
  /** The pulse's last tick, right behind which it renews; undefined: none in this life. */
  readonly ticked: { readonly at: number; readonly everyMs: number } | undefined;
  /** What was last given out, so that only changes are. */
  readonly said: string;
  readonly held: string;
  readonly recorded: string;
  readonly wokenAt: number | undefined;
}

export interface PeerView {
  readonly node: NodeName;
  readonly report: PeerReport;
  /** Since when it has been heard without a break; undefined: it is not. */
  readonly heardSince: number | undefined;
  readonly st: string;
  /** Its words about the groups, in the order of haresources; undefined: none that may be acted on. */
  readonly claims: readonly Claim[] | undefined;
  /** Its own address on each group's service interface, by the group's place; empty: none there. */
  readonly faces: readonly string[];
  /** When we last asked for them (faces.ts). */
  readonly facesAskedAt: number | undefined;
  /** How many ping nodes it reaches, as it last said; undefined: it has not. */
  readonly reach: ToldReach | undefined;
  /** MACs that are known to be its own, lower case; kept over restarts. */
  readonly macs: readonly string[];
  /**
   * It has released everything. `heardAt`: it said so then, and we were awake; undefined: our journal
   * knows it, or the word had waited while we slept.
   */
  readonly released: { readonly heardAt: number | undefined } | undefined;
  /** Its list of groups is not ours: nothing is moved by agreement. */
  readonly differs: boolean;
  readonly plain: PlainState;
}

export interface Pending {
  readonly place: number;
  readonly index: number;
  readonly op: ResourceOperation["op"] | Probe["kind"];
}

export interface PendingRequest {
  /** Undefined: nobody waits for the answer. */
  readonly id: number | undefined;
  readonly kind: "standby" | "takeover";
  readonly set: ResourceSet;
  readonly places: readonly number[];
  /** Of these the move has been begun. */
  readonly begun: readonly number[];
  readonly startedAt: number;
  readonly until: number;
}

/** One event's work: the state as it becomes, and what is to be done. Lives only inside a step. */
export interface Turn {
  state: ClusterState;
  readonly effects: ClusterEffect[];
  readonly now: number;
}

export function groupAt(turn: Turn, place: number): Group {
  const group = turn.state.groups[place];
  if (group === undefined) throw new Error(`assertion failed: no group at place ${place}`);
  return group;
}

export function patchGroup(turn: Turn, place: number, patch: Partial<Group>): void {
  const groups = turn.state.groups.map((group) =>
    group.place === place ? { ...group, ...patch } : group,
  );
  turn.state = { ...turn.state, groups };
}

/** Every change of phase passes here: it dates the phase and clears the former one's alarm. */
export function enter(
  turn: Turn,
  place: number,
  phase: Phase,
  options: { reason?: Reason; alarm?: number | undefined } = {},
): void {
  const group = groupAt(turn, place);
  const sameKind = group.phase.kind === phase.kind;
  patchGroup(turn, place, {
    phase,
    since: sameKind ? group.since : turn.now,
    alarm: options.alarm,
    // Nobody else could answer while we did: what a probe heard then says nothing of now.
    ...(ANSWERING.includes(group.phase.kind) && !ANSWERING.includes(phase.kind)
      ? { probe: undefined }
      : {}),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  });
}

const ANSWERING: readonly Phase["kind"][] = ["starting", "holding", "proving", "offering"];

/** Not ours any more, or not yet; what still runs here of it is remembered as left over. */
export function goFree(turn: Turn, place: number, alarm?: number): void {
  const leftover = groupAt(turn, place).resourceStates.some(
    (state) => state !== "stopped" && state !== "failed",
  );
  enter(turn, place, { kind: "free", leftover }, { alarm });
}

export function log(turn: Turn, level: LogLevel, text: string): void {
  turn.effects.push({ kind: "log", level, text });
}

/** Begin an operation; its end is the event `resource-done` with the id returned. */
export function operate(
  turn: Turn,
  place: number,
  index: number,
  op: ResourceOperation["op"],
): number {
  const id = newPending(turn, { place, index, op });
  const operation = { group: groupAt(turn, place).config.name, index, op };
  turn.effects.push({ kind: "resource", id, operation });
  return id;
}

/** Begin a probe; its end is the event `probe-done` with the id returned. */
export function beginProbe(turn: Turn, place: number, probe: Probe): number {
  const id = newPending(turn, { place, index: -1, op: probe.kind });
  turn.effects.push({ kind: "probe", id, probe });
  return id;
}

function newPending(turn: Turn, pending: Pending): number {
  const id = turn.state.nextId;
  turn.state = {
    ...turn.state,
    nextId: id + 1,
    pending: { ...turn.state.pending, [id]: pending },
  };
  return id;
}

export function setResource(turn: Turn, place: number, index: number, to: ResourceState): void {
  const states = [...groupAt(turn, place).resourceStates];
  states[index] = to;
  patchGroup(turn, place, { resourceStates: states });
}

/** A nonce of 32 bits in hex. */
export function drawNonce(turn: Turn): string {
  const [value, random] = draw(turn.state.random);
  turn.state = { ...turn.state, random };
  return Math.floor(value * 0x100000000)
    .toString(16)
    .padStart(8, "0");
}

/** time(2), from the one reading at boot and the steady clock since. */
export function wallSeconds(turn: Turn): number {
  return turn.state.wallOffsetS + turn.now / 1000;
}

/**
 * The pulse has ticked lately: we have not slept, and what we know is of now. A tick under SCHED_RR came
 * up to 47 ms late (platform.md 4), and its message takes its time.
 */
export function isAwake({ state, now }: Turn): boolean {
  const { ticked } = state;
  return ticked !== undefined && now - ticked.at <= ticked.everyMs + TICK_LATE_MS;
}

const TICK_LATE_MS = 100;
