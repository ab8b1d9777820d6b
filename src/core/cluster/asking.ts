/**
 * Before anything is taken from, or beside, a live native peer, it is asked. `intend` settles who
 * takes what nobody owns: two that intend at once both know who yields, so that no timing makes two
 * owners. `ask` requests a planned move from the owner: failback, or a person's `takeover`.
 */
import type { Reason } from "../step.ts";
import { mayMove, mayMoveBack, mayTry, tryMove } from "./budget.ts";
import { FAILBACK, give, MOVED_BY_RULE } from "./giving.ts";
import { partOf } from "./group.ts";
import { tell } from "./native.ts";
import { setNote } from "./notes.ts";
import { couldOwn } from "./peer.ts";
import { askersReach, proofOfReach, reachWord } from "./reach.ts";
import { objectionToFailback, reasonToGiveForReach } from "./reach-moves.ts";
import { drawNonce, enter, goFree, groupAt, patchGroup, type Turn } from "./state.ts";
import { startServing, takeAfterProbe } from "./taking.ts";

const INTEND_REPEAT_MS = 500;
/** Asking doubles its pauses up to this: a slow line must not be filled with it. */
const INTEND_REPEAT_MAX_MS = 4_000;
/** A granted peer that has not begun by then has lost the grant, or changed its mind. */
const GRANT_MS = 3_000;
/** Since it was asked for: a slow line takes its time, and the grant has to stand yet. */
const GRANT_USABLE_MS = 2_500;
const ASK_REPEAT_MS = 5_000;

export function intend(turn: Turn, place: number, reason: Reason): void {
  enter(turn, place, { kind: "intending", nonce: "", askedAt: turn.now, times: 0 }, { reason });
  repeatIntend(turn, place);
}

/** Said again it is the same question, as old as it was; once no answer to it would count, a new one. */
export function repeatIntend(turn: Turn, place: number): void {
  const { phase } = groupAt(turn, place);
  if (phase.kind !== "intending") return;
  const isNew = phase.times === 0 || !isAnswerable(turn, phase.askedAt);
  const nonce = isNew ? drawNonce(turn) : phase.nonce;
  const askedAt = isNew ? turn.now : phase.askedAt;
  tell(turn, place, "intend", { nonce });
  const pause = Math.min(INTEND_REPEAT_MAX_MS, INTEND_REPEAT_MS * 2 ** phase.times);
  const asked = { kind: "intending", nonce, askedAt, times: phase.times + 1 } as const;
  enter(turn, place, asked, { alarm: turn.now + pause });
}

/** The peer wants to take it. We grant unless it is ours, or we mean to take it and go before. */
export function peerIntends(turn: Turn, place: number, nonce: string): void {
  const group = groupAt(turn, place);
  const part = partOf(group);
  const { kind } = group.phase;
  const wouldTake = kind === "intending" || kind === "probing";
  const first = wouldTake && group.config.preferred === turn.state.self;
  if (
    first ||
    part === "owns" ||
    part === "drains" ||
    part === "unknown" ||
    (part === "takes" && !wouldTake)
  ) {
    tell(turn, place, "deny", { nonce, why: `${turn.state.self}: ${kind}` });
    return;
  }
  if (wouldTake) goFree(turn, place);
  patchGroup(turn, place, { granted: turn.now });
  tell(turn, place, "grant", { nonce });
}

export function granted(turn: Turn, place: number, nonce: string): void {
  const group = groupAt(turn, place);
  if (group.phase.kind !== "intending" || group.phase.nonce !== nonce) return;
  if (!isAnswerable(turn, group.phase.askedAt)) return;
  // It has been probed in this life and nobody answered; the peer's word is newer than that.
  if (group.probe?.result?.answers.length === 0) startServing(turn, place, "agreed", group.reason);
  else takeAfterProbe(turn, place, "agreed", group.reason);
}

