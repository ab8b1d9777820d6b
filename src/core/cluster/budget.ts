/**
 * How often rules may move a group (safety.md 6): three times in ten minutes, then it stays where it can
 * run. The budget is the group's, not a node's: what each has given is told with every offer (giving.ts),
 * counted by the taker too, and kept over restarts of tandemd by the journal.
 *
 * What draws on it: a move for a lost carrier, one for the ping nodes, and the way home after either,
 * which needs one move more to be left: else the next fault would find the group where it cannot leave.
 *
 * What does not: whatever a person asks for; a takeover on silence, which is never forbidden; and the way
 * home after a death or a clean stop. That has its own pace (failback.ts), and counted, a power cut would
 * leave too little for a cable that is pulled and plugged in minutes later. It waits all the same while
 * nothing is left.
 */
export const MOVES_MAX = 3;
export const MOVES_WINDOW_MS = 600_000;
/** A group that nobody reaches here is never held for longer by a spent budget: never nowhere (safety.md 7). */
export const LAST_RESORT_MS = 30_000;

/** Times of our own clock, newest last, no more than needed. */
export interface Moves {
  /** What rules have given away from here. */
  readonly own: readonly number[];
  /** What rules have given to us, and what the peer has told of such. */
  readonly peers: readonly number[];
  /** What rules have begun here, whatever came of it: what comes to nothing is not begun without end. */
  readonly tried: readonly number[];
}

export const NO_MOVES: Moves = { own: [], peers: [], tried: [] };

/** Is one left for a rule? */
export function mayMove(moves: Moves, now: number): boolean {
  return spent(moves, now) < MOVES_MAX;
}

/** Is one left for it, and another to leave again? */
export function mayMoveBack(moves: Moves, now: number): boolean {
  return spent(moves, now) < MOVES_MAX - 1;
}

/** Nobody reaches it here: it goes, at once while one is left, else some time after the last. */
export function mayLeave(moves: Moves, now: number): boolean {
  const last = Math.max(moves.own.at(-1) ?? -Infinity, moves.peers.at(-1) ?? -Infinity);
  return mayMove(moves, now) || now - last >= LAST_RESORT_MS;
}

/** May a rule begin one that the peer may yet refuse? */
export function mayTry(moves: Moves, now: number): boolean {
  return recent(moves.tried, now).length < MOVES_MAX;
}

export function spendMove(moves: Moves, now: number): Moves {
  return { ...moves, own: withOne(moves.own, now) };
}

/** The peer has given it to us by a rule. */
export function spentByPeer(moves: Moves, now: number): Moves {
  return { ...moves, peers: withOne(moves.peers, now) };
}

export function tryMove(moves: Moves, now: number): Moves {
  return { ...moves, tried: withOne(moves.tried, now) };
}

/** Of the journal of this boot: what cannot be is left out. */
export function recalled(times: readonly number[], now: number): readonly number[] {
  return recent(times, now).slice(-MOVES_MAX);
}

/** Our own as a field of an offer: a version, then each one's age in hex: `1 1d4c0 3a98`, at most 19 bytes. */
export function movesWord({ own }: Moves, now: number): { readonly moves?: string } {
  const ages = recent(own, now).map((at) => Math.floor(now - at).toString(16));
  return ages.length === 0 ? {} : { moves: ["1", ...ages].join(" ") };
}

/** Undefined for anything that movesWord does not write: an older version says nothing. */
export function decodeMoves(text: string | undefined, now: number): readonly number[] | undefined {
  if (text === undefined || !/^1(?: [0-9a-f]{1,5}){1,3}$/.test(text)) return undefined;
  const ages = text.split(" ").slice(1);
  const times = ages.map((age) => now - Number.parseInt(age, 16));
  return recent(
    times.toSorted((one, other) => one - other),
    now,
  );
}

function spent({ own, peers }: Moves, now: number): number {
  return recent(own, now).length + recent(peers, now).length;
}

function withOne(times: readonly number[], now: number): readonly number[] {
  return [...recent(times, now), now].slice(-MOVES_MAX);
}

function recent(times: readonly number[], now: number): readonly number[] {
  return times.filter((at) => at <= now && now - at < MOVES_WINDOW_MS);
}
