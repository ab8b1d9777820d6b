import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { tutorialConfig } from "../../test/pair.ts";
import { packetsOf } from "../../test/spec/captures.ts";
import { mediumName, nodeName } from "../base/names.ts";
import type { MediumConfig } from "../config/types.ts";
import { byteStringOf, bytesOf } from "../wire/bytes.ts";
import { writePrefixed } from "../wire/length-prefixed.ts";
import { messageOf } from "../wire/message.ts";
import { type SigningKeys, sign } from "../wire/signature.ts";
import { withStandardFields } from "../wire/standard-fields.ts";
import { PacketDesk } from "./loop-packets.ts";

const MCAST = "36-compressed-message.jsonl.gz";
const medium = mediumName("eth1");
const CRC: SigningKeys = { active: 4, keys: [{ number: 4, method: "crc", key: "" }] };

const TTY: MediumConfig = {
  kind: "serial",
  name: mediumName("/dev/ttyS1"),
  device: "/dev/ttyS1",
  baud: 9600,
};

function desk(keys: SigningKeys = CRC): PacketDesk {
  const { nodes, timers, pings, hopfudge, msgfmt, realtime } = tutorialConfig();
  return new PacketDesk({
    self: nodeName("hera.example.com"),
    nodes,
    uuid: "00".repeat(16),
    storedGeneration: 0,
    pinned: undefined,
    exclusive: [],
    timers,
    pings,
    media: [{ kind: "bcast", name: medium, interface: "eth1", port: 694 }, TTY],
    hopfudge,
    keys,
    msgfmt,
    realtime,
  });
}

describe("a message that the real Heartbeat compressed (capture 36)", () => {
  it("is heard like any other", () => {
    const hidden = packetsOf(MCAST).filter(({ bytes }) => !byteStringOf(bytes).includes("(0)t="));
    const events = hidden.flatMap(({ bytes }) => desk().read(medium, bytes, 0));
    expect(hidden).toHaveLength(1);
    expect(events).toMatchObject([
      { kind: "received", header: { type: "bigtest", src: "zeus.example.com", seq: 0x24 } },
    ]);
  });
});

describe("a serial line", () => {
  const [, written] = desk().write(
    withStandardFields(messageOf({ t: "status", st: "up", dt: "2ee0", protocol: "1" }).fields, {
      ...{ src: "zeus.example.com", srcuuidHex: "11".repeat(16), seq: 1, hg: 2, ts: 3, ttl: 3 },
    }),
    { overLines: true },
  );
  const packet = written?.bytes ?? new Uint8Array();

  it("that was pulled in the middle of a message loses the half one, not the next", () => {
    const hera = desk();
    expect(hera.read(TTY.name, packet.subarray(0, 100), 0)).toEqual([]);
    expect(hera.read(TTY.name, packet, 0)).toMatchObject([
      { kind: "discarded", reason: "noise" },
      { kind: "received", header: { type: "status", seq: 1 } },
    ]);
  });

  it("with nothing authentic on it gives one discard for each message", () => {
    const spoilt = packet.map((byte, index) => (index === 20 ? byte ^ 1 : byte));
    const hera = desk();
    expect(hera.read(TTY.name, Uint8Array.of(...spoilt, ...packet), 0)).toMatchObject([
      { kind: "discarded" },
      { kind: "received" },
    ]);
  });
});

describe("a datagram", () => {
  const headOf = (keys: SigningKeys): string | undefined => {
    const [packet] = desk(keys).write(messageOf({ t: "x" }), { overLines: false });
    return packet && byteStringOf(packet.bytes.subarray(0, 4));
  };

  it("is a netstring, as Heartbeat's", () => {
    expect(headOf(CRC)).toBe("###\n");
  });

  it("is classic text while keys are changed: of that Heartbeat takes every key it has (capture 26)", () => {
    expect(headOf({ ...CRC, keys: [...CRC.keys, { number: 1, method: "md5", key: "k" }] })).toBe(
      ">>>\n",
    );
  });
});

describe("compressed packets", () => {
  /** Two KiB that grow to a megabyte. */
  const bomb = (() => {
    const payload = deflateSync(`>>>\nt=${"x".repeat(1_000_000)}\n<<<\n`).toString("latin1");
    const text = `###\n${writePrefixed(`(1)_compressed_payload=${payload}`)}${writePrefixed("(0)_compression_algorithm=zlib")}%%%\n`;
    const [key] = CRC.keys;
    return bytesOf(text + writePrefixed(`4 ${key === undefined ? "" : sign(bytesOf(text), key)}`));
  })();

  it("are undone as far as the allowance goes, whatever their number", () => {
    const hera = desk();
    const reasons: string[] = [];
    for (let at = 0; at < 10_000; at += 100) {
      for (const event of hera.read(medium, bomb, at)) {
        if (event.kind === "discarded") reasons.push(event.reason);
      }
    }
    // Undone, the message has too long a type; not undone, it is a compressed one.
    const undone = reasons.filter((reason) => reason === "bad-field").length;
    expect(reasons).toHaveLength(100);
    expect(undone).toBeGreaterThanOrEqual(2);
    expect(undone).toBeLessThanOrEqual(2 + (10 * 256 * 1024) / 1_000_000);
    expect(reasons.filter((reason) => reason === "compressed")).toHaveLength(100 - undone);
  });
});
