/**
 * What to do about each group, looked at anew after every event. Reads like the duty officer's
 * checklist: who is there, who owns it, should that change? It only ever begins things; how they go
 * on is in taking, giving, receiving and releasing. Deciding twice decides nothing new.
 */
import { ask, grantStands, intend } from "./asking.ts";
import { mayLeave } from "./budget.ts";
import { contest, pursueDispute } from "./dispute.ts";
import { isExclusive } from "./exclusive.ts";
import { holdOffMs, lostUngiven } from "./failback.ts";
import { callOff, FOR_CARRIER, give, keepPathProven, takerAnnounced } from "./giving.ts";
import { type Group, hasCarrier, isOwner } from "./group.ts";
import { dropNote, setNote, setNoteOnce } from "./notes.ts";
import {
  claimOf,
  couldOwn,
  isAway,
  isBeyondHearing,
  isHeard,
  isNative,
  isPlain,
  isSilent,
} from "./peer.ts";
import { peerHoldsGroup } from "./plain-turn.ts";
import { giveForReach, keepsAwayForReach } from "./reach-moves.ts";
import { calledOff, committed, PREPARED_MAX_MS, undone } from "./receiving.ts";
import { hurryAddresses, release } from "./releasing.ts";
import { goFree, groupAt, isAwake, log, patchGroup, type Turn, wallSeconds } from "./state.ts";
import { startServing, takeAfterProbe, takeAfterYielding } from "./taking.ts";
import { yieldMs } from "./yielding.ts";

const PEER_RELEASED = "peer-released";
/** Nobody owns it and the node that should take it does not: then the other intends too. */
const UNOWNED_MS = 5_000;

export function decide(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  learnEpoch(turn, group);
  if (isHeard(turn.state.peer) || isAway(turn.state.peer)) dropNote(turn, place, "unproved");
  switch (group.phase.kind) {
    case "free":
      decideFree(turn, place);
      return;
    case "intending":
      if (!isNative(turn.state.peer) || turn.state.stopping) goFree(turn, place);
      return;
    case "probing":
      decideProbing(turn, place);
      return;
    case "starting":
    case "holding":
    case "proving":
    case "offering":
      decideOwner(turn, place);
      return;
    case "committed":
    case "draining":
      decideGiver(turn, place);
      return;
    case "preparing":
    case "prepared":
      decideTaker(turn, place);
      return;
    case "releasing":
      decideReleasing(turn, place);
      return;
    case "unknown":
    case "unable":
      return;
  }
}

function decideReleasing(turn: Turn, place: number): void {
  const { peer } = turn.state;
  if (peer !== undefined && claimOf(peer, place)?.part === "owns") {
    hurryAddresses(turn, place, peer.node);
  }
}

/** The peer's words teach us its newest epoch, so that ours will be higher. */
function learnEpoch(turn: Turn, group: Group): void {
  const claim = claimOf(turn.state.peer, group.place);
  if (claim === undefined || claim.epoch <= turn.state.highestEpoch) return;
  turn.state = { ...turn.state, highestEpoch: claim.epoch };
}

function decideFree(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { peer } = turn.state;
  const claim = claimOf(peer, place);
  const theyHold = claim?.part === "owns" || claim?.part === "drains";
  if (group.phase.kind === "free" && group.phase.leftover && (theyHold || turn.state.stopping)) {
    const text = theyHold ? `${peer?.node} owns it` : `${turn.state.self} is stopping`;
    release(turn, place, {
      reason: { rule: "left-over", text },
      order: "addresses-first",
      after: "free",
    });
    return;
  }
  if (turn.state.stopping || turn.state.st === "starting" || !hasCarrier(group)) return;
  if (isAway(peer)) {
    takeFromAbsent(turn, place);
  } else if (isNative(peer)) {
    decideBesidePeer(turn, place);
  } else if (isBeyondHearing(peer)) {
    takeOnSilence(turn, place);
  }
}

