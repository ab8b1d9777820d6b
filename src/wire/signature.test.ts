import { describe, expect, it } from "vitest";
import { bytesOf } from "./bytes.ts";
import { type SigningKey, sign, verify } from "./signature.ts";

const methods = ["crc", "md5", "sha1", "sha256"] as const;
const key = (method: SigningKey["method"], text = "k"): SigningKey => ({
  number: 1,
  method,
  key: text,
});

describe("a signature", () => {
  it.each(methods)("of %s fits its bytes and no others", (method) => {
    const token = sign(bytesOf("hello"), key(method));
    expect(verify(bytesOf("hello"), key(method), token)).toBe(true);
    expect(verify(bytesOf("hellp"), key(method), token)).toBe(false);
    expect(verify(bytesOf("hello"), key(method), token.slice(0, -1))).toBe(false);
    expect(verify(bytesOf("hello"), key(method), `${token}0`)).toBe(false);
    expect(verify(bytesOf("hello"), key(method), "")).toBe(false);
  });

  it.each(["md5", "sha1", "sha256"] as const)("of %s depends on the key", (method) => {
    const token = sign(bytesOf("hello"), key(method));
    expect(verify(bytesOf("hello"), key(method, "K"), token)).toBe(false);
  });

  it("of crc has no leading zeros: eight digits at most, seven here", () => {
    // The first message of the serial capture, whose sum begins with a zero.
    const lines =
      "t=status\nst=init\ndt=36b0\nprotocol=1\nsrc=zeus.example.com\n(1)srcuuid=12jn0OY0QAe62KszaKo22A==\nseq=1\nhg=6b02c196\nts=6b02c195\nld=12.90 6.57 2.81 15/518 80\nttl=3\n";
    expect(sign(bytesOf(lines), key("crc"))).toBe("84a55f5");
    expect(verify(bytesOf(lines), key("crc"), "084a55f5")).toBe(false);
  });

  it("of no bytes at all is one too", () => {
    expect(sign(new Uint8Array(), key("crc"))).toBe("ffffffff");
  });

  it("takes a key longer than the block of its hash", () => {
    expect(sign(bytesOf("x"), key("md5", "k".repeat(65)))).toMatch(/^[0-9a-f]{32}$/);
  });
});
