import type { ArpReport, Ping } from "./report.ts";

/** What a client saw of an address over some time; times in milliseconds of CLOCK_BOOTTIME. */
export interface PingSummary {
  readonly sent: number;
  readonly answered: number;
  readonly lost: number;
  /** The longest time between two answers that followed each other: the outage as the client felt it. */
  readonly longestGapMs: number;
  /** Where that gap lies; undefined with fewer than two answers. */
  readonly longestGap: Span | undefined;
  /** Runs of pings lost one after the other, in order. */
  readonly losses: readonly Loss[];
}

export interface Span {
  readonly from: number;
  readonly until: number;
}

export interface Loss {
  readonly firstSequence: number;
  readonly count: number;
  /** When the first and the last of them were sent. */
  readonly from: number;
  readonly until: number;
}

/** Sums up pings, in any order. */
export function summarizePings(pings: readonly Ping[]): PingSummary {
  const answerTimes = pings
    .flatMap((ping) => (ping.answeredAt === undefined ? [] : [ping.answeredAt]))
    .sort((one, other) => one - other);
  const longestGap = longestGapOf(answerTimes);
  return {
    sent: pings.length,
    answered: answerTimes.length,
    lost: pings.length - answerTimes.length,
    longestGapMs: longestGap === undefined ? 0 : longestGap.until - longestGap.from,
    longestGap,
    losses: lossesOf(pings),
  };
}

function longestGapOf(times: readonly number[]): Span | undefined {
  let longest: Span | undefined;
  let from: number | undefined;
  for (const until of times) {
    if (from !== undefined && until - from > (longest ? longest.until - longest.from : -1)) {
      longest = { from, until };
    }
    from = until;
  }
  return longest;
}

function lossesOf(pings: readonly Ping[]): readonly Loss[] {
  const losses: Loss[] = [];
  const lost = pings
    .filter((ping) => ping.answeredAt === undefined)
    .sort((one, other) => one.sequence - other.sequence);
  for (const { sequence, sentAt } of lost) {
    const last = losses.at(-1);
    if (last !== undefined && last.firstSequence + last.count === sequence) {
      losses[losses.length - 1] = { ...last, count: last.count + 1, until: sentAt };
    } else losses.push({ firstSequence: sequence, count: 1, from: sentAt, until: sentAt });
  }
  return losses;
}

/** When the first ping that was sent after `at` was answered; the end of an outage that began at `at`. */
export function firstAnswerAfter(pings: readonly Ping[], at: number): number | undefined {
  let first: number | undefined;
  for (const { sentAt, answeredAt } of pings) {
    if (sentAt < at || answeredAt === undefined) continue;
    if (first === undefined || answeredAt < first) first = answeredAt;
  }
  return first;
}

/** The times in which two hosts answered for the address, from the first question so answered to the last. */
export function doublyAnswered(questions: readonly ArpReport[]): readonly Span[] {
  const spans: Span[] = [];
  let isOpen = false;
  for (const { askedAt, answers } of questions) {
    const isDouble = new Set(answers.map((answer) => answer.mac)).size > 1;
    const last = spans.at(-1);
    if (isDouble && isOpen && last !== undefined) {
      spans[spans.length - 1] = { ...last, until: askedAt };
    } else if (isDouble) spans.push({ from: askedAt, until: askedAt });
    isOpen = isDouble;
  }
  return spans;
}
