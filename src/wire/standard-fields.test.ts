import { describe, expect, it } from "vitest";
import { type Field, type Message, messageOf } from "./message.ts";
import { type StandardFields, withStandardFields } from "./standard-fields.ts";

const standard: StandardFields = {
  src: "zeus",
  srcuuidHex: "00112233445566778899aabbccddeeff",
  destuuidHex: "ff".repeat(16),
  seq: 0x1f,
  hg: 0x6b02c01a,
  ts: 0x6b02c01b,
  ld: "0.68 0.48 0.21 4/165 34",
  ttl: 3,
};
const namesOf = ({ fields }: Message) => fields.map((field) => field.name).join(" ");
const fieldsOf = (strings: Record<string, string>) => messageOf(strings).fields;

describe("the standard fields", () => {
  it("stand behind the caller's, in Heartbeat's order, hex in lower case", () => {
    const message = withStandardFields(fieldsOf({ t: "status", st: "up" }), standard);
    expect(namesOf(message)).toBe("t st src srcuuid seq hg ts ld ttl");
    expect(message.fields.slice(4)).toEqual(
      fieldsOf({ seq: "1f", hg: "6b02c01a", ts: "6b02c01b", ld: standard.ld ?? "", ttl: "3" }),
    );
    expect(message.fields[3]).toEqual({
      kind: "binary",
      name: "srcuuid",
      value: "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff",
    });
  });

  it("begin with the receiver's uuid in a directed message, where it is known", () => {
    const directed = fieldsOf({ t: "ask_resources", dest: "hera" });
    expect(namesOf(withStandardFields(directed, standard))).toBe(
      "t dest destuuid src srcuuid seq hg ts ld ttl",
    );
    const unknown = { ...standard, destuuidHex: undefined };
    expect(namesOf(withStandardFields(directed, unknown))).toBe(
      "t dest src srcuuid seq hg ts ld ttl",
    );
  });

  it("leave out seq and ld in NS_ types", () => {
    const message = withStandardFields(fieldsOf({ t: "NS_ackmsg", ackseq: "1" }), standard);
    expect(namesOf(message)).toBe("t ackseq src srcuuid hg ts ttl");
  });

  it("overwrite what the caller wrote, in its place, but not in NS_ types", () => {
    const forged = withStandardFields(fieldsOf({ src: "hera", t: "status" }), standard);
    expect(forged.fields[0]).toMatchObject({ name: "src", value: "zeus" });
    expect(namesOf(forged)).toBe("src t srcuuid seq hg ts ld ttl");
    const ping = withStandardFields(fieldsOf({ src: "router", t: "NS_st" }), standard);
    expect(ping.fields[0]).toMatchObject({ name: "src", value: "router" });
  });

  it("are followed by Tandem's own", () => {
    const extra: readonly Field[] = fieldsOf({ tandem: "1" });
    const message = withStandardFields(fieldsOf({ t: "status" }), { ...standard, extra });
    expect(namesOf(message)).toBe("t src srcuuid seq hg ts ld ttl tandem");
  });

  it("never lack a sequence number where one is needed", () => {
    const unnumbered = { ...standard, seq: undefined };
    expect(() => withStandardFields(fieldsOf({ t: "status" }), unnumbered)).toThrow(/assertion/);
  });
});
