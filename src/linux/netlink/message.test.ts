import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attribute,
  decodeAcknowledgement,
  decodeAttributes,
  decodeMessages,
  decodeText,
  encodeMessage,
  NLM_F_ACK,
  NLM_F_REQUEST,
  nested,
  textAttribute,
  uint32Attribute,
} from "./message.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");

describe("netlink messages", () => {
  it("have linux/netlink.h's header, in the machine's byte order", () => {
    const body = Buffer.from([2, 24, 0, 0, 7, 0, 0, 0]);
    const flags = NLM_F_REQUEST | NLM_F_ACK;
    expect(encodeMessage({ type: 20, flags, sequence: 0x01020304, body })).toEqual(
      hex("18000000 1400 0500 04030201 00000000 0218000007000000"),
    );
  });

  it("pad attributes to four bytes and do not count the padding", () => {
    expect(attribute(3, Buffer.from("abcde"))).toEqual(hex("0900 0300 6162636465 000000"));
    expect(textAttribute(3, "lo")).toEqual(hex("0700 0300 6c6f00 00"));
    expect(uint32Attribute(10, 258)).toEqual(hex("0800 0a00 02010000"));
    expect(nested(18, textAttribute(1, "veth"))).toEqual(
      hex("1000 1280 0900 0100 7665746800 000000"),
    );
  });

  it("come back as they were put in, several to a datagram", () => {
    const message = fc.record({
      type: fc.integer({ min: 16, max: 0xffff }),
      flags: fc.integer({ min: 0, max: 0xffff }),
      sequence: fc.integer({ min: 0, max: 0xffffffff }),
      body: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), (messages) => {
        const decoded = decodeMessages(Buffer.concat(messages.map(encodeMessage)));
        expect(decoded).toEqual(
          messages.map((one) => ({ ...one, body: Buffer.from(one.body), port: 0 })),
        );
      }),
    );
  });

  it("are never read beyond their end, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        for (const message of decodeMessages(Buffer.from(bytes))) {
          decodeAcknowledgement(message);
          decodeAttributes(message.body);
        }
      }),
    );
  });

  it("leave out what is cut short", () => {
    const whole = encodeMessage({ type: 16, flags: 0, sequence: 1, body: Buffer.alloc(8) });
    expect(decodeMessages(whole.subarray(0, 20))).toEqual([]);
    expect(decodeAttributes(attribute(1, Buffer.alloc(8)).subarray(0, 7)).size).toBe(0);
  });
});

describe("netlink acknowledgements", () => {
  const answer = (flags: number, body: Buffer) => ({
    type: 2,
    flags,
    sequence: 1,
    port: 0,
    body,
  });
  const header = Buffer.alloc(16);

  it("give the errno positive, zero for done", () => {
    expect(decodeAcknowledgement(answer(0, hex("00000000")))).toEqual({
      errno: 0,
      explanation: "",
    });
    expect(decodeAcknowledgement(answer(0, hex("9dffffff"))).errno).toBe(99);
  });

  it("give the kernel's sentence where it follows the echoed header", () => {
    const errno = hex("eaffffff");
    const sentence = textAttribute(1, "Invalid prefix length");
    const body = Buffer.concat([errno, header, sentence]);
    expect(decodeAcknowledgement(answer(0x300, body))).toEqual({
      errno: 22,
      explanation: "Invalid prefix length",
    });
  });
});

it("a text ends at its zero byte, or at the end of the value", () => {
  expect(decodeText(Buffer.from("eth0\0\0"))).toBe("eth0");
  expect(decodeText(Buffer.from("eth0"))).toBe("eth0");
});
