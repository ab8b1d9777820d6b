import { describe, expect, it } from "vitest";
import { tutorialConfig } from "../../test/pair.ts";
import { packetsOf } from "../../test/spec/captures.ts";
import { mediumName, nodeName } from "../base/names.ts";
import { byteStringOf } from "../wire/bytes.ts";
import { PacketDesk } from "./loop-packets.ts";

const MCAST = "36-compressed-message.jsonl.gz";
const medium = mediumName("eth1");

function desk(): PacketDesk {
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
    keys: { active: 4, keys: [{ number: 4, method: "crc", key: "" }] },
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
