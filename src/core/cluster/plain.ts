/**
 * Heartbeat's own sequences (protocol.md 3, 4, 6), spoken to a peer that has not said that it can do
 * more. It knows two sets of groups, local and foreign, and three steps of a move: me, other, done.
 * This file is the face: what is heard, and what follows after every event. Not spoken:
 * `auto_failback legacy`, whose words are `ip-request` and its answer.
 */
import { fieldOf, type Message, typeOf } from "../../wire/message.ts";
import { announceAll } from "./dispute.ts";
import { DEATHS_MAX } from "./failback.ts";
import { isOwner } from "./group.ts";
import { isPlain, isSilent } from "./peer.ts";
import { failBack, groupsDueAt, offerWhatCannotRun, takeUnheld } from "./plain-groups.ts";
import { hearResource, sayGivingUp, sendResource, tellHoldings } from "./plain-holdings.ts";
import { appear, hearNodes, hearStarting, joinAlarm, joinOn, vanish } from "./plain-join.ts";
import { learningDueAt, learnMacs } from "./plain-macs.ts";
import {
  hearGivingUp,
  hearStandby,
  hearTakeover,
  pursueStandby,
  pursueWanted,
} from "./plain-standby.ts";
import { NO_PLAIN, NOTHING } from "./plain-state.ts";
import { patchPlain, peerName, plainOf } from "./plain-turn.ts";
import { log, type Turn, wallSeconds } from "./state.ts";

/** A message of the peer; of its types these are ours to act on. */
export function heardPlain(turn: Turn, message: Message): void {
  switch (typeOf(message)) {
    case "reqnodes":
    case "repnodes":
      hearNodes(turn, message);
      return;
    case "starting":
      hearStarting(turn);
      return;
    case "resource": {
      if (isOfThePast(turn, message)) return;
      const { stage } = plainOf(turn);
      const settled = hearResource(turn, message);
      if (fieldOf(message, "info") === "standby") hearGivingUp(turn);
      joinOn(turn);
      if (settled && stage === "stable") nowStable(turn);
      return;
    }
    case "ask_resources":
      hearStandby(turn, message);
      return;
    case "hb_takeover":
      hearTakeover(turn, message);
      return;
    case "shutdone":
      peerReleased(turn);
      return;
    case "ip-request":
      refuseLegacy(turn);
      return;
  }
}

/** Retransmission does not keep the order, and only the newest word on holdings counts. */
function isOfThePast(turn: Turn, message: Message): boolean {
  const number = Number.parseInt(fieldOf(message, "seq") ?? "", 16);
  if (Number.isNaN(number)) return false;
  if (number < plainOf(turn).newestWord) return true;
  patchPlain(turn, { newestWord: number });
  return false;
}

/** As a stable node does when the other becomes stable: it says its holdings once more. */
function nowStable(turn: Turn): void {
  log(turn, "info", `${peerName(turn)} is stable`);
  if (plainOf(turn).standby === undefined && !turn.state.stopping)
    sendResource(turn, { stable: true });
}

/** After every event: has a plain peer come or gone, is a deadline over, is there something to do? */
export function pursuePlain(turn: Turn): void {
  if (turn.state.ended || turn.state.peer === undefined) return;
  comeAndGo(turn);
  if (!plainOf(turn).present) return;
  pursueStandby(turn);
  if (turn.state.stopping) return;
  pursueWanted(turn);
  joinAlarm(turn);
  takeUnheld(turn);
  tellHoldings(turn);
  offerWhatCannotRun(turn);
  failBack(turn);
  learnMacs(turn);
}

function comeAndGo(turn: Turn): void {
  const { st } = turn.state;
  const { present } = plainOf(turn);
  const isThere = isPlain(turn.state.peer);
  if (isThere && !present && st !== "starting") {
    appear(turn);
    announceOurs(turn);
  } else if (!isThere && present) {
    if (turn.state.peer?.report.dialect === "native") patchPlain(turn, NO_PLAIN);
    else vanish(turn);
    if (isSilent(turn.state.peer)) countDeath(turn);
  }
}

function countDeath(turn: Turn): void {
  const deaths = [...plainOf(turn).peerDeaths, Math.floor(wallSeconds(turn))];
  patchPlain(turn, { peerDeaths: deaths.slice(-DEATHS_MAX) });
}

/** It may have announced the addresses as its own while it did not hear us: ours is the last word. */
function announceOurs(turn: Turn): void {
  for (const group of turn.state.groups) if (isOwner(group)) announceAll(turn, group.place);
}

function peerReleased(turn: Turn): void {
  const { peer } = turn.state;
  if (peer === undefined) return;
  log(turn, "info", `${peer.node} has stopped and released everything`);
  turn.state = { ...turn.state, peer: { ...peer, released: "word" } };
  announceOurs(turn);
}

function refuseLegacy(turn: Turn): void {
  log(
    turn,
    "WARN",
    `${peerName(turn)} asks in the way of \`auto_failback legacy\`, which Tandem does not speak: set auto_failback on or off in both ha.cf`,
  );
}

/** We stop: everything is being given up. The first word of a clean stop (protocol.md 5.2). */
export function sayShutdown(turn: Turn): void {
  if (isPlain(turn.state.peer)) sayGivingUp(turn, NOTHING, "shutdown");
}

/** When time alone will change something here. */
export function plainDueAt(turn: Turn): readonly number[] {
  const { present, alarm, standby, wanted } = plainOf(turn);
  if (!present) return [];
  const due = [...groupsDueAt(turn), ...learningDueAt(turn)].filter((at) => at > turn.now);
  if (alarm !== undefined) due.push(alarm);
  if (standby !== undefined) due.push(standby.until);
  else if (wanted !== undefined) due.push(wanted.nextAt);
  return due;
}
