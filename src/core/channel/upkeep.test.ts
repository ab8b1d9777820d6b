import { describe, expect, it } from "vitest";
import { mediumName, nodeName } from "../../base/names.ts";
import type { MediumConfig } from "../../config/types.ts";
import { checkHeader } from "../../wire/header.ts";
import { fieldOf, type Message, messageOf, typeOf } from "../../wire/message.ts";
import { withStandardFields } from "../../wire/standard-fields.ts";
import { startChannel } from "./begin.ts";
import { nextWakeAt, reduceChannel } from "./channel.ts";
import { encodeMark } from "./native.ts";
import type { ChannelEffect, ChannelEvent, ChannelState } from "./state.ts";

const ZEUS = nodeName("zeus");
const HERA = nodeName("hera");
const SESSION = "00000001";
const TTY: MediumConfig = {
  kind: "serial",
  name: mediumName("/dev/ttyS1"),
  device: "/dev/ttyS1",
  baud: 9600,
};
const ETH1: MediumConfig = {
  kind: "bcast",
  name: mediumName("eth1"),
  interface: "eth1",
  port: 694,
};
/** On a line of 9600 baud. */
const MESSAGE_MS = 280;
/** A beat of 380 B takes 396 ms there; a node that has nothing but the line beats four times as slowly. */
const LINE_BEAT_MS = 1_583;

/** We are hera; what she sends takes its time on the line. */
class Hera {
  now = 200_000;
  state: ChannelState;
  #lineFreeAt = 0;
  #seq = 0;
  /** What the line has taken. */
  readonly overLine: { at: number; message: Message }[] = [];
  readonly sent: Extract<ChannelEffect, { kind: "transmit" }>[] = [];

  constructor(media: readonly MediumConfig[]) {
    const timers = { keepaliveMs: 1_000, warntimeMs: 3_000, deadtimeMs: 6_000, initdeadMs: 20_000 };
    this.state = startChannel(
      {
        settings: {
          ...{ self: HERA, nodes: [ZEUS, HERA], uuid: "0b".repeat(16), pinned: undefined },
          ...{ timers, media, hopfudge: 1 },
        },
        ...{ session: SESSION, generation: 3, resumed: false, nextSeq: 1, seed: 5 },
      },
      this.now,
    );
    for (const { name } of media) {
      this.step({ kind: "medium", medium: name, usable: true, detail: "" });
      this.hear("status", { seq: this.nextSeq() }, name);
    }
  }

  /** Zeus's next number. */
  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  step(event: ChannelEvent): void {
    const busy = this.now < this.#lineFreeAt ? [TTY.name] : [];
    const moment = { now: this.now, wallSeconds: 1_795_000_000, load: "0.00", busy };
    const [next, effects] = reduceChannel(this.state, event, moment);
    this.state = next;
    for (const effect of effects) {
      if (effect.kind === "after-queues") this.step({ kind: "queues-drained" });
      if (effect.kind === "transmit") this.#transmit(effect);
    }
  }

  hear(
    t: string,
    { seq, ...more }: { seq?: number } & Record<string, string | number>,
    medium = TTY.name,
  ): void {
    const beat = t === "status" ? { st: "active", dt: "1770", protocol: "1" } : {};
    const tdm = encodeMark({ session: "0000aaaa", heard: SESSION });
    const texts = Object.entries(more).map(([name, value]) => [name, String(value)]);
    const fields = messageOf({ t, ...beat, tdm, ...Object.fromEntries(texts) }).fields;
    const standard = { src: ZEUS, srcuuidHex: "0a".repeat(16), hg: 7, ts: 1_795_000_000, ttl: 3 };
    const message = withStandardFields(fields, { ...standard, seq });
    const checked = checkHeader(message, [ZEUS, HERA]);
    if (!checked.ok) throw new Error(`the test's message is refused: ${checked.reason}`);
    this.step({ kind: "received", medium, header: checked.header, message });
  }

  /** Lives on, hearing a beat of zeus now and then. */
  live(ms: number): void {
    const until = this.now + ms;
    for (let beatAt = this.now + 700; this.now < until; ) {
      const at = Math.min(nextWakeAt(this.state), beatAt, until);
      this.now = Math.max(this.now, at);
      if (at === beatAt) {
        this.hear("status", { seq: this.nextSeq() }, this.state.settings.media[0]?.name);
        beatAt += LINE_BEAT_MS;
      } else if (at < until) this.step({ kind: "wake" });
    }
  }

  #transmit(effect: Extract<ChannelEffect, { kind: "transmit" }>): void {
    this.sent.push(effect);
    if (!effect.overLines || this.now < this.#lineFreeAt) return;
    this.#lineFreeAt = this.now + MESSAGE_MS;
    this.overLine.push({ at: this.now, message: effect.message });
  }
}

function ofType(hera: Hera, type: string): Hera["overLine"] {
  return hera.overLine.filter(({ message }) => typeOf(message) === type);
}

describe("over a serial line alone", () => {
  it("requests for a long gap leave every beat its time", () => {
    const hera = new Hera([TTY]);
    hera.live(5_000);
    for (let lost = 0; lost < 12; lost += 1) hera.nextSeq();
    hera.live(60_000);
    const beats = ofType(hera, "status").map(({ at }) => at);
    const pauses = beats.slice(3).map((at, index) => at - (beats[index + 2] ?? 0));
    expect(Math.max(...pauses)).toBeLessThan(LINE_BEAT_MS + 1);
    expect(beats.length).toBeGreaterThan(35);
  });

  it("each missing number has its turn", () => {
    const hera = new Hera([TTY]);
    hera.live(5_000);
    const lost = [1, 2, 3, 4, 5].map(() => String(hera.nextSeq()));
    hera.live(30_000);
    const asked = ofType(hera, "NS_rexmit").map(({ message }) => fieldOf(message, "firstseq"));
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
    const overLine = hera.overLine.filter(isRequest).length;
    expect(overLine).toBeGreaterThan(0);
    expect(overLine).toBeLessThan(4);
  });
});
