import { describe, expect, test } from "vitest";
import { doublyAnswered, firstAnswerAfter, summarizePings } from "./outage.ts";
import type { ArpReport, Ping } from "./report.ts";

/** A ping each 10 ms from time 0; the listed ones are lost, the others answered after 1 ms. */
const pings = (count: number, lost: readonly number[] = []): Ping[] =>
  Array.from({ length: count }, (_, sequence) => ({
    sequence,
    sentAt: sequence * 10,
    ...(lost.includes(sequence) ? {} : { answeredAt: sequence * 10 + 1 }),
  }));

describe("what pings tell", () => {
  test("a healthy address loses nothing, and its longest gap is the interval", () => {
    expect(summarizePings(pings(100))).toMatchObject({
      sent: 100,
      lost: 0,
      longestGapMs: 10,
      losses: [],
    });
  });

  test("pings lost in a row are one loss, and the gap is from answer to answer", () => {
    const summary = summarizePings(pings(20, [5, 6, 7, 12]));
    expect(summary.lost).toBe(4);
    expect(summary.losses).toEqual([
      { firstSequence: 5, count: 3, from: 50, until: 70 },
      { firstSequence: 12, count: 1, from: 120, until: 120 },
    ]);
    expect(summary.longestGap).toEqual({ from: 41, until: 81 });
  });

  test("late answers are no losses, but the silence before them is a gap", () => {
    const late = pings(10).map((ping) =>
      ping.sequence >= 2 && ping.sequence < 6 ? { ...ping, answeredAt: 60 } : ping,
    );
    expect(summarizePings(late)).toMatchObject({ lost: 0, longestGapMs: 49 });
  });

  test("without answers there is no gap to measure", () => {
    expect(summarizePings(pings(3, [0, 1, 2]))).toMatchObject({ lost: 3, longestGap: undefined });
  });

  test("the end of an outage is the first answer to a ping sent after its beginning", () => {
    expect(firstAnswerAfter(pings(20, [5, 6, 7]), 50)).toBe(81);
    expect(firstAnswerAfter(pings(8, [5, 6, 7]), 50)).toBeUndefined();
  });
});

describe("who answers", () => {
  const question = (askedAt: number, ...macs: string[]): ArpReport => ({
    kind: "arp",
    askedAt,
    answers: macs.map((mac) => ({ mac, at: askedAt + 1 })),
  });

  test("one host that answers twice is still one", () => {
    expect(doublyAnswered([question(0, "a", "a"), question(50, "b")])).toEqual([]);
  });

  test("two that answer are a span from the first such question to the last", () => {
    const questions = [
      question(0, "a"),
      question(50, "a", "b"),
      question(100, "b", "a"),
      question(150, "b"),
      question(200, "a", "b"),
    ];
    expect(doublyAnswered(questions)).toEqual([
      { from: 50, until: 100 },
      { from: 200, until: 200 },
    ]);
  });
});
