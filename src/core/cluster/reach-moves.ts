/**
 * What follows from both counts between two Tandem nodes: telling ours, giving what we hold where we
 * reach fewer, and not asking for it back meanwhile. The rules, and why, stand in reach.ts.
 */
import type { Reason } from "../step.ts";
import { mayMove, mayTry, tryMove } from "./budget.ts";
import { tellReach } from "./faces.ts";
import { give } from "./giving.ts";
import { dropNote, setNoteOnce } from "./notes.ts";
import { couldOwn, isNative } from "./peer.ts";
import {
  compareReach,
  decodeReach,
  describeReach,
  encodeReach,
  FOR_REACH,
  ownReach,
  type ToldReach,
} from "./reach.ts";
import { type ClusterState, groupAt, log, patchGroup, type Turn } from "./state.ts";

/**
 * Neither count has changed for so long. The two rounds of asking are up to a keepalive apart, and the
 * word of the later one comes with the next beat at the latest; ipfail waits for two keepalives too.
 */
const SETTLE_BEATS = 2;
const SETTLE_MIN_MS = 2_000;
/** A taker that has refused, or was lost, is not asked again sooner. */
const AGAIN_MS = 60_000;
/** Nobody owned it, and whoever was first to serve it took it (decide.ts), whatever both reach. */
const TAKEN_UNCOMPARED: readonly string[] = ["preferred", "unowned"];

/** First of all after every event: what both reach now, since when, and whether the peer knows. */
export function watchReach(turn: Turn): void {
  const { state } = turn;
  if (!state.config.ipfail || state.peer === undefined) return;
  const reach = ownReach(state);
  const old = state.reach.own;
  const isSame = old !== undefined && reach?.seen === old.seen && reach.of === old.of;
  const own = reach === undefined ? undefined : isSame ? old : { ...reach, since: newSince(turn) };
  const relation = compareReach(own, isNative(state.peer) ? state.peer.reach : undefined);
  const former = state.reach.relation;
  if (own !== old || relation !== former) {
    const before = relation === former ? state.reach.before : former;
    turn.state = { ...state, reach: { ...state.reach, own, relation, before, since: turn.now } };
  }
  const isNews = own !== undefined && encodeReach(own) !== state.reach.told;
  if (isNews && isNative(state.peer)) tellReach(turn);
}

/** Two counts of one millisecond have to be told apart: the earlier word may come last. */
function newSince({ state: { reach }, now }: Turn): number {
  const told = decodeReach(reach.told)?.since ?? 0;
  return Math.max(Math.floor(now), told + 1, Math.floor(reach.own?.since ?? 0) + 1);
}

/** The peer says how many it reaches. What was lost and comes late is of the past. */
export function reachTold(turn: Turn, told: ToldReach | undefined): void {
  const { peer, config } = turn.state;
  if (peer === undefined || told === undefined || !config.ipfail) return;
  const old = peer.reach;
  if (old !== undefined && told.since < old.since) return;
  turn.state = { ...turn.state, peer: { ...peer, reach: told } };
  if (old?.seen === told.seen && old.of === told.of) return;
  const ours = config.pings.nodes.length;
  turn.state = { ...turn.state, reach: { ...turn.state.reach, since: turn.now } };
  if (told.of !== ours && old?.of !== told.of)
    log(
      turn,
      "WARN",
      `${peer.node} counts ${told.of} ping nodes, this node ${ours}: make ha.cf the same on both nodes; nothing is moved for what they reach`,
    );
}

