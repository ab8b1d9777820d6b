/**
 * What Heartbeat's `ipfail` says beside the daemon, opposite a Heartbeat node that runs it
 * (protocol.md 9). Who sees its count change tells it by `num_ping_nodes`; the other compares, and
 * answers `you_are_dead` (it reaches more), `abort_giveup` (as many), or gives up itself (fewer). Giving
 * up is a standby of all groups, begun two keepalives later, which another count meanwhile calls off.
 * On equal counts what came here for the other's lesser one goes home, where auto_failback is on.
 *
 * The words are Heartbeat's, the moves Tandem's own: each draws on the budget of every group that it
 * takes along, and a word that speaks of a count we no longer have moves nothing. In legacy mode ipfail
 * ends itself, and none of this is said. Which node is a peer without ipfail shows by its silence.
 */
import { fieldOf, type Message, typeOf } from "../../wire/message.ts";
import { mayMove, spendMove } from "./budget.ts";
import { type Group, isOwner } from "./group.ts";
import { printable } from "./native.ts";
import { dropNote, setNote } from "./notes.ts";
import { beginStandby, objectionToMove } from "./plain-standby.ts";
import type { PlainReach } from "./plain-state.ts";
import { groupsOf, patchPlain, peerName, plainOf, sendPlain } from "./plain-turn.ts";
import { ownReach, type Reach } from "./reach.ts";
import { log, patchGroup, type Turn } from "./state.ts";

/** Before giving up, for the other's word that both are equal after all (protocol.md 9). */
const GIVE_UP_BEATS = 2;
/** Each word of a Heartbeat node comes up to half a second late (protocol.md 2). */
const GIVE_UP_MIN_MS = 1_000;
/** While a move cannot begin it is tried again at this pace, for so long. */
const TRY_AGAIN_MS = 1_000;
const TRY_MS = 60_000;
/** Who still reaches fewer and has not been able to give asks again. */
const TELL_AGAIN_MS = 60_000;

/** A message that may be ipfail's; everything else is passed over. */
export function hearIpfail(turn: Turn, message: Message): void {
  const own = ownReach(turn.state);
  const isTold = own !== undefined && own.seen === plainOf(turn).reach.told;
  switch (typeOf(message)) {
    case "hbapi-clstat":
      // Its ipfail has just begun, and has missed what we said.
      if (fieldOf(message, "from_id") === "ipfail" && fieldOf(message, "st") === "join")
        patchReach(turn, { told: undefined });
      return;
    case "num_ping_nodes":
      if (own !== undefined) compare(turn, own, fieldOf(message, "num_ping") ?? "");
      return;
    case "you_are_dead":
      // Who reaches all of them reaches no fewer: it answers what we said before.
      if (!isTold || own.seen === own.of) return;
      patchReach(turn, { relation: "fewer" });
      planGiveUp(turn, "all");
      return;
    case "abort_giveup":
      if (isTold) balanced(turn);
      return;
  }
}

function compare(turn: Turn, { seen, of }: Reach, word: string): void {
  const theirs = /^\d{1,3}$/.test(word) ? Number(word) : undefined;
  if (theirs === undefined || theirs > of) {
    log(
      turn,
      "WARN",
      `${peerName(turn)} reaches "${printable(word)}" ping nodes, this node has ${of}: ignored; make ha.cf the same on both nodes`,
    );
    return;
  }
  if (seen > theirs) {
    patchReach(turn, { relation: "more", tookForIt: true, giveUp: undefined });
    log(turn, "info", `${peerName(turn)} reaches ${theirs} ping nodes, this node ${seen}`);
    say(turn, { t: "you_are_dead" });
  } else if (seen < theirs) {
    patchReach(turn, { relation: "fewer" });
    planGiveUp(turn, "all");
  } else {
    say(turn, { t: "abort_giveup" });
    balanced(turn);
  }
}

/** Both reach as many. */
function balanced(turn: Turn): void {
  const { tookForIt } = plainOf(turn).reach;
  patchReach(turn, { relation: "equal", giveUp: undefined });
  if (tookForIt && turn.state.config.autoFailback === "on") planGiveUp(turn, "foreign");
}

