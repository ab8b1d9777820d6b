/**
 * The receiving side of sequence numbers, as 3.0.6 keeps it (wire.md 5): what comes is delivered at
 * once, a gap is remembered and asked for, and a number from the gap is delivered when it comes, out
 * of order. Everything else that is not above the last number has been seen before.
 */
export interface Sequence {
  /** The highest number seen; undefined: none yet, any number is the start. */
  readonly last: number | undefined;
  /** Numbers below `last` that were never seen, ascending. */
  readonly missing: readonly Missing[];
}

export interface Missing {
  readonly seq: number;
  /** When it is to be asked for (again). */
  readonly askAt: number;
  /** So often it has been. */
  readonly asked: number;
}

/** Missing all at once beyond this number, a gap is forgotten (3.0.6: "lost a lot of packets!"). */
export const GAP_MAX = 250;
/** All gaps together: what the sender keeps; an older number could not be sent again. */
const MISSING_MAX = 500;
/** Between two requests for the same number: 3.0.6's max_rexmit_delay. */
export const ASK_EVERY_MS = 250;
/** The earliest request: a number merely overtaken by another usually comes within this time. */
export const ASK_AFTER_MS = 50;
/**
 * Whoever is asked sends a number again once in 240 ms, however often it is asked for: more requests help
 * only where one got lost. So each number is asked for so often with pauses of ASK_AFTER_MS, then after what
 * is left of ASK_EVERY_MS; and only where few are missing: a long gap has lost more than single packets.
 */
const ASKS_IN_A_ROW = 3;
const FEW = 10;
/** Requests at one time: a long gap must not burst over a slow line. */
const ASK_AT_ONCE_MAX = 50;

export const UNHEARD: Sequence = { last: undefined, missing: [] };

export interface Arrival {
  readonly sequence: Sequence;
  /** `late`: it was missing, and older than something already delivered. */
  readonly order: "next" | "late" | "repeated";
  /** Numbers that went missing with this one. */
  readonly lost: number;
  /** So many were missing that all of them were given up. */
  readonly forgot: boolean;
  /** This was the last of the missing ones. */
  readonly healed: boolean;
}

/** Takes one number in. `askAt`: when to ask for what it shows to be missing. */
export function arrive(sequence: Sequence, seq: number, askAt: number): Arrival {
  const { last, missing } = sequence;
  const plain = { lost: 0, forgot: false, healed: false };
  if (last === undefined) {
    return { ...plain, sequence: { last: seq, missing }, order: "next" };
  }
  if (seq > last) return ahead(sequence, last, seq, askAt);
  const left = missing.filter((gap) => gap.seq !== seq);
  if (left.length === missing.length) return { ...plain, sequence, order: "repeated" };
  const healed = left.length === 0;
  return { ...plain, sequence: { last, missing: left }, order: "late", healed };
}

function ahead(sequence: Sequence, last: number, seq: number, askAt: number): Arrival {
  const lost = seq - last - 1;
  const base = { order: "next", lost, healed: false } as const;
  if (lost > GAP_MAX || sequence.missing.length + lost > MISSING_MAX) {
    return { ...base, sequence: { last: seq, missing: [] }, forgot: true };
  }
  const gap = Array.from({ length: lost }, (_, index) => ({
    seq: last + 1 + index,
    askAt,
    asked: 0,
  }));
  return {
    ...base,
    sequence: { last: seq, missing: [...sequence.missing, ...gap] },
    forgot: false,
  };
}

/** The sender no longer has these: they are not waited for any more. */
export function giveUp(sequence: Sequence, first: number, last: number): Sequence {
  const missing = sequence.missing.filter((gap) => gap.seq < first || gap.seq > last);
  return missing.length === sequence.missing.length ? sequence : { ...sequence, missing };
}

/** The numbers to ask for now, and the sequence with their next turn. */
export function dueRequests(
  sequence: Sequence,
  now: number,
): readonly [Sequence, readonly number[]] {
  const asked = sequence.missing.filter((gap) => gap.askAt <= now).slice(0, ASK_AT_ONCE_MAX);
  const newest = asked.at(-1);
  if (newest === undefined) return [sequence, []];
  const areFew = sequence.missing.length <= FEW;
  const missing = sequence.missing.map((gap) => {
    if (gap.askAt > now) return gap;
    if (gap.seq > newest.seq) return { ...gap, askAt: now + ASK_AFTER_MS };
    const askedNow = gap.asked + 1;
    return { ...gap, askAt: now + pauseAfter(areFew ? askedNow : 0), asked: askedNow };
  });
  return [{ ...sequence, missing }, asked.map((gap) => gap.seq)];
}

/** Behind so many requests for one number; 0: it is asked for once at a time. */
function pauseAfter(asked: number): number {
  if (asked === 0) return ASK_EVERY_MS;
  const isLastInRow = asked % ASKS_IN_A_ROW === 0;
  return isLastInRow ? ASK_EVERY_MS - (ASKS_IN_A_ROW - 1) * ASK_AFTER_MS : ASK_AFTER_MS;
}

/** The one that has waited longest: all that a slow line has room for. The others keep their places. */
export function oldestRequest(
  sequence: Sequence,
  now: number,
): readonly [Sequence, readonly number[]] {
  const askAt = nextRequestAt(sequence);
  const oldest = sequence.missing.find((gap) => gap.askAt === askAt);
  if (oldest === undefined || askAt > now) return [sequence, []];
  const missing = sequence.missing.map((gap) =>
    gap === oldest ? { ...gap, askAt: now + ASK_EVERY_MS, asked: gap.asked + 1 } : gap,
  );
  return [{ ...sequence, missing }, [oldest.seq]];
}

/** When the next request is due; Infinity: nothing is missing. */
export function nextRequestAt(sequence: Sequence): number {
  return sequence.missing.reduce((soonest, gap) => Math.min(soonest, gap.askAt), Infinity);
}
