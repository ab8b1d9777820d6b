/**
 * A move in Heartbeat's three steps, from either side (protocol.md 6): the giver asks with `me`, the
 * taker answers `other`, the giver stops its groups and says `done`, the taker starts them and says
 * `done`. Sets are the giver's view. Break before make: this dialect has nothing better.
 */
import { fieldOf, type Message } from "../../wire/message.ts";
import { type Group, hasCarrier, isOwner } from "./group.ts";
import { printable } from "./native.ts";
import { dropNote } from "./notes.ts";
import { ourHoldings, sayGivingUp, sendResource } from "./plain-holdings.ts";
import { mirrored, type Standby } from "./plain-state.ts";
import { groupsOf, patchPlain, peerName, plainOf, sendPlain } from "./plain-turn.ts";
import { release } from "./releasing.ts";
import { enter, goFree, log, patchGroup, type Turn } from "./state.ts";
import { startServing } from "./taking.ts";
import type { ResourceSet } from "./world.ts";

/** No `other` within this: the request is called off (protocol.md 6). */
export const STANDBY_REPLY_MS = 10_000;
/** No `me` within this after a `hb_takeover`: it is sent again, for so long. */
const TAKEOVER_AGAIN_MS = 10_000;
const TAKEOVER_MS = 60_000;
/** Once accepted it may take as long as the services' scripts (protocol.md 6). */
const STANDBY_MS = 3_600_000;

/** May a move begin now? Otherwise why not. */
export function objectionToMove(turn: Turn): string | undefined {
  const { stage, peerStable, standby } = plainOf(turn);
  const { self } = turn.state;
  if (standby !== undefined) return "another move is under way";
  if (stage !== "stable") return `${self} is still joining ${peerName(turn)}`;
  return peerStable ? undefined : `${peerName(turn)} is still moving resources`;
}

/** Asks the peer to take what the set names. Does nothing while a move cannot begin. */
export function beginStandby(turn: Turn, set: ResourceSet): void {
  if (objectionToMove(turn) !== undefined) return;
  log(turn, "info", `asking ${peerName(turn)} to take our ${set} resources`);
  for (const group of groupsOf(turn.state, set, turn.state.self)) {
    dropNote(turn, group.place, "not-moved");
  }
  sendPlain(turn, { t: "ask_resources", rsc_hold: set, info: "me" });
  const until = turn.now + STANDBY_REPLY_MS;
  patchPlain(turn, { standby: { giver: "me", set, step: "asked", until }, peerStable: false });
}

/** `hb_takeover`: the other node gives what we name. A Heartbeat node's hook does the same. */
export function askPeerToGive(turn: Turn, set: ResourceSet): void {
  sendPlain(turn, { t: "hb_takeover", rsc_hold: set });
  const nextAt = turn.now + TAKEOVER_AGAIN_MS;
  const until = plainOf(turn).wanted?.until ?? turn.now + TAKEOVER_MS;
  patchPlain(turn, { wanted: { set, nextAt, until } });
}

/** Its hook may lose the request: seen when it had just ended another move, and without a word in its log. */
export function pursueWanted(turn: Turn): void {
  const { wanted, standby } = plainOf(turn);
  if (wanted === undefined || standby !== undefined || turn.now < wanted.nextAt) return;
  if (turn.now < wanted.until) askPeerToGive(turn, wanted.set);
  else patchPlain(turn, { wanted: undefined });
}

/** The peer's operator wants it to take over: we give the same groups, seen from here. */
export function hearTakeover(turn: Turn, message: Message): void {
  const set = setOf(fieldOf(message, "rsc_hold")) ?? "all";
  const objection = turn.state.stopping ? "this node is stopping" : objectionToMove(turn);
  log(
    turn,
    objection === undefined ? "info" : "WARN",
    `${peerName(turn)} wants to take over its ${set} resources${objection === undefined ? "" : `; ignored: ${objection}`}`,
  );
  if (objection === undefined) beginStandby(turn, mirrored(set));
}

/** One of the three steps has come. What does not fit is ignored, and said. */
export function hearStandby(turn: Turn, message: Message): void {
  const { standby } = plainOf(turn);
  const set = setOf(fieldOf(message, "rsc_hold"));
  const info = fieldOf(message, "info");
  if (set !== undefined && info === "me") {
    accept(turn, set);
  } else if (info === "other" && standby?.giver === "me" && standby.step === "asked") {
    giveUp(turn, standby);
  } else if (info === "done" && standby?.giver === "other" && standby.step === "asked") {
    const { set: given } = standby;
    log(turn, "info", `${peerName(turn)} has given up its ${given} resources: taking them`);
    setStep(turn, standby, "taking");
    countEmpty(turn, mirrored(given), true);
    tryAgain(turn, mirrored(given));
  } else if (info === "done" && standby?.giver === "me" && standby.step === "given") {
    log(turn, "info", `${peerName(turn)} has taken our ${standby.set} resources`);
    finish(turn);
  } else {
    const text = `${info ?? ""} ${fieldOf(message, "rsc_hold") ?? ""}`;
    log(
      turn,
      "WARN",
      `standby message [${printable(text)}] from ${peerName(turn)} ignored: it does not fit what we are doing`,
    );
  }
}

