import { describe, expect, it } from "vitest";
import { nodeName } from "../../src/base/names.ts";
import { byteStringOf } from "../../src/wire/bytes.ts";
import { checkHeader } from "../../src/wire/header.ts";
import { fieldOf } from "../../src/wire/message.ts";
import { type DecodeOptions, decodePacket, encodePacket } from "../../src/wire/packet.ts";
import { type Injection, injections, keysOf } from "./captures.ts";

/** Capture 26: what the real zeus did with hand-made packets (wire.md 3.2, 4.1). */

const keys = keysOf("26");
const self = nodeName("zeus.example.com");
const nodes = [self, nodeName("hera.example.com")];

/**
 * The channel's part in miniature: it remembers the highest generation of the sender and looks whom a
 * message is for. Everything else is decided by the wire alone.
 */
function verdicts(options: DecodeOptions): ReadonlyMap<string, string> {
  let generation = 0;
  const verdict = ({ bytes }: Injection): string => {
    const packet = decodePacket(bytes, keys, options);
    if (!packet.ok) return packet.reason;
    const checked = checkHeader(packet.message, nodes);
    if (!checked.ok) return checked.reason;
    if (checked.header.hg < generation) return "replayed (channel)";
    generation = checked.header.hg;
    const { dest } = checked.header;
    return dest === undefined || dest === self ? "accepted" : "not for us (channel)";
  };
  return new Map(injections().map((injection) => [injection.test, verdict(injection)]));
}

describe("capture 26", () => {
  it("has 27 packets, of which the real daemon took 17", () => {
    expect(injections()).toHaveLength(27);
    expect(injections().filter(({ accepted }) => accepted)).toHaveLength(17);
  });

  it("agrees in every line when a netstring's key is chosen as in 3.0.6", () => {
    const ours = verdicts({ netstringKey: "active" });
    for (const { test, what, accepted } of injections()) {
      expect(ours.get(test) === "accepted", `${test}: ${what}: ${ours.get(test)}`).toBe(accepted);
    }
  });

  it("differs by default only where 3.0.6 takes the wrong key text (wire.md 3.2)", () => {
    const ours = verdicts({});
    const different = injections()
      .filter(({ test, accepted }) => (ours.get(test) === "accepted") !== accepted)
      .map(({ what }) => what);
    expect(different).toEqual([
      "netstring, outer key 5 correct",
      "netstring, outer labelled 5, method sha1, but active key string",
    ]);
  });

  it("is refused for these reasons, three of them by the channel's memory", () => {
    const refused = [...verdicts({})].filter(([, verdict]) => verdict !== "accepted");
    expect(Object.fromEntries(refused)).toEqual({
      v6: "bad-auth",
      v8: "no-auth",
      v9: "not-a-message",
      v14: "replayed (channel)",
      v18: "unknown-node",
      v19: "unknown-node",
      v20: "missing-field",
      v22: "not for us (channel)",
      v25: "replayed (channel)",
      v26: "replayed (channel)",
    });
  });

  it("encodes back to the same bytes wherever it is a packet", () => {
    let count = 0;
    for (const { test, bytes } of injections()) {
      const packet = decodePacket(bytes, keys);
      if (!packet.ok) continue;
      const { message, encoding, keyNumber } = packet;
      // v7 is the one with a wrong inner signature, which only stays as it is when it is not ours.
      const innerAuth = fieldOf(message, "auth") !== undefined && test !== "v7";
      const signedAlike = { ...keys, active: keyNumber };
      const again = encodePacket(message, signedAlike, { encoding, innerAuth });
      expect(byteStringOf(again), test).toBe(byteStringOf(bytes));
      count += 1;
    }
    expect(count).toBe(24);
  });
});
