/**
 * The taker of a planned move: prepare everything mute and unannounced, say `ready`, and on the
 * commit answer, announce and say so. Before the commit anything can be undone without a trace;
 * after it we own, and a commit that comes again is answered again.
 */
import { decodeMoves, spentByPeer } from "./budget.ts";
import { isExclusive } from "./exclusive.ts";
import { MOVED_BY_RULE } from "./giving.ts";
import { tell } from "./native.ts";
import { claimOf } from "./peer.ts";
import { objectionToReach } from "./reach.ts";
import { release } from "./releasing.ts";
import { enter, groupAt, isAwake, log, operate, patchGroup, type Turn } from "./state.ts";
import { resumeServing, startMute } from "./taking.ts";

/** Pace of saying `ready` again while no commit comes. */
const READY_REPEAT_MS = 1_000;
/** Longer than the giver waits for us: when it is over, it has given up. */
export const PREPARED_MAX_MS = 65_000;

export function offered(
  turn: Turn,
  place: number,
  options: {
    move: string;
    epoch: number;
    why: string;
    pings: string | undefined;
    moves: string | undefined;
    draws: boolean;
  },
): void {
  const group = groupAt(turn, place);
  const { phase } = group;
  const { move } = options;
  if ((phase.kind === "preparing" || phase.kind === "prepared") && phase.move === move) {
    tell(turn, place, phase.kind === "prepared" ? "ready" : "preparing", { move });
    return;
  }
  const objection = objectionTo(turn, place) ?? objectionToReach(turn.state, options.pings);
  if (objection !== undefined) {
    tell(turn, place, "refuse", { move, why: objection });
    return;
  }
  const giver = turn.state.peer?.node ?? turn.state.self;
  // An offer that was lost and sent again may be older than what the giver owns it under now.
  const number = Math.max(options.epoch, claimOf(turn.state.peer, place)?.epoch ?? 0);
  patchGroup(turn, place, {
    epoch: { number, node: giver, basis: group.epoch.basis },
    granted: undefined,
    moves: { ...group.moves, peers: decodeMoves(options.moves, turn.now) ?? group.moves.peers },
  });
  const rule = options.draws ? MOVED_BY_RULE : "offered";
  const reason = { rule, text: `${giver} gives it: ${options.why}` };
  log(turn, "info", `group ${group.config.name}: preparing to take it: ${reason.text}`);
  tell(turn, place, "preparing", { move });
  if (isExclusive(group.config)) {
    enter(turn, place, { kind: "prepared", move }, { reason });
    sayReady(turn, place);
  } else {
    startMute(turn, place, move, reason);
  }
}

function objectionTo(turn: Turn, place: number): string | undefined {
  const group = groupAt(turn, place);
  if (turn.state.stopping) return `${turn.state.self} is stopping`;
  if (group.phase.kind === "unable") return group.phase.why;
  if (group.phase.kind !== "free") return `${turn.state.self} is ${group.phase.kind} just now`;
  if (group.face !== undefined && !group.face.carrier) {
    return `${group.face.interface} of ${turn.state.self} has no carrier`;
  }
  return undefined;
}

/** Everything runs here, mute. Said again until the commit or an end comes. */
export function sayReady(turn: Turn, place: number): void {
  const { phase } = groupAt(turn, place);
  if (phase.kind !== "prepared") return;
  tell(turn, place, "ready", { move: phase.move });
  enter(turn, place, phase, { alarm: turn.now + READY_REPEAT_MS });
}

