/**
 * Heartbeat's own sequences (protocol.md 3, 4, 6), spoken to a peer that has not said that it can do
 * more. It knows two sets of groups, local and foreign, and three steps of a move: me, other, done.
 * This file is the face: what is heard, and what follows after every event. `auto_failback legacy` has
 * two words of its own and none of these (plain-legacy.ts).
 */
import { fieldOf, type Message, typeOf } from "../../wire/message.ts";
import { announceAll } from "./dispute.ts";
import { DEATHS_MAX } from "./failback.ts";
import { isOwner } from "./group.ts";
import { isPlain, isSilent } from "./peer.ts";
import { hearClientQuery } from "./plain-clients.ts";
import {
  failBack,
  groupsDueAt,
  handOverLeftovers,
  offerWhatCannotRun,
  takeUnheld,
} from "./plain-groups.ts";
import { hearResource, sayGivingUp, sendResource, tellHoldings } from "./plain-holdings.ts";
import { hearIpfail, ipfailDueAt, pursueIpfail } from "./plain-ipfail.ts";
import { appear, hearNodes, hearStarting, joinAlarm, joinOn, vanish } from "./plain-join.ts";
import {
  giveSet,
  hearIpRequest,
  hearIpResponse,
  legacyDueAt,
  pursueLegacy,
} from "./plain-legacy.ts";
import { learningDueAt, learnMacs } from "./plain-macs.ts";
import {
  hearGivingUp,
  hearStandby,
  hearTakeover,
  pursueStandby,
  pursueWanted,
  setOf,
} from "./plain-standby.ts";
import { mirrored, NO_PLAIN, NOTHING } from "./plain-state.ts";
import { patchPlain, peerName, plainOf } from "./plain-turn.ts";
import { isAwake, log, type Turn, wallSeconds } from "./state.ts";

/** A message of the peer; of its types these are ours to act on. */
export function heardPlain(turn: Turn, message: Message): void {
  const type = typeOf(message);
  learnMode(turn, type);
  if (plainOf(turn).legacy.spoken && NICE.has(type)) {
    heardInLegacy(turn, message);
    return;
  }
  switch (type) {
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
    case "query-cstatus":
      hearClientQuery(turn, message);
      return;
    case "ip-request":
      hearIpRequest(turn, message);
      return;
    case "ip-request-resp":
      // With auto_failback on or off a Heartbeat node says this to itself whenever it starts a group.
      if (plainOf(turn).legacy.spoken) hearIpResponse(turn, message);
      return;
    default:
      if (turn.state.config.ipfail && !plainOf(turn).legacy.spoken) hearIpfail(turn, message);
  }
}

/** What a person at a Heartbeat node can ask for; in legacy mode the node itself does nothing of it. */
const NICE: ReadonlySet<string> = new Set(["ask_resources", "hb_takeover"]);

function heardInLegacy(turn: Turn, message: Message): void {
  if (typeOf(message) === "hb_takeover") {
    giveSet(turn, mirrored(setOf(fieldOf(message, "rsc_hold")) ?? "all"));
    return;
  }
  log(
    turn,
    "WARN",
    `standby of ${peerName(turn)} ignored: with auto_failback legacy a Heartbeat node gives nothing; \`tandem takeover\` here does it`,
  );
}

/** The words themselves tell its mode, whatever our own ha.cf says. */
function learnMode(turn: Turn, type: string): void {
  const { legacy, present } = plainOf(turn);
  const isLegacy = type === "ip-request";
  const isNice = type === "starting" || type === "resource";
  if (!present || !(legacy.spoken ? isNice : isLegacy)) return;
  const mode = isLegacy ? "legacy" : "on or off";
  log(
    turn,
    "WARN",
    `${peerName(turn)} runs with auto_failback ${mode}, this node with ${turn.state.config.autoFailback}: make ha.cf the same on both`,
  );
  patchPlain(turn, { legacy: { ...legacy, spoken: isLegacy } });
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
  const { standby, sparedUntil } = plainOf(turn);
  if (standby !== undefined || turn.state.stopping || turn.now < sparedUntil) return;
  sendResource(turn, { stable: true });
}

/** After every event: has a plain peer come or gone, is a deadline over, is there something to do? */
export function pursuePlain(turn: Turn): void {
  if (turn.state.ended || turn.state.peer === undefined) return;
  comeAndGo(turn);
  if (!plainOf(turn).present) return;
  if (plainOf(turn).legacy.spoken) {
    if (!turn.state.stopping) pursueInLegacy(turn);
    return;
  }
  pursueStandby(turn);
  if (turn.state.stopping) return;
  pursueWanted(turn);
  joinAlarm(turn);
  takeUnheld(turn);
  handOverLeftovers(turn);
  tellHoldings(turn);
  offerWhatCannotRun(turn);
  failBack(turn);
  pursueIpfail(turn);
  learnMacs(turn);
}

function pursueInLegacy(turn: Turn): void {
  if (plainOf(turn).stage === "asking-nodes") joinAlarm(turn);
  // There is nothing to ask for again: no word about holdings exists.
  else if (plainOf(turn).alarm !== undefined) patchPlain(turn, { alarm: undefined });
  pursueLegacy(turn);
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
  // A word that waited while we slept is of the past: its node may be back.
  const heardAt = isAwake(turn) ? turn.now : undefined;
  turn.state = { ...turn.state, peer: { ...peer, released: { heardAt } } };
  announceOurs(turn);
}

/** We stop: everything is being given up. The first word of a clean stop (protocol.md 5.2, not 7). */
export function sayShutdown(turn: Turn): void {
  if (plainOf(turn).legacy.spoken) return;
  if (isPlain(turn.state.peer)) sayGivingUp(turn, NOTHING, "shutdown");
}

/** When time alone will change something here. */
export function plainDueAt(turn: Turn): readonly number[] {
  const { present, alarm, sparedUntil, standby, wanted } = plainOf(turn);
  if (!present) return [];
  const due = [...groupsDueAt(turn), ...learningDueAt(turn), ...legacyDueAt(turn)].filter(
    (at) => at > turn.now,
  );
  due.push(...ipfailDueAt(turn));
  if (alarm !== undefined) due.push(alarm);
  if (sparedUntil > turn.now) due.push(sparedUntil);
  if (standby !== undefined) due.push(standby.until);
  else if (wanted !== undefined) due.push(wanted.nextAt);
  return due;
}