function accept(turn: Turn, set: ResourceSet): void {
  const objection = turn.state.stopping ? "this node is stopping" : objectionToMove(turn);
  if (objection !== undefined) {
    log(
      turn,
      "WARN",
      `${peerName(turn)} wants to give its ${set} resources; ignored: ${objection}`,
    );
    return;
  }
  log(turn, "info", `${peerName(turn)} gives its ${set} resources to this node`);
  // Its tool tells everybody, and itself last: it may have refused its own request, without a word to us.
  const until = turn.now + STANDBY_REPLY_MS;
  patchPlain(turn, {
    standby: { giver: "other", set, step: "asked", until },
    wanted: undefined,
    peerStable: false,
  });
  sendPlain(turn, { t: "ask_resources", rsc_hold: set, info: "other" });
}

/** `resource` with `info=standby`: it has our `other` and stops its groups, however long that takes. */
export function hearGivingUp(turn: Turn): void {
  const { standby } = plainOf(turn);
  if (standby?.giver === "other" && standby.step === "asked") setStep(turn, standby, "asked");
}

function giveUp(turn: Turn, standby: Standby): void {
  const { set } = standby;
  const held = ourHoldings(turn);
  const left = {
    local: held.local && set === "foreign",
    foreign: held.foreign && set === "local",
  };
  setStep(turn, standby, "giving");
  countEmpty(turn, set, false);
  sayGivingUp(turn, left, "standby");
  for (const group of groupsOf(turn.state, set, turn.state.self)) {
    patchGroup(turn, group.place, { failbackDue: false });
    // Or a clear answer would start it here while it starts there.
    if (group.phase.kind === "probing") goFree(turn, group.place);
    if (!isOwner(group) && group.phase.kind !== "starting") continue;
    const reason = { rule: "standby", text: `${peerName(turn)} takes our ${set} resources` };
    release(turn, group.place, { reason, order: "right-to-left", after: "free" });
  }
}

/** Called after every event: steps that end when scripts have ended, and the deadlines. */
export function pursueStandby(turn: Turn): void {
  const { standby } = plainOf(turn);
  if (standby === undefined) return;
  if (turn.now >= standby.until) callOff(turn, standby);
  else if (standby.step === "giving") pursueGiving(turn, standby);
  else if (standby.step === "taking") pursueTaking(turn, standby);
}

function pursueGiving(turn: Turn, standby: Standby): void {
  const groups = groupsOf(turn.state, standby.set, turn.state.self);
  if (groups.some((group) => group.phase.kind === "releasing" || isOwner(group))) return;
  setStep(turn, standby, "given");
  sendPlain(turn, { t: "ask_resources", rsc_hold: standby.set, info: "done" });
}

function pursueTaking(turn: Turn, standby: Standby): void {
  const set = mirrored(standby.set);
  for (const group of groupsOf(turn.state, set, turn.state.self)) {
    if (group.phase.kind !== "free" || !hasCarrier(group) || turn.state.stopping) continue;
    startServing(turn, group.place, "agreed", {
      rule: "standby",
      text: `${peerName(turn)} gives its ${standby.set} resources`,
    });
  }
  if (!groupsOf(turn.state, set, turn.state.self).every(isSettled)) return;
  sendPlain(turn, { t: "ask_resources", rsc_hold: standby.set, info: "done" });
  log(turn, "info", `taken: the ${standby.set} resources of ${peerName(turn)}`);
  finish(turn);
}

/** It failed here lately, but now nobody else has it. */
function tryAgain(turn: Turn, set: ResourceSet): void {
  for (const group of groupsOf(turn.state, set, turn.state.self)) {
    if (group.phase.kind === "unable") enter(turn, group.place, { kind: "free", leftover: false });
  }
}

function isSettled(group: Group): boolean {
  const { kind } = group.phase;
  return kind === "holding" || kind === "unable" || kind === "free";
}

/** Both sides say what they hold now; the peer's word will make it stable again. */
function finish(turn: Turn): void {
  patchPlain(turn, { standby: undefined, told: "" });
  if (!turn.state.stopping) sendResource(turn, { stable: true });
}

function callOff(turn: Turn, standby: Standby): void {
  const why =
    standby.step === "asked" ? `${peerName(turn)} did not go on` : "it did not end in time";
  log(turn, "WARN", `the move of the ${standby.set} resources is called off: ${why}`);
  cancelStandby(turn);
  patchPlain(turn, { peerStable: standby.step === "asked" });
  if (standby.giver !== "me") return;
  for (const group of groupsOf(turn.state, standby.set, turn.state.self)) {
    if (isOwner(group))
      patchGroup(turn, group.place, { note: { kind: "not-moved", text: `not moved: ${why}` } });
  }
}

/** The peer is gone, or is a new one: what was agreed with the old one is void. */
export function cancelStandby(turn: Turn): void {
  patchPlain(turn, { standby: undefined, wanted: undefined, told: "" });
}

function setStep(turn: Turn, standby: Standby, step: Standby["step"]): void {
  patchPlain(turn, { standby: { ...standby, step, until: turn.now + STANDBY_MS } });
}

/** A set without groups moves by word alone. `set` is seen from here. */
function countEmpty(turn: Turn, set: ResourceSet, ours: boolean): void {
  const { empty } = plainOf(turn);
  patchPlain(turn, {
    empty: {
      local: set === "foreign" ? empty.local : ours,
      foreign: set === "local" ? empty.foreign : ours,
    },
  });
}

export function setOf(text: string | undefined): ResourceSet | undefined {
  return text === "all" || text === "local" || text === "foreign" ? text : undefined;
}