/** Who slept on: what is granted then need not be free now, least of all once we may count as dead. */
function isAnswerable(turn: Turn, askedAt: number): boolean {
  return turn.now - askedAt <= Math.min(GRANT_USABLE_MS, turn.state.config.timers.deadtimeMs / 2);
}

export function denied(turn: Turn, place: number, nonce: string): void {
  const group = groupAt(turn, place);
  if (group.phase.kind !== "intending" || group.phase.nonce !== nonce) return;
  // The alarm keeps the pace: decide() intends again only when it is over.
  goFree(turn, place, turn.now + INTEND_REPEAT_MS);
}

/** Does a grant of ours still stand? It ends when the peer has begun, or has let the time pass. */
export function grantStands(turn: Turn, place: number, peerActs: boolean): boolean {
  const { granted: at } = groupAt(turn, place);
  if (at === undefined) return false;
  if (!peerActs && turn.now - at < GRANT_MS) return true;
  patchGroup(turn, place, { granted: undefined });
  return false;
}

/** When the grant runs out. */
export function grantEnds(at: number): number {
  return at + GRANT_MS;
}

/** Ask the owner for it; said again every few seconds while it is wanted. */
export function ask(turn: Turn, place: number, options: { why: string; planned: boolean }): void {
  const group = groupAt(turn, place);
  if (group.askedAt !== undefined && turn.now - group.askedAt < ASK_REPEAT_MS) return;
  patchGroup(turn, place, { askedAt: turn.now });
  const planned = options.planned ? "1" : "0";
  const reach = options.planned ? askersReach(turn.state, turn.now) : reachWord(turn.state);
  tell(turn, place, "ask", { why: options.why, planned, ...reach });
}

export function nextAsk(askedAt: number): number {
  return askedAt + ASK_REPEAT_MS;
}

/** The peer asks for a group that we own. */
export function asked(turn: Turn, place: number, values: Readonly<Record<string, string>>): void {
  const group = groupAt(turn, place);
  const { kind } = group.phase;
  if (kind === "proving" || kind === "offering" || kind === "committed") return;
  const planned = values["planned"] === "1";
  const objection =
    kind !== "holding"
      ? `${turn.state.self} does not hold it (${kind})`
      : !couldOwn(turn.state, place)
        ? "the asking node does not say that it is free to own it"
        : !planned && !mayGiveBack(turn, place)
          ? "it was moved too often lately; it stays where it runs for up to ten minutes, `tandem takeover` moves it now"
          : planned
            ? undefined
            : objectionToFailback(turn, values["pings"]);
  if (objection !== undefined) {
    tell(turn, place, "decline", { why: objection });
    return;
  }
  const forReach = planned ? undefined : reasonToGiveForReach(turn);
  // It asks again in some seconds; by then it is known for what reason the group goes.
  if (forReach === "unsettled") return;
  if (!planned) patchGroup(turn, place, { moves: tryMove(group.moves, turn.now) });
  if (forReach !== undefined) {
    give(turn, place, { reason: forReach, urgent: true });
    return;
  }
  const proof = planned ? proofOfReach(turn.state, values["pings"]) : undefined;
  const rule = planned ? "takeover-asked" : FAILBACK;
  const text = planned ? wishOf(proof) : (values["why"] ?? "");
  give(turn, place, { reason: { rule, text }, urgent: proof !== undefined });
}

/** Of a person there, and what proves the path without an ARP answer. */
function wishOf(proof: string | undefined): string {
  const wish = "asked for by an operator there";
  return proof === undefined ? wish : `${wish}; ${proof}`;
}

/** Its home asks for it. On the way back after a move by rule it must be able to leave again. */
function mayGiveBack(turn: Turn, place: number): boolean {
  const { moves, reason } = groupAt(turn, place);
  const isLeft = reason.rule === MOVED_BY_RULE ? mayMoveBack : mayMove;
  return mayTry(moves, turn.now) && isLeft(moves, turn.now);
}

export function declined(turn: Turn, place: number, why: string): void {
  setNote(turn, place, "info", { kind: "not-given", text: `not given to us: ${why}` });
}
