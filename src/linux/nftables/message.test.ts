import { describe, expect, it } from "vitest";
import { decodeAttributes, decodeMessages, decodeText } from "../netlink/message.ts";
import { encodeMuting } from "./message.ts";

/** That the kernel takes these bytes and does what they say is shown in test/lab/linux-arp.test.ts. */

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const muted = [{ address: "192.168.43.53", ownAddress: "192.168.43.51" }];

const encode = (list: typeof muted) => {
  const { bytes, last } = encodeMuting(list);
  return { messages: decodeMessages(bytes), last };
};

const BEGIN = 16;
const END = 17;
const NEW_TABLE = 0x0a00;
const DELETE_TABLE = 0x0a02;
const NEW_CHAIN = 0x0a03;
const NEW_RULE = 0x0a06;

describe("the transaction that mutes addresses", () => {
  it("replaces the table whole", () => {
    const { messages } = encode(muted);
    expect(messages.map((message) => message.type)).toEqual([
      BEGIN,
      NEW_TABLE,
      DELETE_TABLE,
      NEW_TABLE,
      NEW_CHAIN,
      NEW_CHAIN,
      NEW_RULE,
      NEW_RULE,
      END,
    ]);
    const names = messages
      .slice(1, -1)
      .map((message) => decodeText(decodeAttributes(message.body.subarray(4)).get(1) ?? hex("")));
    expect(new Set(names)).toEqual(new Set(["tandem_mute"]));
  });

  it("for no address is the end of the table, there or not", () => {
    const { messages } = encode([]);
    expect(messages.map((message) => message.type)).toEqual([BEGIN, NEW_TABLE, DELETE_TABLE, END]);
  });

  it("asks for one acknowledgement, of its last part", () => {
    const { messages, last } = encode(muted);
    const asked = messages.filter((message) => message.flags & 0x4);
    expect(asked.map((message) => message.sequence)).toEqual([last]);
    expect(messages.map((message) => message.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("drops what asks for the address: four bytes at 24 of the ARP packet", () => {
    const rule = encode(muted).messages[6]?.body ?? hex("");
    // family arp, version 0, resource 0
    expect(rule.subarray(0, 4)).toEqual(hex("03 00 0000"));
    const expressions = decodeAttributes(rule.subarray(4)).get(4);
    expect(expressions).toEqual(
      hex(
        // payload: to register 1, of the network header, offset 24, length 4
        `3400 0180 0c00 0100 7061796c6f616400 2400 0280
           0800 0100 00000001 0800 0200 00000001 0800 0300 00000018 0800 0400 00000004` +
          // cmp: register 1, equal, 192.168.43.53
          `2c00 0180 0800 0100 636d7000 2000 0280
           0800 0100 00000001 0800 0200 00000000 0c00 0380 0800 0100 c0a82b35` +
          // immediate: verdict register, drop
          `3000 0180 0e00 0100 696d6d65646961746500 0000 1c00 0280
           0800 0100 00000000 1000 0280 0c00 0280 0800 0100 00000000`,
      ),
    );
  });

  it("writes the machine's own address, or none, over the sender at 14", () => {
    const ruleFor = (ownAddress: string | undefined) => {
      const { bytes } = encodeMuting([{ address: "192.168.43.53", ownAddress }]);
      return decodeMessages(bytes)[7]?.body.toString("hex");
    };
    // payload: from register 1, to the network header, offset 14, length 4
    const write = hex(
      "0800 0500 00000001 0800 0200 00000001 0800 0300 0000000e 0800 0400 00000004",
    ).toString("hex");
    expect(ruleFor("192.168.43.51")).toContain("08000100c0a82b33");
    expect(ruleFor(undefined)).toContain("0800010000000000");
    expect(ruleFor("192.168.43.51")).toContain(write);
  });
});
