import { describe, expect, it } from "vitest";
import { Hera, said, sent } from "../../../test/channel/hera.ts";
import { fieldOf, messageOf, typeOf } from "../../wire/message.ts";
import { HISTORY_MAX } from "./history.ts";

/** zeus is heard, and says what `also` says; hera sends so many messages, besides her beats. */
function talk(hera: Hera, messages: number, also: (number: number) => void = () => {}): void {
  for (let number = 1; number <= messages; number++) {
    if (number % 20 === 0) {
      hera.wait(2_000);
      hera.hear(said({ seq: (lastHeard(hera) ?? 0) + 1 }));
    }
    hera.step({ kind: "send", fields: messageOf({ t: "resource", word: `${number}` }).fields });
    also(number);
  }
}

const lastHeard = (hera: Hera) => hera.state.peers[0]?.sequence.last;

function acknowledge(hera: Hera, seq: number): void {
  const more = { dest: "hera", ackseq: seq.toString(16) };
  hera.hear(said({ t: "NS_ackmsg", more }));
}

const complaints = (hera: Hera) =>
  hera.done.flatMap((effect) =>
    effect.kind === "log" && effect.text.includes("acknowledge") ? [effect.text] : [],
  );

describe("a peer that never acknowledges", () => {
  it("is named once, in the log and in the report, with what to look at", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    talk(hera, 1_000);
    expect(complaints(hera)).toHaveLength(1);
    expect(complaints(hera)[0]).toMatch(/node zeus is heard and has acknowledged none of our/);
    expect(complaints(hera)[0]).toMatch(/look for a firewall/);
    expect(hera.peer?.unacknowledgedSince).toBe(200_000);
    expect(hera.peer?.liveness).toBe("up");
  });

  it("costs no more than one that does: what is kept is the same after 10 000 messages as after 1 000", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    talk(hera, 1_000);
    const { sent: kept } = hera.state.history;
    const size = JSON.stringify(hera.state).length;
    talk(hera, 9_000);
    expect(kept).toHaveLength(HISTORY_MAX);
    expect(hera.state.history.sent).toHaveLength(HISTORY_MAX);
    expect(JSON.stringify(hera.state).length).toBeLessThan(size * 1.05);
  });

  it("holds nothing back: all is sent, and beats go on", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    talk(hera, 1_000);
    const numbers = hera.done.flatMap((effect) =>
      effect.kind === "transmit" && typeOf(effect.message) === "resource"
        ? [fieldOf(effect.message, "seq")]
        : [],
    );
    expect(new Set(numbers).size).toBe(1_000);
    const beats = sent(hera).filter((type) => type === "status");
    expect(beats.length).toBeGreaterThanOrEqual(50);
  });

  it("and does again: that is said too", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    talk(hera, 300);
    acknowledge(hera, hera.state.nextSeq - 1);
    expect(complaints(hera)[1]).toBe("node zeus acknowledges our messages again");
    expect(hera.peer?.unacknowledgedSince).toBeUndefined();
  });
});

describe("a peer that acknowledges", () => {
  it("one message in ten is not named", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    talk(hera, 1_000, (number) => {
      if (number % 10 === 7) acknowledge(hera, hera.state.nextSeq - 1);
    });
    expect(complaints(hera)).toEqual([]);
  });

  it("only what we have not sent, or an old number again and again, does not count", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    talk(hera, 20);
    acknowledge(hera, 15);
    talk(hera, 300, () => {
      acknowledge(hera, 15);
      acknowledge(hera, hera.state.nextSeq + 5);
    });
    expect(complaints(hera)).toHaveLength(1);
  });
});

describe("our own acknowledgements", () => {
  /** What hera acknowledges while she hears these numbers. */
  function acks(numbers: readonly number[]): readonly number[] {
    const hera = new Hera();
    hera.hear(said({ seq: 0 }));
    // Before all else a newcomer is owed a beat.
    hera.wait(2_000);
    return numbers.flatMap((seq) =>
      hera.hear(said({ seq })).flatMap((effect) => {
        if (effect.kind !== "transmit" || typeOf(effect.message) !== "NS_ackmsg") return [];
        return [Number.parseInt(fieldOf(effect.message, "ackseq") ?? "", 16)];
      }),
    );
  }
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

  it("are one for ten messages", () => {
    const [first = 0, ...rest] = acks(upTo(100));
    expect(rest.length).toBeGreaterThanOrEqual(8);
    expect(rest).toEqual(rest.map((_, index) => first + 10 * (index + 1)));
  });

  it("come when a gap is filled, up to where nothing is missing: whichever message was lost", () => {
    const [digit = 0] = acks(upTo(100)).slice(3);
    const before = upTo(digit - 1);
    expect(acks([...before, digit + 1, digit + 3, digit]).slice(-1)).toEqual([digit + 1]);
    expect(acks([...before, digit + 1, digit + 3]).at(-1)).toBe(digit - 10);
    expect(acks([...before.slice(0, -1), digit, digit - 1]).at(-1)).toBe(digit);
  });
});

describe("a peer that cannot acknowledge", () => {
  it("is not named while it is not heard, and has 250 messages from then on", () => {
    const hera = new Hera();
    for (let number = 0; number < 1_000; number++) {
      hera.step({ kind: "send", fields: messageOf({ t: "resource" }).fields });
    }
    hera.hear(said({ seq: 1 }));
    talk(hera, 200);
    expect(complaints(hera)).toEqual([]);
  });

  it("because it says that it does not hear us is named by that, not here", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, heard: "00000009" }));
    for (let number = 0; number < 300; number++) {
      hera.step({ kind: "send", fields: messageOf({ t: "resource" }).fields });
    }
    expect(complaints(hera)).toEqual([]);
  });
});
