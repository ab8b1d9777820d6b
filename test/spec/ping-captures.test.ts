import { expect, it } from "vitest";
import { pingRound, unansweredPings } from "../../src/core/channel/pings.ts";
import { fieldOf, type Message } from "../../src/wire/message.ts";
import { decodePacket, encodePacket } from "../../src/wire/packet.ts";
import { packetsOf } from "./captures.ts";

/** wire.md 7.3: an echo carries "a complete netstring message as if from the ping node". */
it("an echo of ours is Heartbeat's byte for byte, but for the field that is our own", () => {
  const packets = packetsOf("33-ping-medium-icmp.jsonl.gz");
  expect(packets.length).toBeGreaterThan(10);
  for (const { bytes, keys, where } of packets) {
    const packet = decodePacket(bytes, keys);
    expect(packet.ok, where).toBe(true);
    if (!packet.ok) continue;
    const ours = withoutMark(askedAt(fieldOf(packet.message, "ts") ?? ""));
    const encoded = encodePacket(ours, keys, { encoding: "netstring", innerAuth: true });
    expect(Buffer.from(encoded).toString("latin1"), where).toBe(
      Buffer.from(bytes).toString("latin1"),
    );
  }
});

function askedAt(ts: string): Message {
  const name = "192.168.43.200";
  const nodes = [{ name, kind: "ping", hosts: [name] }] as const;
  const moment = { now: 0, wallSeconds: Number.parseInt(ts, 16) };
  const from = { session: "0000feed", keepaliveMs: 1000 };
  const [, asked] = pingRound(unansweredPings({ nodes, deadMs: 6000 }, 6000, 0), from, moment);
  return asked[0]?.message ?? { fields: [] };
}

function withoutMark({ fields }: Message): Message {
  return { fields: fields.filter(({ name }) => name !== "tdm") };
}
