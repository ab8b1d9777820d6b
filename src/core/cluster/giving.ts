/**
 * The giver of a planned move between two Tandem nodes (safety.md 6): offer, ready, commit, announced.
 * Until the commit we own and serve, and any doubt ends in `holding` again with nothing lost. The
 * commit carries the next epoch and is the point of no return: recorded before it is sent, repeated
 * until the taker has announced; after it we take back only through the taker's death.
 */
import type { Reason } from "../step.ts";
import { MOVES_MAX, mayMove, movesWord, spendMove } from "./budget.ts";
import type { Epoch } from "./epoch.ts";
import { isExclusive } from "./exclusive.ts";
import type { Give, Group } from "./group.ts";
import { hasAddress, hasCarrier, holdsLease } from "./group.ts";
import { tell } from "./native.ts";
import { dropNote } from "./notes.ts";
import { claimOf, isNative } from "./peer.ts";
import { FOR_REACH, reachWord } from "./reach.ts";
import { release, whyHeldBack } from "./releasing.ts";
import {
  beginProbe,
  drawNonce,
  enter,
  groupAt,
  log,
  operate,
  patchGroup,
  type Turn,
  wallSeconds,
} from "./state.ts";
import { resumeServing } from "./taking.ts";

/** ARP answers in a row, a second apart, for the taker's own address (safety.md 6). */
export const PATH_ANSWERS = 3;
export const PATH_SPACING_MS = 1_000;
/** The path is proven within 3 s or the switch port does not forward; a planned move gives up after this. */
const PROVE_MS = 15_000;
/** A taker that is silent for so long after the offer does not count as willing. */
const ACKNOWLEDGE_MS = 2_000;
/** Services are up on the taker by then, or the move ends without effect (handover.md, knobs). */
const PREPARE_MS = 60_000;
const COMMIT_REPEAT_MS = 1_000;
/** A taker that has refused, or did not answer, is offered it again by a rule after this. */
const OFFER_AGAIN_MS = 2_000;
/** After `announced`: for packets that are under way to us. */
const DRAIN_MS = 500;

/** The rule by which a group is given where clients cannot reach it: no carrier on its interface. */
export const FOR_CARRIER = "no-carrier";
/** The rule by which it is given to its home, which asks for it. */
export const FAILBACK = "failback";
/** The taker's reason where the move drew on the budget. */
export const MOVED_BY_RULE = "moved-by-rule";

/** Give it to the peer, which must be able to own it. Where `urgent`, or without carrier, clients cannot reach us anyway. */
export function give(
  turn: Turn,
  place: number,
  options: { reason: Reason; urgent: boolean },
): void {
  const group = groupAt(turn, place);
  const { reason } = options;
  const proposal: Give = { move: drawNonce(turn), reason, draws: isDrawing(group, reason) };
  log(
    turn,
    "info",
    `group ${group.config.name}: giving it to ${turn.state.peer?.node}: ${options.reason.text}`,
  );
  if (options.urgent || !hasCarrier(group) || isProven(turn, group)) {
    offer(turn, place, proposal);
  } else {
    enter(turn, place, { kind: "proving", give: proposal }, { alarm: turn.now + PROVE_MS });
  }
}

/** What counts, and why: budget.ts. */
function isDrawing(group: Group, { rule }: Reason): boolean {
  if (rule === FAILBACK) return group.reason.rule === MOVED_BY_RULE;
  return rule === FOR_CARRIER || rule === FOR_REACH;
}

/** The taker's own address answers where clients are; a group without an address needs no proof. */
function isProven(turn: Turn, group: Group): boolean {
  const target = turn.state.peer?.faces[group.place];
  return !hasAddress(group) || target === "" || group.path.answers >= PATH_ANSWERS;
}

/**
 * Where the giver is the one that is cut off no proof can come: who asks is told the way out, in few words,
 * for a serial line (faces.ts).
 */
