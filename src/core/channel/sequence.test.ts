import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ASK_AFTER_MS,
  ASK_EVERY_MS,
  arrive,
  dueRequests,
  GAP_MAX,
  giveUp,
  nextRequestAt,
  type Sequence,
  UNHEARD,
} from "./sequence.ts";

function having(...seqs: readonly number[]): Sequence {
  return seqs.reduce((sequence, seq) => arrive(sequence, seq, 100).sequence, UNHEARD);
}

describe("arriving numbers", () => {
  it("start anywhere", () => {
    expect(arrive(UNHEARD, 77, 0)).toMatchObject({
      order: "next",
      lost: 0,
      sequence: { last: 77 },
    });
  });

  it("deliver at once what is ahead, and remember the gap", () => {
    const arrival = arrive(having(5), 8, 100);
    expect(arrival).toMatchObject({ order: "next", lost: 2, forgot: false });
    expect(arrival.sequence.missing.map(({ seq }) => seq)).toEqual([6, 7]);
  });

  it("deliver late what was missing, and say when nothing is missing any more", () => {
    const first = arrive(having(5, 8), 7, 0);
    expect(first).toMatchObject({ order: "late", healed: false });
    expect(arrive(first.sequence, 6, 0)).toMatchObject({ order: "late", healed: true });
  });

  it("repeat when seen before, whether last or older", () => {
    for (const seq of [8, 5, 1]) expect(arrive(having(5, 6, 7, 8), seq, 0).order).toBe("repeated");
  });

  it("forget a gap that is too long to be asked for", () => {
    expect(arrive(having(5), 5 + GAP_MAX + 1, 0)).toMatchObject({ forgot: false, lost: GAP_MAX });
    const arrival = arrive(having(5), 5 + GAP_MAX + 2, 0);
    expect(arrival).toMatchObject({ forgot: true, sequence: { missing: [] } });
  });

  it("keep no more gaps than a sender can fill", () => {
    let sequence = having(1);
    for (let seq = 202; seq < 2000; seq += 201) sequence = arrive(sequence, seq, 0).sequence;
    expect(sequence.missing.length).toBeLessThanOrEqual(500);
  });

  it("never deliver a number twice, in any order, and lose none that comes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 240 }), { maxLength: 300 }), (numbers) => {
        let sequence = UNHEARD;
        const delivered: number[] = [];
        for (const seq of numbers) {
          const arrival = arrive(sequence, seq, 0);
          sequence = arrival.sequence;
          if (arrival.order !== "repeated") delivered.push(seq);
        }
        const first = numbers[0] ?? 0;
        const wanted = new Set(numbers.filter((seq) => seq >= first));
        expect(delivered.length).toBe(new Set(delivered).size);
        expect(new Set(delivered)).toEqual(wanted);
      }),
    );
  });
});

describe("requests for missing numbers", () => {
  it("come when due, and again thrice in each max_rexmit_delay", () => {
    let sequence = having(5, 8);
    expect(dueRequests(sequence, 99)[1]).toEqual([]);
    const times: number[] = [];
    for (let row = 0; row < 6; row++) {
      const now = nextRequestAt(sequence);
      times.push(now);
      const [next, asked] = dueRequests(sequence, now);
      expect(asked).toEqual([6, 7]);
      sequence = next;
    }
    const once = [100, 100 + ASK_AFTER_MS, 100 + 2 * ASK_AFTER_MS];
    expect(times).toEqual([...once, ...once.map((at) => at + ASK_EVERY_MS)]);
  });

  it("come in portions when the gap is long", () => {
    const [next, asked] = dueRequests(having(5, 206), 100);
    expect(asked).toHaveLength(50);
    const [, more] = dueRequests(next, nextRequestAt(next));
    expect(more[0]).toBe(56);
  });

  it("end when the sender has nothing left to send", () => {
    expect(nextRequestAt(giveUp(having(5, 8), 6, 7))).toBe(Infinity);
    expect(giveUp(having(5, 8), 6, 6).missing.map(({ seq }) => seq)).toEqual([7]);
  });
});
