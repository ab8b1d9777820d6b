import { type Allowance, fullBudget, refilled } from "../base/budget.ts";
import { type MediumName, mediumName } from "../base/names.ts";
import { SERIAL_BYTES_MAX } from "../core/channel/pace.ts";
import type { ChannelEvent } from "../core/channel/state.ts";
import type { Inflate } from "../wire/compressed.ts";
import type { DiscardReason } from "../wire/discard.ts";
import { checkHeader } from "../wire/header.ts";
import { inflate } from "../wire/inflate.ts";
import { inflatedBytesMax } from "../wire/limits.ts";
import type { Message } from "../wire/message.ts";
import { decodePacket, encodePacket } from "../wire/packet.ts";
import { frame, messageWithin, newSerialFramer, type SerialFramer } from "../wire/serial-framer.ts";
import type { PulseSettings } from "./link.ts";

/**
 * Bytes that compressed packets may grow to. Two KiB grow to two MiB and keep us busy for a tenth of
 * a second: enough of them, rightly signed, and no beat of ours would be in time. The largest message
 * that there can be passes at once; a pair sends none.
 */
const INFLATED: Allowance = { most: inflatedBytesMax, perSecond: 256 * 1024 };
/** What a byte of a zlib stream can grow to (RFC 1951: 258 bytes in two bits). */
const GROWTH_MAX = 1032;

/** Between the bytes of the media and the messages of the channel. */
export class PacketDesk {
  readonly #settings: PulseSettings;
  readonly #framers = new Map<MediumName, SerialFramer>();
  #now = 0;
  #inflated = fullBudget(INFLATED);

  constructor(settings: PulseSettings) {
    this.#settings = settings;
  }

  /** What a datagram, or a chunk of a serial line, brought. */
  read(medium: MediumName, bytes: Uint8Array, now: number): readonly ChannelEvent[] {
    this.#now = now;
    const config = this.#settings.media.find((candidate) => candidate.name === medium);
    if (config === undefined) return [];
    if (config.kind !== "serial") return [this.#open(medium, bytes)];
    const framed = frame(this.#framers.get(medium) ?? newSerialFramer(), bytes);
    this.#framers.set(medium, framed.state);
    const noise = framed.discarded === 0 ? [] : [noiseOn(medium, framed.discarded)];
    return [...noise, ...framed.packets.flatMap((packet) => this.#openLine(medium, packet))];
  }

  #openLine(medium: MediumName, packet: Uint8Array): readonly ChannelEvent[] {
    const opened = this.#open(medium, packet);
    const within = opened.kind === "discarded" ? messageWithin(packet) : undefined;
    const again = within && this.#open(medium, within);
    return again?.kind === "received" ? [noiseOn(medium, 1), again] : [opened];
  }

  /**
   * What to write where: netstrings on IP media, classic text on serial lines (wire.md 2.3), and
   * everywhere while there is more than one key. Heartbeat 3.0.6 checks a netstring with the text of its own
   * active key, whatever number is on it; of classic text it takes every key that it has, so that keys
   * can be changed one node at a time (wire.md 3.2).
   */
  write(
    message: Message,
    { overLines }: { overLines: boolean },
  ): readonly { medium: MediumName; bytes: Uint8Array }[] {
    const { keys, media } = this.#settings;
    let datagram: Uint8Array | undefined;
    let line: Uint8Array | undefined;
    return media.flatMap(({ name, kind }) => {
      if (kind === "serial") {
        if (!overLines) return [];
        line ??= encodePacket(message, keys, { encoding: "classic", innerAuth: true });
        return line.length > SERIAL_BYTES_MAX ? [] : [{ medium: name, bytes: line }];
      }
      datagram ??= this.writeDatagram(message);
      return [{ medium: name, bytes: datagram }];
    });
  }

  /** As IP media and the data of an echo have it. */
  writeDatagram(message: Message): Uint8Array {
    const { keys, msgfmt } = this.#settings;
    const encoding = keys.keys.length > 1 ? "classic" : "netstring";
    return encodePacket(message, keys, { encoding, innerAuth: msgfmt === "classic" });
  }

  /** What a ping node sent back. */
  readPong(node: string, bytes: Uint8Array): ChannelEvent {
    const packet = decodePacket(bytes, this.#settings.keys);
    if (!packet.ok) return discarded(mediumName(node), packet.reason);
    return { kind: "pong", node, message: packet.message };
  }

  /** Undefined as well where the allowance is used up. */
  readonly #inflate: Inflate = (bytes, bytesMax) => {
    const budget = refilled(this.#inflated, INFLATED, this.#now);
    const room = Math.min(bytesMax, Math.floor(budget.left));
    if (room < 1) return undefined;
    const inflated = inflate(bytes, room);
    const spent = inflated?.length ?? Math.min(room, GROWTH_MAX * bytes.length);
    this.#inflated = { ...budget, left: budget.left - spent };
    return inflated;
  };

  #open(medium: MediumName, bytes: Uint8Array): ChannelEvent {
    const { keys, nodes } = this.#settings;
    const packet = decodePacket(bytes, keys, { inflate: this.#inflate });
    if (!packet.ok) return discarded(medium, packet.reason);
    const checked = checkHeader(packet.message, nodes);
    if (!checked.ok) return discarded(medium, checked.reason);
    return { kind: "received", medium, header: checked.header, message: packet.message };
  }
}

function discarded(medium: MediumName, reason: DiscardReason): ChannelEvent {
  return { kind: "discarded", medium, reason };
}

/** One event for all noise of a chunk: a line that delivers nothing else is little work. */
function noiseOn(medium: MediumName, count: number): ChannelEvent {
  return { kind: "discarded", medium, reason: "noise", count };
}
