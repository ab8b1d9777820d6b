import { describe, expect, it } from "vitest";
import { byteStringOf, bytesOf } from "../../src/wire/bytes.ts";
import { classicLines } from "../../src/wire/classic.ts";
import { fieldOf, type Message } from "../../src/wire/message.ts";
import { decodePacket, encodePacket } from "../../src/wire/packet.ts";
import { type SigningKey, sign, verify } from "../../src/wire/signature.ts";

/** The worked examples and check values of wire.md 3.3, byte by byte. */

const crc: SigningKey = { number: 4, method: "crc", key: "" };
const md5: SigningKey = { number: 1, method: "md5", key: "Bicycle-lamp" };
const sha1: SigningKey = { number: 3, method: "sha1", key: "Hi!quiet-river" };

const inner = ({ fields }: Message) =>
  classicLines(fields.filter((field) => field.name !== "auth"));

describe("worked examples: classic signature inside, netstring signature outside", () => {
  const examples = [
    {
      key: crc,
      length: 250,
      signedLength: 154,
      datagram:
        '###\n11:(0)t=status,8:(0)st=up,10:(0)dt=36b0,13:(0)protocol=1,23:(0)src=zeus.example.com,27:(1)srcuuid=,\x05\xad\x1c<\x19L*\xb7\x9f\xc7\xac%\xb1\xfc",8:(0)seq=4,14:(0)hg=6b02c01a,14:(0)ts=6b02c01b,29:(0)ld=0.68 0.48 0.21 4/165 34,8:(0)ttl=3,18:(0)auth=4 2560763c,%%%\n10:4 bbf80e8b,',
      signed:
        "t=status\nst=up\ndt=36b0\nprotocol=1\nsrc=zeus.example.com\n(1)srcuuid=LAWtHDwZTCq3n8esJbH8Ig==\nseq=4\nhg=6b02c01a\nts=6b02c01b\nld=0.68 0.48 0.21 4/165 34\nttl=3\n",
    },
    {
      key: md5,
      length: 302,
      signedLength: 157,
      datagram:
        "###\n11:(0)t=status,10:(0)st=init,10:(0)dt=1f40,13:(0)protocol=1,23:(0)src=hera.example.com,27:(1)srcuuid=K\xb8CD\xfe+C\xb5\xa5\xe0\x13\x0dx\xd7\xa4T,8:(0)seq=1,14:(0)hg=6b02c10f,14:(0)ts=6b02c10e,30:(0)ld=5.97 2.98 1.25 18/223 33,8:(0)ttl=3,42:(0)auth=1 4311e209bbedffc422bb1918dcf90fd7,%%%\n34:1 aecc69d2c28e0df1aa5534552618551f,",
      signed:
        "t=status\nst=init\ndt=1f40\nprotocol=1\nsrc=hera.example.com\n(1)srcuuid=S7hDRP4rQ7Wl4BMNeNekVA==\nseq=1\nhg=6b02c10f\nts=6b02c10e\nld=5.97 2.98 1.25 18/223 33\nttl=3\n",
    },
    {
      key: sha1,
      length: 318,
      signedLength: 158,
      datagram:
        "###\n11:(0)t=status,8:(0)st=up,10:(0)dt=1f40,13:(0)protocol=1,23:(0)src=zeus.example.com,27:(1)srcuuid=\x9eR\x12\xae\xc9>N\xeb\x84`\xca`\xd4b]\x81,8:(0)seq=2,14:(0)hg=6b02c111,14:(0)ts=6b02c166,33:(0)ld=10.94 5.29 2.23 21/514 1683,8:(0)ttl=3,50:(0)auth=3 042805c5e1b948857882da981a996579008bf8b8,%%%\n42:3 d95f07f2ee4bd23e54df333c79cf1e8e96afec0a,",
      signed:
        "t=status\nst=up\ndt=1f40\nprotocol=1\nsrc=zeus.example.com\n(1)srcuuid=nlISrsk+TuuEYMpg1GJdgQ==\nseq=2\nhg=6b02c111\nts=6b02c166\nld=10.94 5.29 2.23 21/514 1683\nttl=3\n",
    },
  ];

  it.each(examples)("$key.method", ({ key, length, signedLength, datagram, signed }) => {
    const keys = { active: key.number, keys: [key] };
    const bytes = bytesOf(datagram);
    expect(bytes).toHaveLength(length);
    expect(signed).toHaveLength(signedLength);
    const packet = decodePacket(bytes, keys);
    if (!packet.ok) throw new Error(packet.detail);
    expect(inner(packet.message)).toBe(signed);
    expect(fieldOf(packet.message, "auth")).toBe(`${key.number} ${sign(bytesOf(signed), key)}`);
    const unsigned = { fields: packet.message.fields.slice(0, -1) };
    const again = encodePacket(unsigned, keys, { encoding: "netstring", innerAuth: true });
    expect(byteStringOf(again)).toBe(datagram);
  });
});

describe("worked examples with one signature", () => {
  const keys = { active: 4, keys: [crc] };

  it("msgfmt netstring: only the outer one", () => {
    const datagram =
      "###\n11:(0)t=status,10:(0)st=init,10:(0)dt=1f40,13:(0)protocol=1,23:(0)src=zeus.example.com,27:(1)srcuuid=\x9eR\x12\xae\xc9>N\xeb\x84`\xca`\xd4b]\x81,8:(0)seq=1,14:(0)hg=6b02c113,14:(0)ts=6b02c1bd,33:(0)ld=11.77 7.07 3.13 11/517 3353,8:(0)ttl=3,%%%\n10:4 fc260a5b,";
    expect(datagram).toHaveLength(235);
    const packet = decodePacket(bytesOf(datagram), keys);
    if (!packet.ok) throw new Error(packet.detail);
    const again = encodePacket(packet.message, keys, { encoding: "netstring", innerAuth: false });
    expect(byteStringOf(again)).toBe(datagram);
  });

  it("serial: classic text with its line auth=", () => {
    const text =
      ">>>\nt=status\nst=init\ndt=36b0\nprotocol=1\nsrc=zeus.example.com\n(1)srcuuid=12jn0OY0QAe62KszaKo22A==\nseq=1\nhg=6b02c196\nts=6b02c195\nld=12.90 6.57 2.81 15/518 80\nttl=3\nauth=4 84a55f5\n<<<\n";
    const packet = decodePacket(bytesOf(text), keys);
    if (!packet.ok) throw new Error(packet.detail);
    expect(inner(packet.message)).toHaveLength(158);
    const unsigned = { fields: packet.message.fields.slice(0, -1) };
    const again = encodePacket(unsigned, keys, { encoding: "classic", innerAuth: true });
    expect(byteStringOf(again)).toBe(text);
  });
});

describe("check values over the nine bytes 123456789", () => {
  const nine = bytesOf("123456789");

  it.each([
    { method: "crc", key: "", token: "765e7680" },
    { method: "md5", key: "k", token: "d4f628933bb86e87080b21931ed9c5f5" },
    { method: "sha1", key: "k", token: "31023f0ef6a7e1aee3d0f6041a532d2a869b4d17" },
  ] as const)("$method", ({ method, key, token }) => {
    expect(sign(nine, { number: 1, method, key })).toBe(token);
    expect(verify(nine, { number: 1, method, key }, token)).toBe(true);
  });

  it("sha256 is HMAC-SHA-256, as RFC 4231 has it in test case 2", () => {
    const key: SigningKey = { number: 1, method: "sha256", key: "Jefe" };
    expect(sign(bytesOf("what do ya want for nothing?"), key)).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });
});