export function whyUnproven({ state }: Turn, place: number): string {
  const { peer, self, groups, stopping } = state;
  const address = peer?.faces[place];
  if (address === undefined) return `${peer?.node} has not told its own address there`;
  const where = groups[place]?.face?.interface ?? "the service interface";
  const why = `${address} does not answer ARP on ${where} of ${self}`;
  // A stop waits for the proof too, but goes on without it (decide.ts).
  const wayOut = "if that node is cut off, stop Tandem on it: the group goes anyway";
  return stopping ? why : `${why} (${wayOut})`;
}

/** A path probe was answered: go on with what waited for it. */
export function pathAnswered(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  if (group.phase.kind === "proving" && isProven(turn, group)) offer(turn, place, group.phase.give);
}

/** On a slow line each group's offer waits for those before it, and so do two answers to each. */
function acknowledgeMs({ state }: Turn): number {
  const lineMs = state.peer?.report.lineMs ?? 0;
  return ACKNOWLEDGE_MS + 3 * state.groups.length * lineMs;
}

function offer(turn: Turn, place: number, proposal: Give): void {
  const alarm = turn.now + acknowledgeMs(turn);
  enter(turn, place, { kind: "offering", give: proposal, acknowledged: false }, { alarm });
  const { epoch, moves } = groupAt(turn, place);
  tell(turn, place, "offer", {
    move: proposal.move,
    epoch: epoch.number.toString(16),
    why: proposal.reason.text,
    ...movesWord(moves, turn.now),
    ...(proposal.draws ? { draws: "1" } : {}),
    ...(proposal.reason.rule === FOR_REACH ? reachWord(turn.state) : {}),
  });
}

/** The taker has begun; its services may take their time. */
export function acknowledged(turn: Turn, place: number, move: string): void {
  const { phase } = groupAt(turn, place);
  if (phase.kind !== "offering" || phase.give.move !== move || phase.acknowledged) return;
  enter(turn, place, { ...phase, acknowledged: true }, { alarm: turn.now + PREPARE_MS });
}

/** The taker is ready: commit, or stop first what must never run twice. */
export function takerReady(turn: Turn, place: number, move: string): void {
  const group = groupAt(turn, place);
  if (group.phase.kind !== "offering" || group.phase.give.move !== move) {
    readyForAnother(turn, place, move);
    return;
  }
  const { give: proposal } = group.phase;
  // What the taker refuses is no move: the budget is kept for one that is.
  if (proposal.draws) spend(turn, place);
  if (isExclusive(group.config)) {
    release(turn, place, {
      reason: proposal.reason,
      order: "right-to-left",
      after: "free",
      commit: proposal,
    });
    commitWhenStopped(turn, place);
    return;
  }
  commit(turn, place, proposal);
  for (const [index, resource] of group.config.resources.entries()) {
    if (resource.kind === "address") operate(turn, place, index, "mute");
  }
}

function spend(turn: Turn, place: number): void {
  const { config, moves } = groupAt(turn, place);
  const after = spendMove(moves, turn.now);
  patchGroup(turn, place, { moves: after });
  if (mayMove(after, turn.now)) return;
  log(
    turn,
    "CRIT",
    `group ${config.name}: moved by itself ${MOVES_MAX} times in ten minutes: it stays where it can run now; look for what comes and goes, a cable, a switch, a ping node`,
  );
}

/** It is ready for a move that we have committed, or no longer know: our life that offered it is over. */
function readyForAnother(turn: Turn, place: number, move: string): void {
  const { phase } = groupAt(turn, place);
  const isUnderWay = "give" in phase && phase.give.move === move;
  if (isUnderWay || phase.kind === "releasing" || phase.kind === "draining") return;
  tell(turn, place, "abort", { move, why: "this move is not known here any more" });
}

/** An exclusive group's giver, once its last stop has ended; where one would not, it keeps the group. */
export function commitWhenStopped(turn: Turn, place: number): void {
  const { phase } = groupAt(turn, place);
  if (phase.kind !== "releasing" || phase.commit === undefined || phase.opId !== -1) return;
  if (phase.queue.length === 0) commit(turn, place, phase.commit);
  else keepAfterAll(turn, place, phase.commit);
}

