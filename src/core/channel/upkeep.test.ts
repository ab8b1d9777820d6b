import { describe, expect, it } from "vitest";
import {
  ETH1,
  HERA,
  Hera,
  LINE_BEAT_MS,
  overLine,
  TTY,
} from "../../../test/pulse/hera-on-a-line.ts";
import { fieldOf, type Message, messageOf, typeOf } from "../../wire/message.ts";

describe("over a serial line alone", () => {
  it("requests for a long gap leave every beat its time", () => {
    const hera = new Hera([TTY]);
    hera.live(5_000);
    for (let lost = 0; lost < 12; lost += 1) hera.nextSeq();
    hera.live(60_000);
    const beats = overLine(hera, "status").map(({ at }) => at);
    const pauses = beats.slice(3).map((at, index) => at - (beats[index + 2] ?? 0));
    expect(Math.max(...pauses)).toBeLessThan(LINE_BEAT_MS + 1);
    expect(beats.length).toBeGreaterThan(35);
  });

  it("each missing number has its turn", () => {
    const hera = new Hera([TTY]);
    hera.live(5_000);
    const lost = [1, 2, 3, 4, 5].map(() => String(hera.nextSeq()));
    hera.live(30_000);
    const asked = overLine(hera, "NS_rexmit").map(({ message }) => fieldOf(message, "firstseq"));
    expect(asked.slice(0, 5).toSorted()).toEqual(lost);
    expect(new Set(asked)).toEqual(new Set(lost));
  });

  it("of several answers at once only the first goes out", () => {
    const hera = new Hera([TTY]);
    for (const word of ["one", "two"]) {
      hera.step({ kind: "send", fields: messageOf({ t: "resource", word }).fields });
    }
    hera.live(600);
    const before = hera.overLine.length;
    hera.hear("NS_rexmit", { dest: HERA, firstseq: 1, lastseq: 3 });
    expect(hera.overLine.length - before).toBe(1);
    expect(hera.sent.slice(-3).map(({ overLines }) => overLines)).toEqual([true, false, false]);
  });
});

describe("beside a faster medium", () => {
  it("all requests go over that, and few over the line", () => {
    const hera = new Hera([ETH1, TTY]);
    hera.live(2_000);
    for (let lost = 0; lost < 4; lost += 1) hera.nextSeq();
    hera.live(5_000);
    const isRequest = ({ message }: { message: Message }): boolean =>
      typeOf(message) === "NS_rexmit";
    expect(hera.sent.filter(isRequest).length).toBeGreaterThan(40);
    const over = hera.overLine.filter(isRequest).length;
    expect(over).toBeGreaterThan(0);
    expect(over).toBeLessThan(4);
  });
});
