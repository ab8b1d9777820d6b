import { type MediumName, mediumName, type NodeName, nodeName } from "../../src/base/names.ts";
import { startChannel } from "../../src/core/channel/begin.ts";
import { nextWakeAt, reduceChannel } from "../../src/core/channel/channel.ts";
import { encodeMark } from "../../src/core/channel/native.ts";
import type { ChannelReport, PeerReport } from "../../src/core/channel/report.ts";
import { snapshotOf } from "../../src/core/channel/reports.ts";
import type { ChannelSettings } from "../../src/core/channel/settings.ts";
import type { ChannelEffect, ChannelEvent, ChannelState } from "../../src/core/channel/state.ts";
import { checkHeader } from "../../src/wire/header.ts";
import { type Message, messageOf, typeOf } from "../../src/wire/message.ts";
import { withStandardFields } from "../../src/wire/standard-fields.ts";

export const ETH0: MediumName = mediumName("eth0");
export const ETH1: MediumName = mediumName("eth1");
export const ZEUS: NodeName = nodeName("zeus");
export const HERA: NodeName = nodeName("hera");
export const ZEUS_UUID: string = "0a".repeat(16);
export const SESSION = "00000001";

/** We are hera and hear what the tests let zeus say. */
export class Hera {
  now = 200_000;
  state: ChannelState;
  readonly done: ChannelEffect[] = [];

  constructor(settings: Partial<ChannelSettings> = {}) {
    this.state = startChannel(
      {
        settings: {
          self: HERA,
          nodes: [ZEUS, HERA],
          uuid: "0b".repeat(16),
          pinned: undefined,
          timers: {
            keepaliveMs: 2000,
            warntimeMs: 6000,
            deadtimeMs: 12_000,
            initdeadMs: 150_000,
          },
          media: [ETH0, ETH1].map((name) => ({ kind: "bcast", name, interface: name, port: 694 })),
          pings: { nodes: [], deadMs: 12_000 },
          hopfudge: 1,
          ...settings,
        },
        session: SESSION,
        generation: 3,
        resumed: false,
        nextSeq: 1,
        seed: 5,
      },
      this.now,
    );
    this.step({ kind: "medium", medium: ETH1, usable: true, detail: "" });
  }

  step(event: ChannelEvent): readonly ChannelEffect[] {
    const moment = { now: this.now, wallSeconds: 1_795_000_000, load: "0.00", busy: [] };
    const [next, effects] = reduceChannel(this.state, event, moment);
    this.state = next;
    this.done.push(...effects);
    for (const effect of effects) {
      if (effect.kind === "after-queues") this.step({ kind: "queues-drained" });
    }
    return effects;
  }

  hear(message: Message, medium: MediumName = ETH1): readonly ChannelEffect[] {
    const checked = checkHeader(message, [ZEUS, HERA, nodeName("ares")]);
    if (!checked.ok) throw new Error(`the test's message is refused: ${checked.reason}`);
    return this.step({ kind: "received", medium, header: checked.header, message });
  }

  wait(ms: number): void {
    const until = this.now + ms;
    for (let at = nextWakeAt(this.state); at <= until; at = nextWakeAt(this.state)) {
      this.now = at;
      this.step({ kind: "wake" });
    }
    this.now = until;
  }

  get discarded(): Readonly<Record<string, number>> {
    return this.state.discards.counts;
  }

  get peer(): PeerReport | undefined {
    return snapshotOf(this.state, this.now).peers[0];
  }

  reports(kind: string): readonly ChannelReport[] {
    return this.done.flatMap((effect) =>
      effect.kind === "report" && effect.report.kind === kind ? [effect.report] : [],
    );
  }
}

export interface Said {
  readonly t?: string;
  readonly src?: string;
  readonly uuid?: string;
  readonly seq?: number;
  readonly hg?: number;
  /** Undefined: a plain message; else our session as zeus last heard it. */
  readonly heard?: string;
  readonly more?: Record<string, string>;
}

export function said({
  t = "status",
  src = ZEUS,
  uuid = ZEUS_UUID,
  seq = 1,
  hg = 7,
  ...rest
}: Said): Message {
  const beat = t === "status" ? { st: "active", dt: "2ee0", protocol: "1" } : {};
  const mark = rest.heard && encodeMark({ session: "0000aaaa", heard: rest.heard });
  return withStandardFields(messageOf({ t, ...beat, tdm: mark, ...rest.more }).fields, {
    src,
    srcuuidHex: uuid,
    seq,
    hg,
    ts: 1_795_000_000,
    ttl: 3,
  });
}

/** The types of all that hera has sent, in order. */
export function sent(hera: Hera): readonly string[] {
  return hera.done.flatMap((effect) =>
    effect.kind === "transmit" ? [typeOf(effect.message)] : [],
  );
}
