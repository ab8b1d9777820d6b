import { describe, expect, it } from "vitest";
import { tutorialConfig } from "../../test/pair.ts";
import { packetsOf } from "../../test/spec/captures.ts";
import { mediumName, nodeName } from "../base/names.ts";
import { byteStringOf } from "../wire/bytes.ts";
import { messageOf } from "../wire/message.ts";
import type { SigningKeys } from "../wire/signature.ts";
import { PacketDesk } from "./loop-packets.ts";

const MCAST = "36-compressed-message.jsonl.gz";
const medium = mediumName("eth1");
const CRC: SigningKeys = { active: 4, keys: [{ number: 4, method: "crc", key: "" }] };

function desk(keys: SigningKeys = CRC): PacketDesk {
  const { nodes, timers, pings, hopfudge, msgfmt, realtime } = tutorialConfig();
  return new PacketDesk({
    self: nodeName("hera.example.com"),
    nodes,
    uuid: "00".repeat(16),
    storedGeneration: 0,
    pinned: undefined,
    timers,
    pings,
    media: [{ kind: "bcast", name: medium, interface: "eth1", port: 694 }],
    hopfudge,
    keys,
    msgfmt,
    realtime,
  });
}

describe("a message that the real Heartbeat compressed (capture 36)", () => {
  it("is heard like any other", () => {
    const hidden = packetsOf(MCAST).filter(({ bytes }) => !byteStringOf(bytes).includes("(0)t="));
    const events = hidden.flatMap(({ bytes }) => desk().read(medium, bytes));
    expect(hidden).toHaveLength(1);
    expect(events).toMatchObject([
      { kind: "received", header: { type: "bigtest", src: "zeus.example.com", seq: 0x24 } },
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