/** There is no other node, or it has released everything. */
function takeFromAbsent(turn: Turn, place: number): void {
  const { peer } = turn.state;
  if (peer === undefined) {
    takeAfterProbe(turn, place, "agreed", { rule: "alone", text: "this is the only node" });
    return;
  }
  takeFromReleased(turn, place);
}

/**
 * The peer has released everything. Its own word is enough while we are awake and it is new: a node that
 * comes back, and neither hears us nor is heard, takes only after its dead time. What our journal says,
 * and a word from before that time or from before our own sleep, is of the past: it may be back and serve.
 */
function takeFromReleased(turn: Turn, place: number): void {
  const { peer } = turn.state;
  const reason = { rule: PEER_RELEASED, text: `${peer?.node} has stopped and released it` };
  const heardAt = peer?.released?.heardAt ?? -Infinity;
  const isNews = turn.now - heardAt <= (peer?.report.deadtimeMs ?? 0) / 2;
  if (isNews && isAwake(turn)) startServing(turn, place, "agreed", reason);
  else takeAfterProbe(turn, place, "agreed", reason);
}

function takeOnSilence(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { peer, config } = turn.state;
  if (peer === undefined) return;
  const heard = peer.report.heardAt;
  const silence =
    heard === undefined
      ? "has never been heard"
      : `is dead: silent for ${seconds(turn.now - heard)}`;
  if (config.tandem.mode === "safety") {
    const text = `${peer.node} ${silence}, but nothing proves it dead: mode safety does not take it`;
    // Its seconds are those of the moment when it was first said.
    if (group.note?.kind !== "unproved") setNote(turn, place, "CRIT", { kind: "unproved", text });
    return;
  }
  const reason = { rule: "peer-silent", text: `${peer.node} ${silence}` };
  const waitMs = yieldMs(turn.state, group);
  if (waitMs === 0) takeAfterProbe(turn, place, "silent", reason);
  else takeAfterYielding(turn, place, { basis: "silent", reason, waitMs });
}

function decideBesidePeer(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const claim = claimOf(turn.state.peer, place);
  if (claim === undefined || claim.part === "unknown") return;
  const acts = claim.part === "owns" || claim.part === "takes" || claim.part === "drains";
  if (grantStands(turn, place, acts)) return;
  if (claim.part === "owns") {
    considerFailback(turn, place);
    return;
  }
  if (acts) return;
  if (group.alarm !== undefined && turn.now < group.alarm) return;
  const ours = group.config.preferred === turn.state.self || claim.part === "unable";
  if (ours) {
    const text =
      claim.part === "unable"
        ? `${turn.state.peer?.node} cannot run it`
        : "this node is its preferred one";
    intend(turn, place, { rule: claim.part === "unable" ? "peer-unable" : "preferred", text });
  } else if (turn.now - group.since >= UNOWNED_MS) {
    intend(turn, place, { rule: "unowned", text: `${turn.state.peer?.node} does not take it` });
  }
}

/** It runs there and we are its home. */
function considerFailback(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { config, self } = turn.state;
  const preferred = group.config.preferred === self;
  if (!preferred || !group.failbackDue || config.autoFailback === "off") return;
  const at = failbackAt(turn, group);
  if (turn.now < at) {
    const text = `comes home in ${seconds(at - turn.now)}`;
    if (group.note?.kind !== "comes-home") {
      log(
        turn,
        "info",
        `group ${group.config.name}: ${text}, because this node has died lately; \`tandem takeover\` does it now`,
      );
    }
    patchGroup(turn, place, { note: { kind: "comes-home", text } });
    return;
  }
  if (keepsAwayForReach(turn, place)) return;
  ask(turn, place, { why: `${self} is its preferred node and is back`, planned: false });
}