/** We hold it: does it go to the other, which reaches more? */
export function giveForReach(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { relation, since } = turn.state.reach;
  if (relation !== "fewer") {
    dropNote(turn, place, "stays-here");
    return;
  }
  const isPlaced = group.servedSince > since && !TAKEN_UNCOMPARED.includes(group.reason.rule);
  if (!isSettled(turn) || isPlaced) return;
  const peer = turn.state.peer?.node ?? "the peer";
  const isSpent = !mayMove(group.moves, turn.now) || !mayTry(group.moves, turn.now);
  const isAble = couldOwn(turn.state, place);
  const text = sentence(turn.state);
  if (isSpent || !isAble) {
    const why = isAble ? "it was moved too often lately" : `${peer} is not free to own it`;
    setNoteOnce(turn, place, "WARN", {
      kind: "stays-here",
      text: `stays here: ${text}, but ${why}`,
    });
    return;
  }
  if (turn.now - (group.moves.tried.at(-1) ?? -Infinity) < AGAIN_MS) return;
  const moves = tryMove(group.moves, turn.now);
  patchGroup(turn, place, { moves, note: undefined });
  give(turn, place, { reason: { rule: FOR_REACH, text }, urgent: true });
}

/** We are its home and it is due: is it better off where it is? The group's note says so. */
export function keepsAwayForReach(turn: Turn, place: number): boolean {
  const { relation, before } = turn.state.reach;
  if (relation === "fewer") {
    const text = `stays there: ${sentence(turn.state)}`;
    setNoteOnce(turn, place, "info", { kind: "stays-there", text });
    return true;
  }
  if (relation === "unsure") {
    // As a rule they answer at once: nothing for the log.
    const text = "waits until our ping nodes have answered";
    patchGroup(turn, place, { note: { kind: "waits", text } });
    return true;
  }
  if (before === "fewer" && !isSettled(turn)) return true;
  dropNote(turn, place, "stays-there");
  dropNote(turn, place, "waits");
  return false;
}

/** The preferred node asks for it, and says what it reaches; undefined: nothing speaks against it. */
export function objectionToFailback(turn: Turn, told: string | undefined): string | undefined {
  reachTold(turn, decodeReach(told));
  const { peer } = turn.state;
  const ours = turn.state.config.ipfail ? ownReach(turn.state) : undefined;
  if (ours === undefined || peer?.reach === undefined) return undefined;
  if (compareReach(ours, peer.reach) !== "more") return undefined;
  const { self } = turn.state;
  return describeReach({ node: peer.node, reach: peer.reach }, { node: self, reach: ours });
}

/**
 * The preferred node asks for it and reaches more: that is why it goes then, and the proof of its path,
 * where an owner that is cut off would wait in vain for an ARP answer. While the counts may yet become
 * equal it is `unsettled`: as a rule the same ping node has come back for both, for one of them first.
 */
export function reasonToGiveForReach(turn: Turn): Reason | "unsettled" | undefined {
  const { peer, self, config } = turn.state;
  const ours = config.ipfail ? ownReach(turn.state) : undefined;
  if (ours === undefined || peer?.reach === undefined) return undefined;
  if (compareReach(ours, peer.reach) !== "fewer") return undefined;
  if (!isSettled(turn)) return "unsettled";
  const theirs = { node: peer.node, reach: peer.reach };
  return { rule: FOR_REACH, text: describeReach({ node: self, reach: ours }, theirs) };
}

/** When the counts have settled, if something waits for it. */
export function reachDueAt(turn: Turn): readonly number[] {
  const { relation, before } = turn.state.reach;
  return relation === "fewer" || before === "fewer" ? [settledAt(turn.state)] : [];
}

function isSettled({ state, now }: Turn): boolean {
  return now >= settledAt(state);
}

function settledAt({ reach, snapshot, config }: ClusterState): number {
  const beatMs = snapshot?.announcedMs.beat ?? config.timers.keepaliveMs;
  return reach.since + Math.max(SETTLE_MIN_MS, SETTLE_BEATS * beatMs);
}

function sentence({ self, peer, reach }: ClusterState): string {
  if (peer?.reach === undefined || reach.own === undefined) return "";
  return describeReach({ node: self, reach: reach.own }, { node: peer.node, reach: peer.reach });
}
