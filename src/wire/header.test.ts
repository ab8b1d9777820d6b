import { describe, expect, it } from "vitest";
import { nodeName } from "../base/names.ts";
import { checkHeader, parseHex } from "./header.ts";
import { type Message, messageOf } from "./message.ts";

const nodes = [nodeName("zeus"), nodeName("hera")];
const whole = { t: "status", src: "hera", seq: "a", hg: "6b02c36f", ts: "6b02c371" };

const check = (strings: Record<string, string | undefined>) =>
  checkHeader(messageOf({ ...whole, ...strings }), nodes);
const reasonOf = (strings: Record<string, string | undefined>) => {
  const checked = check(strings);
  return checked.ok ? "taken" : `${checked.reason}: ${checked.detail}`;
};

describe("the header of a message", () => {
  it("is read once for everybody", () => {
    expect(check({ dest: "zeus" })).toEqual({
      ok: true,
      header: {
        type: "status",
        src: "hera",
        srcuuid: undefined,
        seq: 10,
        hg: 0x6b02c36f,
        ts: 0x6b02c371,
        dest: "zeus",
      },
    });
  });

  it("takes upper case and leading zeros in numbers", () => {
    expect(check({ seq: "000AB" })).toMatchObject({ header: { seq: 0xab } });
  });

  it("needs no generation, which then is lower than every other", () => {
    expect(check({ hg: undefined })).toMatchObject({ header: { hg: 0 } });
  });

  it("needs no sequence number in NS_ types, and does not look at one", () => {
    expect(check({ t: "NS_ackmsg", seq: undefined })).toMatchObject({ header: { seq: undefined } });
    expect(check({ t: "NS_ackmsg", seq: "zz" })).toMatchObject({ header: { seq: undefined } });
  });

  it("takes any time but none", () => {
    expect(check({ ts: "1" })).toMatchObject({ header: { ts: 1 } });
  });

  it.each([
    [{ t: undefined }, "missing-field: no t"],
    [{ t: "x".repeat(32) }, `bad-field: t=${"x".repeat(32)}`],
    [{ src: undefined }, "missing-field: no src"],
    [{ src: "apollo" }, "unknown-node: src=apollo"],
    [{ src: "HERA" }, "unknown-node: src=HERA"],
    [{ ts: undefined }, "missing-field: no ts"],
    [{ ts: "0" }, "bad-field: ts=0"],
    [{ seq: undefined }, "missing-field: no seq"],
    [{ seq: "" }, "bad-field: seq="],
    [{ seq: "-1" }, "bad-field: seq=-1"],
    [{ seq: "0x1" }, "bad-field: seq=0x1"],
    [{ seq: "ffffffffffffffff" }, "bad-field: seq=ffffffffffffffff"],
    [{ hg: "\x1b[2J" }, "bad-field: hg=\\x1b[2J"],
    [{ srcuuid: "0123456789abcdef" }, "bad-field: srcuuid is not 16 bytes"],
  ])("is refused with %o", (strings, sentence) => {
    expect(reasonOf(strings)).toBe(sentence);
  });

  it("gives the uuid as hex", () => {
    const uuid = "\0\x0a\xff3456789abcdef";
    const message: Message = {
      fields: [...messageOf(whole).fields, { kind: "binary", name: "srcuuid", value: uuid }],
    };
    expect(checkHeader(message, nodes)).toMatchObject({
      header: { srcuuid: "000aff33343536373839616263646566" },
    });
  });
});

describe("hex", () => {
  it("is exact up to 2^53 - 1 and nothing beyond", () => {
    expect(parseHex("1fffffffffffff")).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseHex("20000000000000")).toBeUndefined();
    expect(parseHex("00000000000000001")).toBeUndefined();
  });
});