/** After a clean return at once, after a death later (safety.md 6). */
export function failbackAt(turn: Turn, group: Group): number {
  const { config, cameCleanly } = turn.state;
  if (config.tandem.autoFailbackNow || cameCleanly) return group.ableSince;
  const wait = holdOffMs({
    deaths: turn.state.deaths,
    wallSeconds: wallSeconds(turn),
    initdeadMs: turn.state.config.timers.initdeadMs,
  });
  return group.ableSince + wait;
}

function decideProbing(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { peer } = turn.state;
  if (group.phase.kind !== "probing") return;
  const claim = claimOf(peer, place);
  const peerActs = claim?.part === "owns" || claim?.part === "drains";
  // Heard is enough: whether it hears us already is for later, that it lives is certain.
  const mayLive = group.phase.basis === "silent" && !isBeyondHearing(peer);
  // Who has begun a new life may serve in it: that it had released everything is of the past.
  const isBack = group.reason.rule === PEER_RELEASED && !isAway(peer);
  // What a Heartbeat peer holds by its newest word is its own, even where nobody answers for a moment.
  const isTheirs = isPlain(peer) && peerHoldsGroup(turn.state, group);
  if (peerActs || isTheirs || mayLive || isBack || !hasCarrier(group) || turn.state.stopping) {
    goFree(turn, place);
    patchGroup(turn, place, { note: undefined });
  }
}

function decideOwner(turn: Turn, place: number): void {
  const { peer } = turn.state;
  const claim = claimOf(peer, place);
  pursueDispute(turn, place, claim);
  if (claim?.part === "owns" && peer?.report.dialect === "native") {
    if (isOwner(groupAt(turn, place))) contest(turn, place, claim);
    else yieldBeforeServing(turn, place);
  }
  if (isUnheard(turn, place)) return;
  if (!isOwner(groupAt(turn, place))) return;
  keepPathProven(turn, place);
  watchMove(turn, place);
  wantsAway(turn, place);
}

/** We had begun to take it, and hear that the peer serves it: nothing was announced yet. */
function yieldBeforeServing(turn: Turn, place: number): void {
  const text = `${turn.state.peer?.node} serves it`;
  release(turn, place, {
    reason: { rule: "peer-owns", text },
    order: "addresses-first",
    after: "free",
  });
}

/**
 * The peer says that it has not heard us for D − k: it will take over, so we go first (safety.md 4); in mode
 * safety it will not, and nobody would serve.
 * What it says on its return tells of the time before: it has a few beats to hear us, else each heal
 * of a partition would cost the owner its group, or both owners theirs.
 */
function isUnheard(turn: Turn, place: number): boolean {
  const { peer, config, snapshot } = turn.state;
  if (peer === undefined || !isHeard(peer) || peer.report.dialect !== "native") return false;
  if (config.tandem.mode === "safety") return false;
  const { unheardMs } = peer.report;
  const { keepaliveMs, deadtimeMs } = config.timers;
  const announced = snapshot?.announcedMs ?? { beat: keepaliveMs, deadtime: deadtimeMs };
  const limit = announced.deadtime - announced.beat;
  const claim = claimOf(peer, place);
  if (
    unheardMs === undefined ||
    unheardMs <= limit ||
    claim === undefined ||
    claim.part === "unable" ||
    turn.now - (peer.heardSince ?? turn.now) <= RETURN_BEATS * announced.beat + RETURN_MS
  )
    return false;
  const text = `${peer.node} has not heard us for ${seconds(unheardMs)} and will take it`;
  log(turn, "CRIT", `group ${groupAt(turn, place).config.name}: given up: ${text}`);
  lostUngiven(turn, place);
  release(turn, place, {
    reason: { rule: "unheard", text },
    order: "addresses-first",
    after: "free",
  });
  return true;
}

/** Our next beat, its answer, and as much again for one that is lost. */
const RETURN_BEATS = 2;
/** Its answer out of turn, on a line of 9600 baud. */
const RETURN_MS = 500;

