import { describe, expect, it } from "vitest";
import { byteStringOf, bytesOf, hexOf } from "../../src/wire/bytes.ts";
import { parseHex } from "../../src/wire/header.ts";
import { inflate } from "../../src/wire/inflate.ts";
import { fieldOf, type Message, typeOf } from "../../src/wire/message.ts";
import { decodeNetstring, encodeNetstring } from "../../src/wire/netstring.ts";
import { type DecodedPacket, decodePacket, encodePacket } from "../../src/wire/packet.ts";
import { frame, newSerialFramer } from "../../src/wire/serial-framer.ts";
import type { SigningKeys } from "../../src/wire/signature.ts";
import { withStandardFields } from "../../src/wire/standard-fields.ts";
import { type CapturedPacket, keysOf, packetFiles, packetsOf, serialStream } from "./captures.ts";

/** "All packets in these files pass both checks" (captures, notes): every one, and back to its bytes. */

function decoded({ bytes, keys, where }: CapturedPacket): DecodedPacket {
  const packet = decodePacket(bytes, keys, { inflate });
  if (!packet.ok) throw new Error(`${where}: ${packet.reason}: ${packet.detail}`);
  return packet;
}

const signedWith = (keyNumber: number, { keys }: SigningKeys): SigningKeys => ({
  active: keyNumber,
  keys,
});

describe("every packet that real Heartbeat sent over UDP and ICMP", () => {
  const files = packetFiles().map((file) => ({ file, packets: packetsOf(file) }));

  it("is there", () => {
    const counts = Object.fromEntries(
      files.map(({ file, packets }) => [file.slice(0, 2), packets.length]),
    );
    expect(counts).toEqual({
      "01": 35,
      "02": 48,
      "03": 20,
      "04": 23,
      "05": 51,
      "06": 23,
      "07": 24,
      "08": 26,
      "09": 46,
      "10": 159,
      "11": 28,
      "12": 0,
      "13": 106,
      "14": 146,
      "15": 78,
      "16": 22,
      "17": 112,
      "20": 266,
      "21": 264,
      "22": 263,
      "25": 27,
      "30": 391,
      "31": 350,
      "32": 371,
      "33": 64,
      "34": 38,
      "35": 38,
      "36": 16,
      "40": 311,
    });
    expect(files.flatMap(({ packets }) => packets)).toHaveLength(3346);
  });

  it.each(files)("decodes, verifies and encodes back to the same bytes: $file", ({ packets }) => {
    for (const packet of packets) {
      const { message, encoding, keyNumber, compressed } = decoded(packet);
      if (compressed) continue;
      const innerAuth = fieldOf(message, "auth") !== undefined;
      const again = encodePacket(message, signedWith(keyNumber, packet.keys), {
        encoding,
        innerAuth,
      });
      expect(byteStringOf(again), packet.where).toBe(byteStringOf(packet.bytes));
    }
  });

  it("is refused when one bit of it was turned over", () => {
    for (const packet of files.flatMap(({ packets }) => packets)) {
      const garbled = Uint8Array.from(packet.bytes);
      const at = packet.bytes.length >> 1;
      garbled[at] = (garbled[at] ?? 0) ^ 0x10;
      expect(decodePacket(garbled, packet.keys).ok, packet.where).toBe(false);
    }
  });

  it("has the standard fields in the order in which they are added to ours", () => {
    let compared = 0;
    for (const packet of files.flatMap(({ packets }) => packets)) {
      const { message } = decoded(packet);
      if (fieldOf(message, "srcuuid") === undefined) continue;
      expect(writtenAgain(message), packet.where).toEqual(withoutAuth(message));
      compared += 1;
    }
    expect(compared).toBe(3271);
  });

  it("carries on with the next key after authkeys was read again", () => {
    const numbers = packetsOf("17-reload-authkeys-then-hacf.jsonl.gz").map(
      (packet) => decoded(packet).keyNumber,
    );
    expect(new Set(numbers)).toEqual(new Set([4, 2]));
  });
});

const standardNames = ["destuuid", "src", "srcuuid", "seq", "hg", "ts", "ld", "ttl"];

function withoutAuth({ fields }: Message): Message {
  return { fields: fields.filter((field) => field.name !== "auth") };
}

/**
 * What the caller of the sender wrote, completed by us with the sender's numbers. The caller's part ends
 * with the last field that is not a standard one: API clients write `src` themselves.
 */
