import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeArp, encodeAnnouncement, encodeQuestion } from "./arp-frame.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const mac = "02:00:00:00:00:0a";

describe("ARP frames", () => {
  it("announce in RFC 5227's request form: sender and target are the address", () => {
    expect(encodeAnnouncement("192.168.43.53", mac, "request")).toEqual(
      hex(`ffffffffffff 02000000000a 0806 0001 0800 06 04 0001
           02000000000a c0a82b35 000000000000 c0a82b35`),
    );
  });

  it("announce in reply form to everyone", () => {
    expect(encodeAnnouncement("192.168.43.53", mac, "reply")).toEqual(
      hex(`ffffffffffff 02000000000a 0806 0001 0800 06 04 0002
           02000000000a c0a82b35 ffffffffffff c0a82b35`),
    );
  });

  it("probe with the sender 0.0.0.0, and ask with one's own address", () => {
    expect(encodeQuestion("192.168.43.53", mac)).toEqual(
      hex(`ffffffffffff 02000000000a 0806 0001 0800 06 04 0001
           02000000000a 00000000 000000000000 c0a82b35`),
    );
    expect(decodeArp(encodeQuestion("192.168.43.53", mac, "192.168.43.51"))).toEqual({
      operation: "request",
      senderMac: mac,
      senderIp: "192.168.43.51",
      targetIp: "192.168.43.53",
    });
  });

  it("of another kind are none of ours", () => {
    const frame = encodeQuestion("192.168.43.53", mac);
    const changed = (offset: number, value: number): Buffer => {
      const copy = Buffer.from(frame);
      copy[offset] = value;
      return copy;
    };
    expect(decodeArp(changed(13, 0x00))).toBeUndefined();
    expect(decodeArp(changed(15, 6))).toBeUndefined();
    expect(decodeArp(changed(21, 3))).toBeUndefined();
    expect(decodeArp(frame.subarray(0, 41))).toBeUndefined();
  });

  it("may be any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (b) => void decodeArp(Buffer.from(b))));
  });
});
