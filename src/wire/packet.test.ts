import { deflateSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { byteStringOf, bytesOf } from "./bytes.ts";
import type { Inflate } from "./compressed.ts";
import { inflate } from "./inflate.ts";
import { inflatedBytesMax, packetBytesMax } from "./limits.ts";
import { fieldOf, type Message, messageOf } from "./message.ts";
import { type DecodeOptions, decodePacket, encodePacket } from "./packet.ts";
import { type SigningKey, type SigningKeys, sign } from "./signature.ts";

const sha1: SigningKey = { number: 2, method: "sha1", key: "old" };
const sha256: SigningKey = { number: 3, method: "sha256", key: "new" };
const keys: SigningKeys = { active: 3, keys: [sha1, sha256] };
const status = messageOf({ t: "status", st: "up", src: "zeus" });

const reasonOf = (bytes: Uint8Array, options: DecodeOptions = {}, ours: SigningKeys = keys) => {
  const packet = decodePacket(bytes, ours, options);
  return packet.ok ? "taken" : packet.reason;
};
const netstring = (message: Message, ours = keys) =>
  encodePacket(message, ours, { encoding: "netstring", innerAuth: false });
const classic = (message: Message, ours = keys) =>
  encodePacket(message, ours, { encoding: "classic", innerAuth: true });
/** Text between `>>>` and `<<<` with whatever lines a forger that has the key would write. */
const signedLines = (lines: string) =>
  bytesOf(`>>>\n${lines}auth=3 ${sign(bytesOf(lines), sha256)}\n<<<\n`);
const signedText = (text: string) => {
  const value = `3 ${sign(bytesOf(text), sha256)}`;
  return bytesOf(`${text}${value.length}:${value},`);
};

describe("a packet", () => {
  it("says in which encoding it came and which key signed it", () => {
    expect(decodePacket(netstring(status), keys)).toEqual({
      ok: true,
      message: status,
      encoding: "netstring",
      keyNumber: 3,
      compressed: false,
    });
    expect(decodePacket(classic(status), keys)).toMatchObject({
      encoding: "classic",
      keyNumber: 3,
    });
  });

  it.each([netstring, classic])("may be signed with any configured key (%o)", (encode) => {
    const fromOld = encode(status, { ...keys, active: 2 });
    expect(decodePacket(fromOld, keys)).toMatchObject({ ok: true, keyNumber: 2 });
    expect(reasonOf(fromOld, {}, { active: 3, keys: [sha256] })).toBe("unknown-key");
    expect(reasonOf(fromOld, {}, { active: 3, keys: [{ ...sha1, key: "other" }] })).toBe(
      "bad-auth",
    );
  });

  it("can be read as 3.0.6 does: the method of the number, the key text of the active one", () => {
    const own = netstring(status, { ...keys, active: 2 });
    const mixed = netstring(status, { active: 2, keys: [{ ...sha1, key: sha256.key }] });
    expect(reasonOf(own, { netstringKey: "active" })).toBe("bad-auth");
    expect(reasonOf(mixed, { netstringKey: "active" })).toBe("taken");
    expect(reasonOf(mixed)).toBe("bad-auth");
    expect(reasonOf(classic(status, { ...keys, active: 2 }), { netstringKey: "active" })).toBe(
      "taken",
    );
  });

  it("may end in a NUL when it is classic text", () => {
    const text = byteStringOf(classic(status));
    expect(reasonOf(bytesOf(`${text}\0`))).toBe("taken");
    expect(reasonOf(bytesOf(`${text}\0\0`))).toBe("not-a-message");
    expect(reasonOf(bytesOf(`${byteStringOf(netstring(status))}\0`))).toBe("no-auth");
  });

  it("keeps an inner signature that is wrong out of sight, as 3.0.6", () => {
    const message = messageOf({ t: "x", auth: "3 deadbeef" });
    const packet = decodePacket(netstring(message), keys);
    expect(packet).toMatchObject({ ok: true, message });
  });

  it("is signed anew where it has a field auth already, in its place", () => {
    const stale = messageOf({ auth: "9 dead", t: "x" });
    const packet = decodePacket(classic(stale), keys);
    if (!packet.ok) throw new Error(packet.detail);
    expect(packet.message.fields.map((field) => field.name)).toEqual(["auth", "t"]);
    expect(fieldOf(packet.message, "auth")).toBe(`3 ${sign(bytesOf("t=x\n"), sha256)}`);
  });
});

describe("before its signature was checked", () => {
  it("a packet that is too long is not looked at", () => {
    expect(reasonOf(new Uint8Array(packetBytesMax + 1))).toBe("too-long");
    expect(reasonOf(new Uint8Array(packetBytesMax))).toBe("not-a-message");
  });

  it("two lines auth= are refused, the right one first or last", () => {
    const good = byteStringOf(signedLines("t=x\n"));
    expect(reasonOf(bytesOf(good))).toBe("taken");
    expect(reasonOf(bytesOf(good.replace("t=x\n", "auth=3 0\nt=x\n")))).toBe("two-auths");
    expect(reasonOf(bytesOf(good.replace("<<<", "auth=3 0\n<<<")))).toBe("two-auths");
  });

  it.each([
    ["nothing", ""],
    ["three bytes", ">>>"],
    ["only a head", ">>>\n"],
    ["another protocol", "GET / HTTP/1.1\r\n\r\n"],
    ["a head with CRLF", ">>>\r\nt=x\r\n<<<\r\n"],
    ["no end", ">>>\nt=x\nauth=3 0\n"],
  ])("%s is no message", (_, text) => {
    expect(reasonOf(bytesOf(text))).toBe("not-a-message");
  });

  it.each([
    ["classic text without the line", ">>>\nt=x\n<<<\n"],
    ["a word instead of a number", ">>>\nt=x\nauth=x 0\n<<<\n"],
    ["three digits", ">>>\nt=x\nauth=123 0\n<<<\n"],
    ["upper-case hex", ">>>\nt=x\nauth=3 AB\n<<<\n"],
    ["a token of 65 digits", `>>>\nt=x\nauth=3 ${"0".repeat(65)}\n<<<\n`],
    ["a netstring without the outer one", "###\n6:(0)t=x,%%%\n"],
    ["a netstring with a wrong length", "###\n6:(0)t=x,%%%\n9:3 0,"],
    ["a netstring with a length and no end", "###\n6:(0)t=x,%%%\n3:3 0"],
    ["a netstring whose end is far from its end", `###\n%%%\n${"9".repeat(200)}`],
  ])("%s has no signature", (_, text) => {
    expect(reasonOf(bytesOf(text))).toBe("no-auth");
  });

  it("no field is read and nothing is inflated: a wrong signature is all that is seen", () => {
    const inflate = vi.fn<Inflate>();
    const bodies = ["9:(9)t=\0\0", "99999999:", "(2)", "31:(0)_compression_algorithm=zlib,"];
    for (const body of bodies) {
      expect(reasonOf(bytesOf(`###\n${body}%%%\n6:3 dead,`), { inflate })).toBe("bad-auth");
      expect(reasonOf(bytesOf(`>>>\n${body}\nauth=3 dead\n<<<\n`), { inflate })).toBe("bad-auth");
    }
    expect(inflate).not.toHaveBeenCalled();
  });
});

describe("after it, what a holder of the key wrote", () => {
  it.each([
    ["an unknown type", signedText("###\n6:(9)t=x,%%%\n"), "unsupported-type"],
    ["a field that is none", signedText("###\n3:t=x,%%%\n"), "malformed"],
    ["two ends", signedText("###\n%%%\n%%%\n"), "malformed"],
    ["a line that is none", signedLines("t\n"), "malformed"],
    ["an end inside", signedLines("t=x\n<<<\n"), "malformed"],
  ])("may be discarded: %s", (_, bytes, reason) => {
    expect(reasonOf(bytes)).toBe(reason);
  });
});

describe("a compressed packet", () => {
  const packed = (text: string | Uint8Array, algorithm = "zlib"): Message => ({
    fields: [
      {
        kind: "binary",
        name: "_compressed_payload",
        value: byteStringOf(deflateSync(typeof text === "string" ? bytesOf(text) : text)),
      },
      { kind: "string", name: "_compression_algorithm", value: algorithm },
    ],
  });

  it("comes out whole, in both encodings, with or without the NUL", () => {
    for (const encode of [netstring, classic]) {
      for (const text of [">>>\nt=x\n<<<\n", ">>>\nt=x\n<<<\n\0"]) {
        const packet = decodePacket(encode(packed(text)), keys, { inflate });
        expect(packet).toMatchObject({ compressed: true, message: messageOf({ t: "x" }) });
      }
    }
  });

  it("is discarded when nothing undoes it, or nobody knows how", () => {
    expect(reasonOf(netstring(packed(">>>\nt=x\n<<<\n")))).toBe("compressed");
    for (const [algorithm, reason] of [
      ["bz2", "compressed-bz2"],
      ["lzma", "compressed"],
    ] as const) {
      expect(reasonOf(netstring(packed(">>>\nt=x\n<<<\n", algorithm)), { inflate })).toBe(reason);
    }
    const broken = messageOf({ _compressed_payload: "x", _compression_algorithm: "zlib" });
    expect(reasonOf(netstring(broken), { inflate })).toBe("compressed");
  });

  it("is discarded when it grows beyond 2 MiB, even if the inflater did not mind", () => {
    const bomb = netstring(packed(new Uint8Array(20 * 1024 * 1024)));
    expect(bomb.length).toBeLessThan(packetBytesMax);
    expect(reasonOf(bomb, { inflate })).toBe("compressed");
    const careless: Inflate = () => new Uint8Array(inflatedBytesMax + 1);
    expect(reasonOf(bomb, { inflate: careless })).toBe("compressed");
  });

  it("is discarded when it holds another one, or no message", () => {
    const twice = packed(">>>\n(1)_compressed_payload=AAAA\n_compression_algorithm=zlib\n<<<\n");
    expect(reasonOf(netstring(twice), { inflate })).toBe("compressed");
    expect(reasonOf(netstring(packed("hello")), { inflate })).toBe("malformed");
  });
});

describe("what we send ourselves", () => {
  it.each([
    ["a name with =", messageOf({ "a=b": "x" })],
    ["a name that looks typed", messageOf({ "(1)a": "x" })],
    ["a NUL in a string", messageOf({ a: "\0" })],
    ["a character that is no byte", messageOf({ a: "\u2026" })],
    ["more than a peer takes", messageOf({ a: "x".repeat(packetBytesMax) })],
  ])("is asserted: %s", (_, message) => {
    expect(() => netstring(message)).toThrow(/assertion failed/);
  });
});