/** The point of no return is behind the giver: we own it from here. */
export function committed(
  turn: Turn,
  place: number,
  options: { move: string; epoch: number },
): void {
  const group = groupAt(turn, place);
  const { phase } = group;
  if (phase.kind === "holding" && phase.move === options.move) {
    tell(turn, place, "announced", { move: options.move });
    return;
  }
  if (options.epoch <= group.epoch.number && !isLostAgain(turn, place, options.epoch)) return;
  // It was lost and is sent again: the giver has taken it back since, through our silence.
  if ((claimOf(turn.state.peer, place)?.epoch ?? 0) > options.epoch) return;
  // We slept: the giver may have taken it back meanwhile. If it still stands, the commit comes again.
  if (!isAwake(turn)) return;
  if (phase.kind === "prepared" && phase.move === options.move) {
    own(turn, place, options.epoch);
    if (isExclusive(group.config)) resumeServing(turn, place, group.reason, false);
    else answerNow(turn, place, options.move);
    return;
  }
  // We had undone our part, and the giver has let go all the same: nobody else will serve it.
  if (phase.kind === "free" && !turn.state.stopping) {
    own(turn, place, options.epoch);
    resumeServing(turn, place, { rule: "committed", text: "the giver has let go of it" }, false);
  }
}

/**
 * It was committed to us and we took it, but have lost it since, with our address or our life. A giver
 * that has not heard `announced` takes it back only through our death (safety.md 6): nobody else has it.
 */
function isLostAgain(turn: Turn, place: number, committedEpoch: number): boolean {
  const { phase, epoch } = groupAt(turn, place);
  const claim = claimOf(turn.state.peer, place);
  const stands = claim?.part === "drains" && claim.epoch === committedEpoch;
  return phase.kind === "free" && epoch.number === committedEpoch && stands;
}

function own(turn: Turn, place: number, number: number): void {
  turn.state = { ...turn.state, highestEpoch: Math.max(turn.state.highestEpoch, number) };
  const { reason, moves } = groupAt(turn, place);
  if (reason.rule === MOVED_BY_RULE)
    patchGroup(turn, place, { moves: spentByPeer(moves, turn.now) });
  patchGroup(turn, place, {
    epoch: { number, node: turn.state.self, basis: "agreed" },
    note: undefined,
    failbackDue: false,
  });
}

function answerNow(turn: Turn, place: number, move: string): void {
  const group = groupAt(turn, place);
  for (const [index, resource] of group.config.resources.entries()) {
    if (resource.kind !== "address") continue;
    operate(turn, place, index, "unmute");
    operate(turn, place, index, "announce");
  }
  enter(turn, place, { kind: "holding", move });
  patchGroup(turn, place, { servedSince: turn.now });
  log(
    turn,
    "info",
    `group ${group.config.name}: served by this node (epoch ${group.epoch.number}, agreed)`,
  );
  if (!group.config.resources.some((resource) => resource.kind === "address")) {
    tell(turn, place, "announced", { move });
  }
}

/** The first announcement of an address is out: the giver may stop its part. */
export function announced(turn: Turn, place: number): void {
  const { phase } = groupAt(turn, place);
  if (phase.kind === "holding" && phase.move !== undefined) {
    tell(turn, place, "announced", { move: phase.move });
  }
}

/** The giver keeps it: undo our part. Who has asked for it here is told why (requests.ts). */
export function calledOff(turn: Turn, place: number, why: string): void {
  if (!isReceiving(turn, place)) return;
  undo(turn, place, why, `${turn.state.peer?.node} keeps it`);
  patchGroup(turn, place, { note: { kind: "not-given", text: `not given to us: ${why}` } });
}

/** Nothing comes of it, and nobody has refused it: whoever has asked for it here may get it yet. */
export function undone(turn: Turn, place: number, why: string): void {
  if (isReceiving(turn, place)) undo(turn, place, why, why);
}

function isReceiving(turn: Turn, place: number): boolean {
  const { kind } = groupAt(turn, place).phase;
  return kind === "preparing" || kind === "prepared";
}

function undo(turn: Turn, place: number, why: string, text: string): void {
  const { name } = groupAt(turn, place).config;
  log(turn, "info", `group ${name}: the move is called off: ${why}`);
  release(turn, place, {
    reason: { rule: "move-called-off", text },
    order: "addresses-first",
    after: "free",
  });
}
