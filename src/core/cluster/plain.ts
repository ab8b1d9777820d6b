/**
 * Heartbeat's own sequences (protocol.md 3, 4, 6), spoken to a peer that has not said that it can do
 * more. It knows two sets, local and foreign, and three steps of a move: me, other, done. The hard
 * case is that it announces its holdings before its scripts have finished, so what it says it holds
 * is believed for deciding whose turn it is, never as proof that a service runs.
 */
import { fieldOf, type Message, typeOf } from "../../wire/message.ts";
import { isOwner } from "./dispute.ts";
import type { Group } from "./group.ts";
import { hasCarrier } from "./group.ts";
import { isPlain } from "./peer.ts";
import { NO_PLAIN, type PlainState, type Standby } from "./plain-state.ts";
import { release } from "./releasing.ts";
import { log, patchGroup, type Turn } from "./state.ts";
import { startServing } from "./taking.ts";
import type { ResourceSet } from "./world.ts";

/** `reqnodes` is repeated every second until it is answered (protocol.md 3.2). */
const REQNODES_MS = 1_000;
/** Both starting: Heartbeat waits so long before each takes its own (protocol.md 3.3). */
const BOTH_STARTING_MS = 10_000;
/** No `other` within this: the standby request is cancelled (protocol.md 6). */
const STANDBY_REPLY_MS = 10_000;
/** Once accepted, a move may take as long as the services' own deadlines. */
const STANDBY_MS = 3_600_000;

/** The messages that this dialect understands; the rest is not ours to act on. */
export function heardPlain(turn: Turn, message: Message): void {
  switch (typeOf(message)) {
    case "reqnodes":
      sendPlain(turn, {
        dest: turn.state.peer?.node ?? "",
        t: "repnodes",
        nodelist: `${turn.state.config.nodes.join(" ")} `,
        delnodelist: " ",
      });
      return;
    case "repnodes":
      if (plainOf(turn).stage === "asking-nodes") goActive(turn);
      return;
    case "starting":
      peerStarting(turn);
      return;
    case "resource":
      peerResource(turn, message);
      return;
    case "ask_resources":
      standbyMessage(turn, message);
      return;
    case "shutdone":
      peerShutDown(turn);
      return;
  }
}

/** After every event: has a plain peer come or gone, is a deadline over, have our holdings changed? */
export function pursuePlain(turn: Turn): void {
  if (turn.state.ended) return;
  const { stage } = plainOf(turn);
  if (!isPlain(turn.state.peer)) {
    if (stage !== "away") setPlain(turn, NO_PLAIN);
    return;
  }
  if (turn.state.stopping) {
    pursueStandby(turn);
    return;
  }
  if (stage === "away" && turn.state.st !== "starting") join(turn);
  alarm(turn);
  pursueStandby(turn);
  if (plainOf(turn).stage === "stable") {
    tellHoldings(turn);
    considerFailback(turn);
  }
}

function join(turn: Turn): void {
  setPlain(turn, { ...NO_PLAIN, stage: "asking-nodes", alarm: turn.now + REQNODES_MS });
  sendPlain(turn, { t: "reqnodes", dest: turn.state.peer?.node ?? "" });
}

function goActive(turn: Turn): void {
  turn.state = { ...turn.state, st: "active" };
  setPlain(turn, { ...plainOf(turn), stage: "starting", alarm: undefined });
  sendPlain(turn, { t: "starting" });
}

function alarm(turn: Turn): void {
  const plain = plainOf(turn);
  if (plain.alarm === undefined || turn.now < plain.alarm) return;
  if (plain.stage === "asking-nodes") {
    sendPlain(turn, { t: "reqnodes", dest: turn.state.peer?.node ?? "" });
    setPlain(turn, { ...plain, alarm: turn.now + REQNODES_MS });
  } else if (plain.stage === "waiting") {
    becomeStable(turn);
  } else if (plain.standby !== undefined) {
    log(turn, "WARN", "No reply to standby request.  Standby request cancelled.");
    setPlain(turn, { ...plain, standby: undefined, alarm: undefined });
  } else {
    setPlain(turn, { ...plain, alarm: undefined });
  }
}

function peerStarting(turn: Turn): void {
  const plain = plainOf(turn);
  setPlain(turn, { ...plain, peerStable: false });
  sendResource(turn, { stable: plain.stage === "stable" });
}

