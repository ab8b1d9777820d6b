import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { mediumName, nodeName } from "../../src/base/names.ts";
import { startChannel } from "../../src/core/channel/begin.ts";
import { nextWakeAt, reduceChannel } from "../../src/core/channel/channel.ts";
import type { ChannelReport } from "../../src/core/channel/report.ts";
import type { ChannelEffect, ChannelEvent, ChannelState } from "../../src/core/channel/state.ts";
import { checkHeader } from "../../src/wire/header.ts";
import { fieldOf, type Message, typeOf } from "../../src/wire/message.ts";
import { decodePacket } from "../../src/wire/packet.ts";
import { keysOf } from "../spec/captures.ts";

/** What a channel of ours made of a real Heartbeat's packets, at the times when they came. */
export interface Played {
  readonly reports: readonly { readonly at: number; readonly report: ChannelReport }[];
  readonly sent: readonly { readonly at: number; readonly message: Message }[];
  readonly logs: readonly string[];
  readonly discarded: Readonly<Record<string, number>>;
  /** When the last packet of the peer came. */
  readonly lastAt: number;
  /** When each `status` of the peer came. */
  readonly beats: readonly number[];
}

const NODES = [nodeName("zeus.example.com"), nodeName("hera.example.com")];
/** Captures begin at this time of our clock. */
const BEGIN = 1_000_000;

interface Line {
  readonly t: number;
  readonly from?: string;
  readonly b64?: string;
}

/** We are hera; zeus speaks from the capture, and for so long after it nobody does. */
export function playZeus(file: string, options: { timers?: object; afterMs: number }): Played {
  const player = new Player(file, options.timers ?? {});
  for (const line of linesOf(file)) {
    if (line.from !== "zeus" || line.b64 === undefined) continue;
    player.hear(BEGIN + line.t * 1000, Buffer.from(line.b64, "base64"));
  }
  player.liveUntil(player.lastAt + options.afterMs);
  return player;
}

class Player implements Played {
  readonly reports: { at: number; report: ChannelReport }[] = [];
  readonly sent: { at: number; message: Message }[] = [];
  readonly logs: string[] = [];
  readonly beats: number[] = [];
  lastAt = BEGIN;
  #state: ChannelState;
  readonly #file: string;

  constructor(file: string, timers: object) {
    this.#file = file;
    const medium = mediumName("eth1");
    this.#state = startChannel(
      {
        settings: {
          self: nodeName("hera.example.com"),
          nodes: NODES,
          uuid: "0b".repeat(16),
          pinned: undefined,
          timers: {
            keepaliveMs: 2000,
            warntimeMs: 6000,
            deadtimeMs: 12_000,
            initdeadMs: 20_000,
            ...timers,
          },
          media: [{ kind: "bcast", name: medium, interface: "eth1", port: 694 }],
          pings: { nodes: [], deadMs: 12_000 },
          hopfudge: 1,
        },
        session: "0000feed",
        generation: 7,
        resumed: false,
        nextSeq: 1,
        seed: 1,
      },
      BEGIN - 100,
    );
    this.#step({ kind: "medium", medium, usable: true, detail: "" }, BEGIN - 100);
  }

  get discarded(): Readonly<Record<string, number>> {
    return this.#state.discards.counts;
  }

  hear(at: number, bytes: Uint8Array): void {
    this.liveUntil(at);
    this.lastAt = at;
    const packet = decodePacket(bytes, keysOf(this.#file));
    if (!packet.ok) throw new Error(`a packet of a capture is no message: ${packet.reason}`);
    const checked = checkHeader(packet.message, NODES);
    if (!checked.ok) throw new Error(`a header of a capture is refused: ${checked.reason}`);
    if (typeOf(packet.message) === "status") this.beats.push(at);
    const medium = mediumName("eth1");
    const { header } = checked;
    this.#step({ kind: "received", medium, header, message: packet.message }, at);
  }

  liveUntil(until: number): void {
    for (let at = nextWakeAt(this.#state); at <= until; at = nextWakeAt(this.#state)) {
      this.#step({ kind: "wake" }, at);
    }
  }

  #step(event: ChannelEvent, now: number): void {
    const moment = { now, wallSeconds: 1_795_000_000, load: "0.00 0.00 0.00 1/1 1", busy: [] };
    const [next, effects] = reduceChannel(this.#state, event, moment);
    this.#state = next;
    for (const effect of effects) this.#perform(effect, now);
  }

  #perform(effect: ChannelEffect, at: number): void {
    if (effect.kind === "log") this.logs.push(effect.text);
    else if (effect.kind === "report") this.reports.push({ at, report: effect.report });
    else if (effect.kind === "transmit") this.sent.push({ at, message: effect.message });
    else if (effect.kind === "after-queues") this.#step({ kind: "queues-drained" }, at);
  }
}

export function sentOfType(played: Played, type: string): readonly Message[] {
  return played.sent.flatMap(({ message }) => (typeOf(message) === type ? [message] : []));
}

export function deliveredOf(played: Played): readonly Message[] {
  return played.reports.flatMap(({ report }) =>
    report.kind === "message" ? [report.message] : [],
  );
}

/** The numbered messages of zeus for hera or everybody, without beats: what must be delivered once. */
export function saidByZeus(file: string): ReadonlySet<string> {
  const said = new Set<string>();
  for (const line of linesOf(file)) {
    if (line.from !== "zeus" || line.b64 === undefined) continue;
    const packet = decodePacket(Buffer.from(line.b64, "base64"), keysOf(file));
    if (!packet.ok) continue;
    const dest = fieldOf(packet.message, "dest");
    // What zeus tells itself of a group that it starts concerns us too.
    const isForUs =
      dest === undefined ||
      dest === "hera.example.com" ||
      typeOf(packet.message) === "ip-request-resp";
    const seq = fieldOf(packet.message, "seq");
    if (seq !== undefined && isForUs && typeOf(packet.message) !== "status") said.add(seq);
  }
  return said;
}

function linesOf(file: string): readonly Line[] {
  const url = new URL(`../captures/${file}.jsonl.gz`, import.meta.url);
  const text = gunzipSync(readFileSync(url)).toString("utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}
