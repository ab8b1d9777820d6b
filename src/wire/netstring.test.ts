import { describe, expect, it } from "vitest";
import type { Message } from "./message.ts";
import { decodeNetstring, encodeNetstring } from "./netstring.ts";

const reasonOf = (text: string) => {
  const decoded = decodeNetstring(text);
  return decoded.ok ? "taken" : decoded.reason;
};

describe("the netstring encoding", () => {
  it("writes the type of every field and the length of everything", () => {
    const message: Message = {
      fields: [
        { kind: "string", name: "t", value: "x" },
        { kind: "binary", name: "b", value: "\0\xff" },
        { kind: "list", name: "l", value: ["abc", "", "defg"] },
        { kind: "struct", name: "s", value: { fields: [] } },
      ],
    };
    const text = "###\n6:(0)t=x,7:(1)b=\0\xff,21:(3)l=3:abc,0:,4:defg,,13:(2)s=###\n%%%\n,%%%\n";
    expect(encodeNetstring(message)).toBe(text);
    expect(decodeNetstring(text)).toEqual({ ok: true, value: message });
  });

  it("lets a value hold what ends a message", () => {
    const value = "%%%\n###\n10:4 bbf80e8b,";
    const text = encodeNetstring({ fields: [{ kind: "string", name: "info", value }] });
    expect(decodeNetstring(text)).toMatchObject({ ok: true, value: { fields: [{ value }] } });
  });

  it("keeps a repeated name", () => {
    const text = "###\n13:(0)ccmmajor=1,13:(0)ccmmajor=2,%%%\n";
    expect(decodeNetstring(text)).toMatchObject({ value: { fields: [{}, {}] } });
  });

  it("discards the datagram that killed the real daemon", () => {
    expect(reasonOf("###\n7:(9)t=x1,%%%\n")).toBe("unsupported-type");
  });

  it.each([
    ["compressed struct", "###\n6:(4)t=x,%%%\n"],
    ["in-memory struct", "###\n6:(5)t=x,%%%\n"],
  ])("discards the type of a %s, which is not for the wire", (_, text) => {
    expect(reasonOf(text)).toBe("unsupported-type");
  });

  it.each([
    ["no type in front", "###\n3:t=x,%%%\n"],
    ["no name", "###\n5:(0)=x,%%%\n"],
    ["no =", "###\n4:(0)t,%%%\n"],
    ["a length that is too short", "###\n5:(0)t=x,%%%\n"],
    ["a length beyond the end", "###\n99:(0)t=x,%%%\n"],
    ["a length of eight digits", "###\n00000006:(0)t=x,%%%\n"],
    ["a length with a zero in front", "###\n06:(0)t=x,%%%\n"],
    ["a negative length", "###\n-6:(0)t=x,%%%\n"],
    ["a NUL in a string", "###\n6:(0)t=\0,%%%\n"],
    ["a newline in a name", "###\n7:(0)t\n=x,%%%\n"],
    ["a list that is none", "###\n6:(3)t=x,%%%\n"],
    ["no end", "###\n6:(0)t=x,"],
    ["something behind the end", "###\n6:(0)t=x,%%%\n0:,"],
    ["another head", "##\n6:(0)t=x,%%%\n"],
    ["nothing", ""],
  ])("discards a text with %s", (_, text) => {
    expect(reasonOf(text)).toBe("malformed");
  });

  it("takes 16 messages nested, and discards 17 and 1 000", () => {
    const nested = (depth: number) => {
      let text = "###\n%%%\n";
      for (let at = 0; at < depth; at += 1) {
        const field = `(2)s=${text}`;
        text = `###\n${field.length}:${field},%%%\n`;
      }
      return text;
    };
    expect(reasonOf(nested(16))).toBe("taken");
    expect(reasonOf(nested(17))).toBe("too-deep");
    expect(reasonOf(nested(1000))).toBe("too-deep");
  });
});
