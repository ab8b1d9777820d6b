/** Two owners have met: exchange the two records, apply the one rule, and only the loser moves. */
import type { Claim } from "../claim.ts";
import { nextEpoch } from "./epoch.ts";
import { lostUngiven } from "./failback.ts";
import { type ClaimRecord, type Group, hasCarrier, isOwner } from "./group.ts";
import { printable, tell } from "./native.ts";
import { claimOf } from "./peer.ts";
import { ownReach } from "./reach.ts";
import { release } from "./releasing.ts";
import { drawNonce, groupAt, log, operate, patchGroup, type Turn, wallSeconds } from "./state.ts";
import { decodeRecord, encodeRecord, keeps, precedence, whyKept } from "./two-owners.ts";

/** Settled within a second of the first message: a lost record is sent again soon. */
const REPEAT_MS = 200;
/** And then ever later. */
const REPEAT_MAX_MS = 3_200;
/** What waits on a slow line before the answer to a record comes: theirs, ours, and a beat each. */
const RECORDS_OF_LINE = 2;

/** We own it, and the peer's fresh words say that it does too. */
export function contest(turn: Turn, place: number, theirs: Claim): void {
  const group = groupAt(turn, place);
  if (group.dispute !== undefined) return;
  const peer = turn.state.peer?.node ?? "the peer";
  switch (precedence({ epoch: group.epoch.number, basis: group.epoch.basis }, theirs)) {
    case "theirs":
      log(
        turn,
        "CRIT",
        `group ${group.config.name}: ${peer} owns it with a later ${theirs.basis} epoch ${theirs.epoch}; ours is stale`,
      );
      yieldTo(turn, place, `${peer} owns it with epoch ${theirs.epoch} (${theirs.basis})`);
      return;
    case "ours":
      openDispute(turn, place);
      return;
    case "settle":
      log(
        turn,
        "CRIT",
        `group ${group.config.name}: owned here and by ${peer}: settling who keeps it`,
      );
      openDispute(turn, place);
  }
}

function openDispute(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const ours = recordOf(turn, group, drawNonce(turn));
  const pauseMs = firstPauseMs(turn);
  const repeatAt = turn.now + pauseMs;
  patchGroup(turn, place, {
    dispute: { ours, theirs: undefined, echoed: false, pauseMs, repeatAt },
  });
  tell(turn, place, "claim", { ...encodeRecord(ours), echo: "-" });
}

/**
 * Where a record takes half a second, all groups' records must have passed before one is repeated: a
 * line that is filled with repetitions carries no answer.
 */
function firstPauseMs({ state }: Turn): number {
  const lineMs = state.peer?.report.lineMs ?? 0;
  return Math.max(REPEAT_MS, RECORDS_OF_LINE * lineMs * (state.groups.length + 1));
}

function recordOf(turn: Turn, group: Group, nonce: string): ClaimRecord {
  return {
    node: turn.state.self,
    epoch: group.epoch.number,
    basis: group.epoch.basis,
    carrier: hasCarrier(group),
    reach: ownReach(turn.state),
    healthy: group.resourceStates.every((state) => state === "running"),
    connections: 0,
    heldMs: Math.round(turn.now - group.servedSince),
    nonce,
  };
}

/** The peer's record has come. */
export function claimed(turn: Turn, place: number, values: Readonly<Record<string, string>>): void {
  const theirs = decodeRecord(values);
  if (theirs === undefined || theirs.node !== turn.state.peer?.node) {
    log(turn, "WARN", `a claim that cannot be read is ignored: ${printable(values["rec"] ?? "")}`);
    return;
  }
  const group = groupAt(turn, place);
  // One that was under way while its sender gave it up is of the past.
  const stillClaims = claimOf(turn.state.peer, place)?.part === "owns";
  if (!isOwner(group) || !stillClaims) return;
  if (isWon(group, theirs)) {
    // What we own comes with every word of ours: that is what it has not heard.
    answerClaim(turn, place, recordOf(turn, group, drawNonce(turn)), theirs);
    return;
  }
  if (group.dispute === undefined) openDispute(turn, place);
  const { dispute } = groupAt(turn, place);
  if (dispute === undefined) return;
  const hasOurs = values["echo"] === dispute.ours.nonce;
  const isKnown = dispute.theirs?.nonce === theirs.nonce;
  const echoed = dispute.echoed || hasOurs;
  patchGroup(turn, place, { dispute: { ...dispute, theirs, echoed } });
  if (!hasOurs || !isKnown) answerClaim(turn, place, dispute.ours, theirs);
  if (echoed) settle(turn, place);
}

