import { describe, expect, it } from "vitest";
import { decodeClassic, encodeClassic } from "./classic.ts";
import { type Message, messageOf } from "./message.ts";

const reasonOf = (text: string) => {
  const decoded = decodeClassic(text);
  return decoded.ok ? "taken" : decoded.reason;
};

const nest = (inner: Message): Message => ({
  fields: [{ kind: "struct", name: "s", value: inner }],
});

describe("the classic encoding", () => {
  it("writes a line for each field, prefixed unless it is a string", () => {
    const message: Message = {
      fields: [
        { kind: "string", name: "t", value: "status" },
        { kind: "string", name: "note", value: "a=b c=d" },
        { kind: "string", name: "empty", value: "" },
        { kind: "binary", name: "srcuuid", value: "0123456789abcdef" },
        { kind: "list", name: "ccmuptimelist", value: ["abc", "defg"] },
      ],
    };
    const text =
      ">>>\nt=status\nnote=a=b c=d\nempty=\n(1)srcuuid=MDEyMzQ1Njc4OWFiY2RlZg==\n(3)ccmuptimelist=3:abc,4:defg,\n<<<\n";
    expect(encodeClassic(message)).toBe(text);
    expect(decodeClassic(text)).toEqual({ ok: true, value: message });
  });

  it("carries a newline inside a value as byte 0x13", () => {
    const message = messageOf({ info: "two\nlines" });
    expect(encodeClassic(message)).toBe(">>>\ninfo=two\x13lines\n<<<\n");
    expect(decodeClassic(encodeClassic(message))).toEqual({ ok: true, value: message });
  });

  it("carries the newlines of nested messages as a byte for each depth", () => {
    const message = nest(nest(messageOf({ t: "x" })));
    const text = ">>>\n(2)s=>>>\x14(2)s=>>>\x15t=x\x15<<<\x15\x14<<<\x14\n<<<\n";
    expect(encodeClassic(message)).toBe(text);
    expect(decodeClassic(text)).toEqual({ ok: true, value: message });
  });

  it("takes 16 messages nested, and discards more", () => {
    let message = messageOf({ t: "x" });
    for (let depth = 0; depth < 16; depth += 1) message = nest(message);
    const text = encodeClassic(message);
    expect(decodeClassic(text)).toEqual({ ok: true, value: message });
    const bottom = "t=x\x12<<<\x12";
    expect(text).toContain(bottom);
    expect(reasonOf(text.replace(bottom, `(2)s=>>><<<\x12<<<\x12`))).toBe("too-deep");
  });

  it("discards 1 000 messages nested", () => {
    expect(reasonOf(`>>>\n${"(2)s=>>>\x14".repeat(1000)}\n<<<\n`)).toBe("malformed");
  });

  it.each([
    ["CRLF at the end", ">>>\r\nt=x\r\n<<<\r\n"],
    ["a line without =", ">>>\nt\n<<<\n"],
    ["an empty line", ">>>\n\n<<<\n"],
    ["a name that starts with (0)", ">>>\n(0)t=x\n<<<\n"],
    ["half a type", ">>>\n(1t=AAAA\n<<<\n"],
    ["base64 that is none", ">>>\n(1)t=A*==\n<<<\n"],
    ["base64 without padding", ">>>\n(1)t=AA\n<<<\n"],
    ["base64 with bits left over", ">>>\n(1)t=AB==\n<<<\n"],
    ["a NUL", ">>>\nt=x\0\n<<<\n"],
    ["another message inside", ">>>\nt=x\n>>>=\n<<<\n"],
    ["an early end", ">>>\nt=x\n<<<\nt=y\n<<<\n"],
    ["no end", ">>>\nt=x\n"],
    ["an end that is no line of its own", ">>>\nt=x<<<\n"],
    ["no newline behind the end", ">>>\nt=x\n<<<"],
    ["an end that overlaps the head", ">>>\n<<\n"],
    ["nothing", ""],
  ])("discards a text with %s", (_, text) => {
    expect(reasonOf(text)).toBe("malformed");
  });

  it.each(["4", "5", "9", "x"])("discards a field of type %s", (digit) => {
    expect(reasonOf(`>>>\n(${digit})t=x\n<<<\n`)).toBe("unsupported-type");
  });

  it("takes a message without fields", () => {
    expect(decodeClassic(">>>\n<<<\n")).toEqual({ ok: true, value: { fields: [] } });
  });
});