function peerResource(turn: Turn, message: Message): void {
  const plain = plainOf(turn);
  const hold = fieldOf(message, "rsc_hold");
  const replaces = fieldOf(message, "rtype") === "full" || hold === "none";
  const said = {
    local: hold === "all" || hold === "local",
    foreign: hold === "all" || hold === "foreign",
  };
  const peerHolds = replaces
    ? said
    : {
        local: plain.peerHolds.local || said.local,
        foreign: plain.peerHolds.foreign || said.foreign,
      };
  const stable = fieldOf(message, "isstable");
  const peerStable = stable === undefined ? plain.peerStable : stable === "1";
  setPlain(turn, { ...plain, peerHolds, peerStable });
  if (plain.stage !== "starting" && plain.stage !== "waiting") return;
  if (peerStable) {
    sendResource(turn, { stable: false });
    becomeStable(turn);
  } else if (plain.stage === "starting") {
    setPlain(turn, { ...plainOf(turn), stage: "waiting", alarm: turn.now + BOTH_STARTING_MS });
  }
}

/** From now on groups may move; ours that nobody holds are taken at once. */
function becomeStable(turn: Turn): void {
  setPlain(turn, { ...plainOf(turn), stage: "stable", alarm: undefined });
  log(turn, "info", "local resource transition completed.");
  for (const group of turn.state.groups) {
    const ours = group.config.preferred === turn.state.self;
    if (!ours || plainOf(turn).peerHolds.foreign || !mayTake(group)) continue;
    const text = `this node is its preferred one and ${turn.state.peer?.node} does not hold it`;
    startServing(turn, group.place, "agreed", { rule: "preferred", text });
  }
  tellHoldings(turn);
}

function mayTake(group: Group): boolean {
  return group.phase.kind === "free" && hasCarrier(group);
}

function peerShutDown(turn: Turn): void {
  const { peer } = turn.state;
  if (peer === undefined) return;
  log(turn, "info", `Received shutdown notice from '${peer.node}'.`);
  turn.state = { ...turn.state, peer: { ...peer, released: "word", plain: NO_PLAIN } };
}

/** The three-step move, from either side. Sets are the giver's (protocol.md 6). */
function standbyMessage(turn: Turn, message: Message): void {
  const plain = plainOf(turn);
  const set = setOf(fieldOf(message, "rsc_hold"));
  const info = fieldOf(message, "info");
  if (set === undefined) return;
  if (
    info === "me" &&
    plain.stage === "stable" &&
    plain.standby === undefined &&
    !turn.state.stopping
  ) {
    setStandby(turn, { giver: "other", step: "asked", set }, STANDBY_MS);
    sendPlain(turn, { t: "ask_resources", rsc_hold: set, info: "other" });
  } else if (info === "other" && plain.standby?.giver === "me" && plain.standby.step === "asked") {
    setStandby(turn, { ...plain.standby, step: "giving" }, STANDBY_MS);
    giveUp(turn, set);
  } else if (
    info === "done" &&
    plain.standby?.giver === "other" &&
    plain.standby.step === "asked"
  ) {
    setStandby(turn, { ...plain.standby, step: "taking" }, STANDBY_MS);
    takeSet(turn, set);
  } else if (info === "done" && plain.standby?.giver === "me" && plain.standby.step === "given") {
    log(turn, "info", `Other node completed standby takeover of ${set} resources.`);
    setPlain(turn, { ...plainOf(turn), standby: undefined, alarm: undefined, told: "" });
  } else {
    log(
      turn,
      "WARN",
      `standby message [${info ?? ""}] from ${turn.state.peer?.node} ignored: it does not fit what we are doing`,
    );
  }
}

/** A person, or failback: ask the peer to take what the set names. */
export function plainStandby(turn: Turn, set: ResourceSet): void {
  const plain = plainOf(turn);
  if (plain.stage !== "stable" || plain.standby !== undefined) return;
  setStandby(turn, { giver: "me", step: "asked", set }, STANDBY_REPLY_MS);
  sendPlain(turn, { t: "ask_resources", rsc_hold: set, info: "me" });
}

/** `hb_takeover`: the other node's hook turns it into a standby of the mirrored set. */
export function askPlainPeer(turn: Turn, set: ResourceSet): void {
  sendPlain(turn, { t: "hb_takeover", rsc_hold: set });
}

function giveUp(turn: Turn, set: ResourceSet): void {
  sendPlain(turn, {
    t: "resource",
    rsc_hold: "none",
    rtype: "full",
    isstable: "0",
    info: "standby",
  });
  for (const group of groupsOf(turn, set, turn.state.self)) {
    if (!isOwner(group)) continue;
    patchGroup(turn, group.place, { failbackDue: false });
    const reason = { rule: "standby", text: `${turn.state.peer?.node} takes our ${set} resources` };
    release(turn, group.place, { reason, order: "right-to-left", after: "free" });
  }
}

