import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { nodeName } from "../../src/base/names.ts";
import { bytesOf } from "../../src/wire/bytes.ts";
import { checkHeader } from "../../src/wire/header.ts";
import { inflate } from "../../src/wire/inflate.ts";
import { writePrefixed } from "../../src/wire/length-prefixed.ts";
import { fieldsMax, inflatedBytesMax } from "../../src/wire/limits.ts";
import { messageOf } from "../../src/wire/message.ts";
import { decodePacket, encodePacket } from "../../src/wire/packet.ts";
import { type SigningKey, sign } from "../../src/wire/signature.ts";
import { alone } from "./mutations.ts";

/**
 * What somebody sends who has the key, or has not: wire.md 8, and what a parser can be made to do by
 * depth, number and size.
 */

const key: SigningKey = { number: 1, method: "sha1", key: "quiet-river" };
const nodes = [nodeName("zeus.example.com"), nodeName("hera.example.com")];

const netstring = (fields: string): Uint8Array => {
  const text = `###\n${fields}%%%\n`;
  return bytesOf(text + writePrefixed(`1 ${sign(bytesOf(text), key)}`));
};
const classic = (lines: string): Uint8Array =>
  bytesOf(`>>>\n${lines}auth=1 ${sign(bytesOf(lines), key)}\n<<<\n`);
const compressed = (text: string): Uint8Array =>
  netstring(
    writePrefixed(`(1)_compressed_payload=${deflateSync(text).toString("latin1")}`) +
      writePrefixed("(0)_compression_algorithm=zlib"),
  );

/** `taken`, or why not. */
function read(bytes: Uint8Array): string {
  const packet = decodePacket(bytes, alone(key), { inflate });
  if (!packet.ok) return packet.reason;
  const checked = checkHeader(packet.message, nodes);
  return checked.ok ? "taken" : checked.reason;
}

function nestedNetstring(depth: number): string {
  let inner = "###\n%%%\n";
  for (let level = 0; level < depth; level += 1) {
    inner = `###\n${writePrefixed(`(2)x=${inner}`)}%%%\n`;
  }
  return inner.slice(4, -4);
}

/** Below the sixteenth there is no stand-in for a newline left: the text of a hostile sender has any. */
function nestedClassic(depth: number): string {
  const standIns = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 15, 16, 17, 18];
  let inner = "";
  for (let level = depth - 1; level >= 0; level -= 1) {
    const newline = String.fromCharCode(standIns[level % standIns.length] ?? 20);
    inner = `(2)x=${`>>>\n${inner}<<<\n`.replaceAll("\n", newline)}\n`;
  }
  return inner;
}

const standard = "t=x\nsrc=zeus.example.com\nseq=1\nhg=7\nts=1\n";

describe("the datagram that kills the real daemon (wire.md 8)", () => {
  it.each([
    ["a field type outside the table", "7:(9)t=x1,"],
    ["a field that does not start with a parenthesis", "3:t=x,"],
  ])("%s is a discard, from nobody and from somebody with the key", (_, fields) => {
    expect(read(bytesOf(`###\n${fields}%%%\n`))).toBe("no-auth");
    expect(read(bytesOf(`###\n${fields}%%%\n8:1 ${"a".repeat(6)},`))).toBe("bad-auth");
    expect(["unsupported-type", "malformed"]).toContain(read(netstring(fields)));
  });
});

describe("messages inside messages", () => {
  it.each([17, 100, 1000, 5000])("%i deep are refused in either encoding", (depth) => {
    expect(["too-deep", "too-long"]).toContain(read(netstring(nestedNetstring(depth))));
    if (depth <= 1000)
      expect(["too-deep", "malformed"]).toContain(read(classic(nestedClassic(depth))));
  });

  it("are refused at a depth that only a compressed packet has room for", () => {
    const head = `${standard}(2)x=`;
    const text = `>>>\n${head}${">>>\x14(2)x=".repeat(100_000)}\n<<<\n`;
    expect(["too-deep", "malformed"]).toContain(read(compressed(text)));
  });

  it("share one allowance of fields, however they are spread", () => {
    const many = writePrefixed("(0)a=").repeat(fieldsMax / 2);
    const twice = writePrefixed(`(2)x=###\n${many}%%%\n`) + writePrefixed(`(2)y=###\n${many}%%%\n`);
    expect(read(netstring(twice))).toBe("too-many-fields");
  });
});

describe("many fields", () => {
  const fields = (count: number) => "a=\n".repeat(count);

  it("are read up to the bound and refused beyond it", () => {
    // Five are the standard ones, one is `auth`.
    expect(read(classic(standard + fields(fieldsMax - 6)))).toBe("taken");
    expect(read(classic(standard + fields(fieldsMax - 5)))).toBe("too-many-fields");
    expect(read(netstring(writePrefixed("(0)a=").repeat(fieldsMax + 1)))).toBe("too-many-fields");
  });

  it("are refused however little a packet they are compressed to", () => {
    const bomb = compressed(`>>>\n${standard}${fields(600_000)}<<<\n`);
    expect(bomb.length).toBeLessThan(3000);
    expect(read(bomb)).toBe("too-many-fields");
  });

  it("of a list are refused as well", () => {
    const list = (count: number) => writePrefixed(`(3)l=${"0:,".repeat(count)}`);
    expect(read(netstring(list(fieldsMax)))).toBe("missing-field");
    expect(read(netstring(list(fieldsMax + 1)))).toBe("malformed");
  });
});

describe("large values", () => {
  it("are read as long as the packet may be so long, and refused beyond it", () => {
    expect(read(classic(`${standard}info=${"x".repeat(200_000)}\n`))).toBe("taken");
    expect(read(classic(`${standard}info=${"x".repeat(300_000)}\n`))).toBe("too-long");
  });

  it("do not grow out of a compressed packet beyond the bound, nor in two goes", () => {
    const large = (size: number) => `>>>\n${standard}info=${"x".repeat(size)}\n<<<\n`;
    expect(read(compressed(large(inflatedBytesMax + 1)))).toBe("compressed");
    expect(read(compressed(large(1_000_000)))).toBe("taken");
    const twice = deflateSync(large(1_000_000)).toString("base64");
    expect(read(compressed(`>>>\n(1)_compressed_payload=${twice}\n<<<\n`))).toBe("compressed");
  });
});

describe("absurd numbers", () => {
  const answer = (patch: Record<string, string>) => {
    const fields = { t: "status", src: "zeus.example.com", seq: "1", hg: "7", ts: "1", ...patch };
    return read(
      encodePacket(messageOf(fields), alone(key), { encoding: "netstring", innerAuth: false }),
    );
  };

  it.each(["0", "-1", "NaN", "1e9x", "", "20000000000000", "ffffffffffffffffff"])(
    "ts=%s is refused",
    (ts) => {
      expect(answer({ ts })).toBe("bad-field");
    },
  );

  it.each(["1", "80000000", "ffffffff", "100000000", "1fffffffffffff"])(
    "ts=%s is taken: nothing is decided by another machine's clock",
    (ts) => {
      expect(answer({ ts })).toBe("taken");
    },
  );

  it.each(["100000000", "1fffffffffffff", "20000000000000", "-1", "NaN", ""])(
    "hg=%s is refused: a generation has 32 bits",
    (hg) => {
      expect(answer({ hg })).toBe("bad-field");
    },
  );

  it.each(["20000000000000", "ffffffffffffffff", "10000000000000000", "-1", "0x1", ""])(
    "seq=%s is refused: it cannot be counted exactly",
    (seq) => {
      expect(answer({ seq })).toBe("bad-field");
    },
  );
});