/** Nothing is committed: what has stopped is started again. */
function keepAfterAll(turn: Turn, place: number, { move }: Give): void {
  const group = groupAt(turn, place);
  const why = whyHeldBack(group);
  tell(turn, place, "abort", { move, why });
  log(
    turn,
    "WARN",
    `group ${group.config.name}: not given to ${turn.state.peer?.node}; it stays here`,
  );
  const isAnswering = hasAddress(group) && holdsLease(group);
  resumeServing(turn, place, { rule: "stop-failed", text: why }, isAnswering);
  patchGroup(turn, place, { note: { kind: "not-moved", text: `not moved: ${why}` } });
}

function commit(turn: Turn, place: number, proposal: Give): void {
  const taker = turn.state.peer?.node ?? turn.state.self;
  const number = Math.max(turn.state.highestEpoch + 1, Math.floor(wallSeconds(turn)));
  const epoch: Epoch = { number, node: taker, basis: "agreed" };
  turn.state = { ...turn.state, highestEpoch: number };
  dropNote(turn, place, "stays-here");
  const isForReach = proposal.reason.rule === FOR_REACH;
  // It is to come home once we reach as much again.
  patchGroup(turn, place, isForReach ? { epoch, failbackDue: true } : { epoch });
  enter(turn, place, { kind: "committed", give: proposal }, { reason: proposal.reason });
  repeatCommit(turn, place);
}

/** Sent again until it is answered: after the point of no return there is only forward. */
export function repeatCommit(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  if (group.phase.kind !== "committed") return;
  tell(turn, place, "commit", {
    move: group.phase.give.move,
    epoch: group.epoch.number.toString(16),
  });
  enter(turn, place, group.phase, { alarm: turn.now + COMMIT_REPEAT_MS });
}

/** The taker answers for it now. */
export function takerAnnounced(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  if (group.phase.kind !== "committed") return;
  log(
    turn,
    "info",
    `group ${group.config.name}: ${turn.state.peer?.node} serves it now (epoch ${group.epoch.number})`,
  );
  enter(turn, place, { kind: "draining" }, { alarm: turn.now + DRAIN_MS });
}

/** The grace is over: stop our part. */
export function drained(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  release(turn, place, { reason: group.reason, order: "right-to-left", after: "free" });
}

/** Before the commit: we go on serving as if nothing had been. The taker undoes its part. */
export function callOff(turn: Turn, place: number, why: string): void {
  const group = groupAt(turn, place);
  const { phase } = group;
  if (phase.kind !== "proving" && phase.kind !== "offering") return;
  if (phase.kind === "offering") tell(turn, place, "abort", { move: phase.give.move, why });
  // The peer has heard nothing of it yet, and waits if it was the one that asked.
  else if (isAskedFor(phase.give)) tell(turn, place, "decline", { why });
  log(
    turn,
    "WARN",
    `group ${group.config.name}: not given to ${turn.state.peer?.node}: ${why}; it stays here`,
  );
  const alarm = turn.now + OFFER_AGAIN_MS;
  enter(turn, place, { kind: "holding", move: undefined }, { alarm });
  patchGroup(turn, place, { note: { kind: "not-moved", text: `not moved: ${why}` } });
}

function isAskedFor({ reason }: Give): boolean {
  return reason.rule === "takeover-asked" || reason.rule === "failback";
}

/** While we own: keep the proof of the path up to date, at most one probe a second. */
export function keepPathProven(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { path } = group;
  const { peer } = turn.state;
  const target = peer?.faces[place] ?? "";
  if (!isNative(peer) || claimOf(peer, place)?.part === "unable") {
    if (path.answers > 0) patchGroup(turn, place, { path: { ...path, answers: 0 } });
    return;
  }
  if (target === "" || !hasAddress(group) || path.probeId !== undefined) return;
  if (path.answers >= PATH_ANSWERS || turn.now < path.nextAt) return;
  const { name } = group.config;
  const probeId = beginProbe(turn, place, { kind: "path", group: name, address: target });
  patchGroup(turn, place, { path: { ...path, probeId, nextAt: turn.now + PATH_SPACING_MS } });
}