function planGiveUp(turn: Turn, set: "all" | "foreign"): void {
  if (heldOf(turn, set).length === 0) return;
  const { reach } = plainOf(turn);
  if (reach.giveUp?.set === set) return;
  const { keepaliveMs } = turn.state.config.timers;
  const at = turn.now + Math.max(GIVE_UP_MIN_MS, GIVE_UP_BEATS * keepaliveMs);
  patchReach(turn, { giveUp: { set, at, until: at + TRY_MS } });
}

/** After every event beside a peer that is no legacy one: tell a new count, give up when it is time. */
export function pursueIpfail(turn: Turn): void {
  if (!turn.state.config.ipfail) return;
  tellCount(turn);
  const { giveUp } = plainOf(turn).reach;
  if (giveUp === undefined || turn.now < giveUp.at) return;
  if (objectionToMove(turn) === undefined) {
    patchReach(turn, { giveUp: undefined });
    giveUpNow(turn, giveUp.set);
  } else if (turn.now < giveUp.until) {
    patchReach(turn, { giveUp: { ...giveUp, at: turn.now + TRY_AGAIN_MS } });
  } else {
    patchReach(turn, { giveUp: undefined });
  }
}

/** Only between two that are stable: while groups move, both counts are of no use. */
function tellCount(turn: Turn): void {
  const { stage, peerStable, reach } = plainOf(turn);
  const seen = ownReach(turn.state)?.seen;
  if (seen === undefined || stage !== "stable" || !peerStable) return;
  const isStill = reach.relation === "fewer" && reach.giveUp === undefined;
  const again =
    isStill && heldOf(turn, "all").length > 0 && turn.now - reach.toldAt >= TELL_AGAIN_MS;
  if (seen === reach.told && !again) return;
  say(turn, { t: "num_ping_nodes", num_ping: `${seen}` });
  // What was compared before is of the past.
  const compared = seen === reach.told ? {} : { giveUp: undefined, relation: "unknown" as const };
  patchReach(turn, { told: seen, toldAt: turn.now, ...compared });
}

function giveUpNow(turn: Turn, set: "all" | "foreign"): void {
  const groups = heldOf(turn, set);
  if (groups.length === 0) return;
  const why =
    set === "all"
      ? `this node reaches fewer ping nodes than ${peerName(turn)}`
      : `${peerName(turn)} reaches as many ping nodes as this node again`;
  const tired = groups.find((group) => !mayMove(group.moves, turn.now));
  if (tired !== undefined) {
    const text = `stays here: ${why}, but it was moved too often lately`;
    setNote(turn, tired.place, "WARN", { kind: "stays-here", text });
    return;
  }
  for (const group of groups)
    patchGroup(turn, group.place, { moves: spendMove(group.moves, turn.now), note: undefined });
  log(turn, "info", `giving our ${set} resources to ${peerName(turn)}: ${why}`);
  if (set === "foreign") patchReach(turn, { tookForIt: false });
  beginStandby(turn, set);
}

/** We hold it and it is due to go home: does its home reach fewer ping nodes? The note says so. */
export function staysForReach(turn: Turn, place: number): boolean {
  if (plainOf(turn).reach.relation !== "more") {
    dropNote(turn, place, "stays-here");
    return false;
  }
  const text = `stays here: ${peerName(turn)}, its preferred node, reaches fewer ping nodes`;
  setNote(turn, place, "info", { kind: "stays-here", text });
  return true;
}

/** When time alone will change something here. */
export function ipfailDueAt(turn: Turn): readonly number[] {
  const { giveUp } = plainOf(turn).reach;
  return giveUp === undefined ? [] : [giveUp.at];
}

function heldOf(turn: Turn, set: "all" | "foreign"): readonly Group[] {
  return groupsOf(turn.state, set, turn.state.self).filter(isOwner);
}

/** Heartbeat hands it to the client that `to_id` names. */
function say(turn: Turn, strings: Readonly<Record<string, string>>): void {
  const client = { from_id: "ipfail", to_id: "ipfail", client_gen: "0" };
  sendPlain(turn, { ...strings, dest: peerName(turn), ...client });
}

function patchReach(turn: Turn, patch: Partial<PlainReach>): void {
  patchPlain(turn, { reach: { ...plainOf(turn).reach, ...patch } });
}
