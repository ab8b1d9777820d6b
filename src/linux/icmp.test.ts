import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeEchoReply, encodeEchoRequest } from "./icmp.ts";

const ipHeader = Buffer.concat([
  Buffer.from([0x45]),
  Buffer.alloc(11),
  Buffer.from([192, 168, 43, 200]),
  Buffer.alloc(4),
]);
const name = fc.record({
  identifier: fc.integer({ min: 0, max: 0xffff }),
  sequence: fc.integer({ min: 0, max: 0xffff }),
});

function replyTo(request: Buffer): Buffer {
  const reply = Buffer.from(request);
  reply[0] = 0;
  return Buffer.concat([ipHeader, reply]);
}

describe("an echo", () => {
  it("brings back its name and its data, from whom it went to", () => {
    fc.assert(
      fc.property(name, fc.uint8Array({ maxLength: 300 }), (asked, data) => {
        const reply = decodeEchoReply(replyTo(encodeEchoRequest(asked, data)));
        expect(reply).toEqual({ ...asked, source: "192.168.43.200", data: Buffer.from(data) });
      }),
    );
  });

  it("has a checksum that makes the sum of all words all ones, of odd lengths too", () => {
    fc.assert(
      fc.property(name, fc.uint8Array({ maxLength: 9 }), (asked, data) => {
        const bytes = Buffer.concat([encodeEchoRequest(asked, data), Buffer.alloc(1)]);
        let sum = 0;
        for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
        while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
        expect(sum).toBe(0xffff);
      }),
    );
  });

  it("is no reply while it is a request, nor when it is cut short", () => {
    const request = encodeEchoRequest({ identifier: 7, sequence: 1 }, Buffer.alloc(0));
    expect(decodeEchoReply(Buffer.concat([ipHeader, request]))).toBeUndefined();
    expect(decodeEchoReply(replyTo(request).subarray(0, -1))).toBeUndefined();
    expect(decodeEchoReply(Buffer.alloc(0))).toBeUndefined();
  });
});
