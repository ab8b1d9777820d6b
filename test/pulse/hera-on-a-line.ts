import { mediumName, type NodeName, nodeName } from "../../src/base/names.ts";
import type { MediumConfig } from "../../src/config/types.ts";
import { startChannel } from "../../src/core/channel/begin.ts";
import { nextWakeAt, reduceChannel } from "../../src/core/channel/channel.ts";
import { encodeMark } from "../../src/core/channel/native.ts";
import type { ChannelEffect, ChannelEvent, ChannelState } from "../../src/core/channel/state.ts";
import { checkHeader } from "../../src/wire/header.ts";
import { type Message, messageOf, typeOf } from "../../src/wire/message.ts";
import { withStandardFields } from "../../src/wire/standard-fields.ts";

const ZEUS = nodeName("zeus");
export const HERA: NodeName = nodeName("hera");
const SESSION = "00000001";
export const TTY: MediumConfig = {
  kind: "serial",
  name: mediumName("/dev/ttyS1"),
  device: "/dev/ttyS1",
  baud: 9600,
};
export const ETH1: MediumConfig = {
  kind: "bcast",
  name: mediumName("eth1"),
  interface: "eth1",
  port: 694,
};
/** On a line of 9600 baud. */
const MESSAGE_MS = 280;
/** A beat of 380 B takes 396 ms there; a node that has nothing but the line beats four times as slowly. */
export const LINE_BEAT_MS = 1_583;

/**
 * A channel with a serial line: we are hera, what she sends takes its time on the line, and zeus is
 * what the tests let her hear.
 */
export class Hera {
  now = 200_000;
  state: ChannelState;
  #lineFreeAt = 0;
  #seq = 0;
  /** What the line has taken. */
  readonly overLine: { at: number; message: Message }[] = [];
  /** When she beat, on whatever medium. */
  readonly beatsAt: number[] = [];
  readonly sent: Extract<ChannelEffect, { kind: "transmit" }>[] = [];

  constructor(media: readonly MediumConfig[]) {
    const timers = { keepaliveMs: 1_000, warntimeMs: 3_000, deadtimeMs: 6_000, initdeadMs: 20_000 };
    this.state = startChannel(
      {
        settings: {
          ...{ self: HERA, nodes: [ZEUS, HERA], uuid: "0b".repeat(16), pinned: undefined },
          ...{ timers, media, pings: { nodes: [], deadMs: 12_000 }, hopfudge: 1 },
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
    medium: MediumConfig["name"] = TTY.name,
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

  /** What she sent last comes back to her over this medium. */
  hearHerself(medium: MediumConfig["name"]): void {
    const last = this.sent.at(-1);
    if (last === undefined) throw new Error("the test's hera has sent nothing yet");
    const checked = checkHeader(last.message, [ZEUS, HERA]);
    if (!checked.ok) throw new Error(`the test's message is refused: ${checked.reason}`);
    const { message } = last;
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
    if (typeOf(effect.message) === "status") this.beatsAt.push(this.now);
    if (!effect.overLines || this.now < this.#lineFreeAt) return;
    this.#lineFreeAt = this.now + MESSAGE_MS;
    this.overLine.push({ at: this.now, message: effect.message });
  }
}

/** What went over the line, of one type. */
export function overLine(hera: Hera, type: string): Hera["overLine"] {
  return hera.overLine.filter(({ message }) => typeOf(message) === type);
}