function takeSet(turn: Turn, set: ResourceSet): void {
  const giver = turn.state.peer?.node;
  for (const group of groupsOf(turn, set, giver ?? "")) {
    if (!mayTake(group)) continue;
    startServing(turn, group.place, "agreed", {
      rule: "standby",
      text: `${giver} gives its ${set} resources`,
    });
  }
}

/** Steps that end when scripts have ended. */
function pursueStandby(turn: Turn): void {
  const { standby } = plainOf(turn);
  if (standby === undefined) return;
  const giver = standby.giver === "me" ? turn.state.self : (turn.state.peer?.node ?? "");
  const groups = groupsOf(turn, standby.set, giver);
  if (
    standby.step === "giving" &&
    groups.every((group) => group.phase.kind !== "releasing" && !isOwner(group))
  ) {
    setStandby(turn, { ...standby, step: "given" }, STANDBY_MS);
    sendPlain(turn, { t: "ask_resources", rsc_hold: standby.set, info: "done" });
  } else if (
    standby.step === "taking" &&
    groups.every((group) => group.phase.kind !== "starting")
  ) {
    sendPlain(turn, { t: "ask_resources", rsc_hold: standby.set, info: "done" });
    log(turn, "info", `Standby resource acquisition done [${standby.set}].`);
    setPlain(turn, { ...plainOf(turn), standby: undefined, alarm: undefined, told: "" });
  }
}

/** We hold what prefers the peer, and it is back: Heartbeat's holder begins the failback itself. */
function considerFailback(turn: Turn): void {
  const plain = plainOf(turn);
  if (turn.state.config.autoFailback !== "on" || !plain.peerStable || plain.standby !== undefined)
    return;
  const due = turn.state.groups.some(
    (group) =>
      group.config.preferred !== turn.state.self &&
      group.phase.kind === "holding" &&
      group.failbackDue,
  );
  if (due) plainStandby(turn, "foreign");
}

/** Groups of a set as `giver` sees them: local are those that prefer it. */
function groupsOf(turn: Turn, set: ResourceSet, giver: string): readonly Group[] {
  return turn.state.groups.filter(
    (group) => set === "all" || (set === "local") === (group.config.preferred === giver),
  );
}

function tellHoldings(turn: Turn): void {
  const plain = plainOf(turn);
  if (plain.standby !== undefined) return;
  if (
    turn.state.groups.some(
      (group) => group.phase.kind === "starting" || group.phase.kind === "releasing",
    )
  )
    return;
  if (plain.told === holdings(turn)) return;
  sendResource(turn, { stable: true });
}

function sendResource(turn: Turn, options: { stable: boolean }): void {
  const held = holdings(turn);
  sendPlain(turn, {
    t: "resource",
    rsc_hold: held,
    rtype: "full",
    isstable: options.stable ? "1" : "0",
  });
  setPlain(turn, { ...plainOf(turn), told: options.stable ? held : "" });
}

/** Everything is given up, nothing is stable: the first word of a clean stop (protocol.md 5.2). */
export function sayShutdown(turn: Turn): void {
  if (!isPlain(turn.state.peer)) return;
  sendPlain(turn, {
    t: "resource",
    rsc_hold: "none",
    rtype: "full",
    isstable: "0",
    info: "shutdown",
  });
}

function holdings(turn: Turn): string {
  const owned = turn.state.groups.filter(isOwner);
  const local = owned.some((group) => group.config.preferred === turn.state.self);
  const foreign = owned.some((group) => group.config.preferred !== turn.state.self);
  if (local && foreign) return "all";
  return local ? "local" : foreign ? "foreign" : "none";
}

function setOf(text: string | undefined): ResourceSet | undefined {
  return text === "all" || text === "local" || text === "foreign" ? text : undefined;
}

function plainOf(turn: Turn): PlainState {
  return turn.state.peer?.plain ?? NO_PLAIN;
}

function setPlain(turn: Turn, plain: PlainState): void {
  const { peer } = turn.state;
  if (peer !== undefined) turn.state = { ...turn.state, peer: { ...peer, plain } };
}

function setStandby(turn: Turn, standby: Standby, limitMs: number): void {
  setPlain(turn, { ...plainOf(turn), standby, alarm: turn.now + limitMs });
}

export function sendPlain(turn: Turn, strings: Readonly<Record<string, string>>): void {
  turn.effects.push({
    kind: "send",
    fields: Object.entries(strings).map(([name, value]) => ({ kind: "string", name, value })),
  });
}