/** A move that is under way ends without effect when its taker is no longer there or able. */
function watchMove(turn: Turn, place: number): void {
  const { phase } = groupAt(turn, place);
  if (phase.kind !== "proving" && phase.kind !== "offering") return;
  const { peer } = turn.state;
  const part = claimOf(peer, place)?.part;
  if (!isNative(peer)) callOff(turn, place, `${peer?.node} is not heard any more`);
  else if (part === "unable") callOff(turn, place, `${peer?.node} cannot run it`);
  // What says that it has begun says so of its part too: it has a new life, or lost its address.
  else if (phase.kind === "offering" && phase.acknowledged && part === "free")
    callOff(turn, place, `${peer?.node} has begun anew`);
}

/** Reasons of our own to let it go. */
function wantsAway(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  if (group.phase.kind !== "holding") return;
  const able = couldOwn(turn.state, place);
  if (turn.state.stopping) {
    letGo(turn, place, able && group.note?.kind !== "not-moved");
    return;
  }
  if (!hasCarrier(group) && able) giveForCarrier(turn, place);
  else giveForReach(turn, place);
}

function giveForCarrier(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  // Until the alarm a pause runs after an offer that came to nothing.
  if (group.alarm !== undefined) return;
  const text = `${group.face?.interface} has no carrier here`;
  if (!mayLeave(group.moves, turn.now)) {
    const why = `stays here for the moment: ${text}, but it was moved too often lately`;
    setNoteOnce(turn, place, "CRIT", { kind: "stays-here", text: why });
    return;
  }
  patchGroup(turn, place, { failbackDue: true });
  dropNote(turn, place, "stays-here");
  give(turn, place, { reason: { rule: FOR_CARRIER, text }, urgent: true });
}

/** This node is stopping, and the group goes to the other one, or down. */
function letGo(turn: Turn, place: number, isTaken: boolean): void {
  const { peer, self } = turn.state;
  const reason = { rule: "stopping", text: `${self} is stopping` };
  if (isTaken) {
    give(turn, place, { reason, urgent: false });
    return;
  }
  // A Heartbeat takes nothing before all of it has stopped: until then the address may as well answer.
  const nobodyWaits = peer !== undefined && isPlain(peer) && isHeard(peer);
  const order = nobodyWaits ? "right-to-left" : "addresses-first";
  release(turn, place, { reason, order, after: "free" });
}

/** After the commit: forward, or back only through the taker's end. */
function decideGiver(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { peer } = turn.state;
  const claim = claimOf(peer, place);
  if (claim?.part === "owns") {
    takerAnnounced(turn, place);
  } else if (isAway(peer)) {
    takeFromReleased(turn, place);
  } else if (isSilent(peer)) {
    takeOnSilence(turn, place);
  } else if (claim?.part === "unable" && group.phase.kind === "committed") {
    log(turn, "WARN", `group ${group.config.name}: ${peer?.node} could not take it after all`);
    goFree(turn, place);
  }
}

function decideTaker(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { peer } = turn.state;
  const claim = claimOf(peer, place);
  if (isAway(peer)) {
    takeFromReleased(turn, place);
  } else if (isSilent(peer)) {
    takeOnSilence(turn, place);
  } else if (turn.state.stopping) {
    undone(turn, place, `${turn.state.self} is stopping`);
  } else if (
    claim?.part === "drains" &&
    group.phase.kind === "prepared" &&
    claim.basis === "agreed" &&
    !isExclusive(group.config)
  ) {
    // The commit itself was lost: the giver's beats say the same. Who gives an exclusive group says it before.
    committed(turn, place, { move: group.phase.move, epoch: claim.epoch });
  } else if (claim?.part === "free" || claim?.part === "unable" || claim?.part === "unknown") {
    undone(turn, place, `${peer?.node} does not own it any more`);
  } else if (group.phase.kind === "prepared" && turn.now - group.since > PREPARED_MAX_MS) {
    calledOff(turn, place, "no commit came");
  }
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