function writtenAgain(message: Message): Message {
  const { fields } = withoutAuth(message);
  const last = fields.findLastIndex((field) => !standardNames.includes(field.name));
  const written = fields.slice(0, last + 1);
  const number = (name: string) => parseHex(fieldOf(message, name) ?? "") ?? Number.NaN;
  const uuid = (name: string) => {
    const value = fieldOf(message, name);
    return value === undefined ? undefined : hexOf(value);
  };
  return withStandardFields(written, {
    src: fieldOf(message, "src") ?? "",
    srcuuidHex: uuid("srcuuid") ?? "",
    destuuidHex: uuid("destuuid"),
    seq: fieldOf(message, "seq") === undefined ? undefined : number("seq"),
    hg: number("hg"),
    ts: number("ts"),
    ld: fieldOf(message, "ld"),
    ttl: Number(fieldOf(message, "ttl")),
  });
}

describe("the compressed message of capture 36", () => {
  const packets = packetsOf("36-compressed-message.jsonl.gz");
  const found = packets.filter((packet) => decoded(packet).compressed);
  const [compressed] = found;

  it("is one, and comes out whole", () => {
    expect(found).toHaveLength(1);
    if (compressed === undefined) return;
    const { message } = decoded(compressed);
    expect(typeOf(message)).toBe("bigtest");
    expect(fieldOf(message, "src")).toBe("zeus.example.com");
    expect(fieldOf(message, "seq")).toBe("24");
  });

  it("encodes back to the same bytes on the outside", () => {
    if (compressed === undefined) throw new Error("no compressed packet");
    const text = byteStringOf(compressed.bytes);
    const outer = decodeNetstring(text.slice(0, text.lastIndexOf("%%%\n") + 4));
    if (!outer.ok) throw new Error(outer.detail);
    expect(outer.value.fields.map((field) => field.name)).toEqual([
      "_compressed_payload",
      "_compression_algorithm",
    ]);
    expect(text.startsWith(encodeNetstring(outer.value))).toBe(true);
    const again = encodePacket(outer.value, compressed.keys, {
      encoding: "netstring",
      innerAuth: false,
    });
    expect(byteStringOf(again)).toBe(text);
  });

  it("is a counted discard where nothing undoes the compression", () => {
    if (compressed === undefined) throw new Error("no compressed packet");
    expect(decodePacket(compressed.bytes, compressed.keys)).toMatchObject({ reason: "compressed" });
  });
});

describe("the serial line of captures 23 and 24", () => {
  const keys = keysOf("23");
  const streams = [
    { direction: "hera-to-zeus", messages: 88 },
    { direction: "zeus-to-hera", messages: 80 },
  ] as const;

  it.each(streams)("$direction: $messages messages, and back to the same stream", (expected) => {
    const stream = serialStream(expected.direction);
    const { state, packets, discarded } = frame(newSerialFramer(), stream);
    expect(packets).toHaveLength(expected.messages);
    expect(discarded).toBe(0);
    expect(state).toEqual(newSerialFramer());
    const again = packets.map((bytes) => {
      const { message } = decoded({ bytes, keys, where: expected.direction });
      return byteStringOf(encodePacket(message, keys, { encoding: "classic", innerAuth: true }));
    });
    expect(again.join("")).toBe(byteStringOf(stream));
  });

  it.each(streams)("$direction: the same byte by byte", ({ direction, messages }) => {
    let state = newSerialFramer();
    let count = 0;
    for (const byte of serialStream(direction)) {
      const step = frame(state, Uint8Array.of(byte));
      state = step.state;
      count += step.packets.filter((packet) => decodePacket(packet, keys).ok).length;
    }
    expect(count).toBe(messages);
  });

  it("encodes back to the chunks in which it was read", () => {
    const chunks = packetsOf("24-serial-chunks.jsonl.gz");
    expect(chunks).toHaveLength(136);
    let count = 0;
    for (const { bytes, where } of chunks) {
      // Every chunk of that capture ends with a message.
      const { packets } = frame(newSerialFramer(), bytes);
      const again = packets.map((packet) => {
        const { message } = decoded({ bytes: packet, keys, where });
        return byteStringOf(encodePacket(message, keys, { encoding: "classic", innerAuth: true }));
      });
      expect(again.join(""), where).toBe(byteStringOf(bytes));
      count += packets.length;
    }
    expect(count).toBe(168);
  });

  it("is found again after noise, and after a message that lost its end", () => {
    const stream = byteStringOf(serialStream("zeus-to-hera"));
    const noisy = `\0\xff=q\n<<<\n${stream.slice(100)}>>>\nt=sta\n${stream}`;
    const { packets, discarded } = frame(newSerialFramer(), bytesOf(noisy));
    expect(packets).toHaveLength(79 + 80);
    expect(discarded).toBeGreaterThan(2);
  });
});