/** It is ours by an epoch that is more than theirs. */
function isWon(group: Group, theirs: ClaimRecord): boolean {
  const { number, basis } = group.epoch;
  return precedence({ epoch: number, basis }, theirs) === "ours";
}

function answerClaim(turn: Turn, place: number, ours: ClaimRecord, theirs: ClaimRecord): void {
  tell(turn, place, "claim", { ...encodeRecord(ours), echo: theirs.nonce });
}

function settle(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { dispute } = group;
  if (dispute?.theirs === undefined) return;
  const { ours, theirs } = dispute;
  const preferred = group.config.preferred;
  const winsHere = winner(ours, theirs, preferred) === ours;
  const why = winsHere ? whyKept(ours, theirs, preferred) : whyKept(theirs, ours, preferred);
  if (!winsHere) {
    yieldTo(turn, place, `${theirs.node} keeps it: ${why}`);
    return;
  }
  const number = Math.max(ours.epoch, theirs.epoch);
  const epoch = nextEpoch({
    highest: Math.max(turn.state.highestEpoch, number),
    wallSeconds: wallSeconds(turn),
    node: turn.state.self,
    basis: "agreed",
  });
  turn.state = { ...turn.state, highestEpoch: epoch.number };
  // Not over before the loser says so: until then our next beat is word enough.
  const pauseMs = firstPauseMs(turn);
  const quiet = { ...dispute, pauseMs, repeatAt: turn.now + pauseMs };
  patchGroup(turn, place, { epoch, dispute: quiet });
  log(
    turn,
    "WARN",
    `group ${group.config.name}: this node keeps it: ${why}; ${theirs.node} gives it up`,
  );
  announceAll(turn, place);
}

function winner(ours: ClaimRecord, theirs: ClaimRecord, preferred: string): ClaimRecord {
  const first = precedence(ours, theirs);
  if (first === "ours") return ours;
  if (first === "theirs") return theirs;
  return keeps(ours, theirs, preferred) ? ours : theirs;
}

/** The winner has the last word on the wire: clients may believe either. */
export function announceAll(turn: Turn, place: number): void {
  for (const [index, resource] of groupAt(turn, place).config.resources.entries()) {
    if (resource.kind === "address") operate(turn, place, index, "announce");
  }
}

function yieldTo(turn: Turn, place: number, why: string): void {
  log(turn, "CRIT", `group ${groupAt(turn, place).config.name}: given up: ${why}`);
  lostUngiven(turn, place);
  release(turn, place, {
    reason: { rule: "two-owners", text: why },
    order: "addresses-first",
    after: "free",
  });
}

/** Say it again while it is not settled; over once the peer no longer claims it. */
export function pursueDispute(turn: Turn, place: number, theirs: Claim | undefined): void {
  const group = groupAt(turn, place);
  const { dispute } = group;
  if (dispute === undefined) return;
  if (!isOwner(group)) {
    patchGroup(turn, place, { dispute: undefined });
    return;
  }
  if (theirs !== undefined && theirs.part !== "owns") {
    patchGroup(turn, place, { dispute: undefined });
    log(
      turn,
      "info",
      `group ${group.config.name}: this node keeps it: ${turn.state.peer?.node} gives it up`,
    );
    announceAll(turn, place);
    return;
  }
  if (turn.now < dispute.repeatAt) return;
  const pauseMs = Math.max(dispute.pauseMs, Math.min(REPEAT_MAX_MS, 2 * dispute.pauseMs));
  patchGroup(turn, place, { dispute: { ...dispute, pauseMs, repeatAt: turn.now + pauseMs } });
  tell(turn, place, "claim", {
    ...encodeRecord(dispute.ours),
    echo: dispute.theirs?.nonce ?? "-",
  });
}

/** A medium works again: what was said some time ago may have been lost, and is said at once. */
export function hastenDisputes(turn: Turn): void {
  for (const { place, dispute } of turn.state.groups) {
    if (dispute === undefined) continue;
    if (turn.now - (dispute.repeatAt - dispute.pauseMs) < REPEAT_MS) continue;
    const pauseMs = firstPauseMs(turn);
    patchGroup(turn, place, { dispute: { ...dispute, pauseMs, repeatAt: turn.now } });
  }
}
