import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteStringOf, bytesOf } from "../../src/wire/bytes.ts";
import { decodeClassic, encodeClassic } from "../../src/wire/classic.ts";
import { isFieldName } from "../../src/wire/field.ts";
import type { Field, Message } from "../../src/wire/message.ts";
import { decodeNetstring, encodeNetstring } from "../../src/wire/netstring.ts";
import { decodePacket, encodePacket } from "../../src/wire/packet.ts";
import type { SigningKey } from "../../src/wire/signature.ts";
import { alone, mutated, mutations, realPackets, unsignedPart } from "./mutations.ts";

/** Whatever message is sent comes out as it was. */

const byteString = (exclude: (code: number) => boolean) =>
  fc
    .array(
      fc.integer({ min: 0, max: 255 }).filter((code) => !exclude(code)),
      { maxLength: 24 },
    )
    .map((codes) => String.fromCharCode(...codes));

const anyBytes = byteString(() => false);
const withoutNul = byteString((code) => code === 0);
/** What classic text carries without loss: no NUL, and none of the bytes that stand for a newline. */
const clearText = byteString((code) => code === 0 || (code >= 15 && code <= 31));

const plainName = fc.constantFrom("t", "st", "src", "auth", "auth2", "info", "_x", "a(b)", "###");
const name = fc.oneof(
  plainName,
  fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 12 }).filter(isFieldName),
);

function messages(text: fc.Arbitrary<string>, depth = 3): fc.Arbitrary<Message> {
  const field = (kind: Field["kind"]): fc.Arbitrary<Field> => {
    switch (kind) {
      case "string":
        return fc.record({ kind: fc.constant("string" as const), name, value: text });
      case "binary":
        return fc.record({ kind: fc.constant("binary" as const), name, value: anyBytes });
      case "list":
        return fc.record({
          kind: fc.constant("list" as const),
          name,
          value: fc.array(text, { maxLength: 4 }),
        });
      case "struct":
        return fc.record({
          kind: fc.constant("struct" as const),
          name,
          value: messages(text, depth - 1),
        });
      default:
        throw new Error("no such kind");
    }
  };
  const flat = [field("string"), field("binary"), field("list")];
  const kinds = depth > 0 ? [...flat, field("struct")] : flat;
  return fc.record({ fields: fc.array(fc.oneof(...kinds), { maxLength: 6 }) });
}

const withoutAuth = ({ fields }: Message): Message => ({
  fields: fields.filter((field) => field.name !== "auth"),
});

const signingKey: fc.Arbitrary<SigningKey> = fc.record({
  number: fc.integer({ min: 0, max: 15 }),
  method: fc.constantFrom("crc", "md5", "sha1", "sha256"),
  key: fc.string({ maxLength: 80 }),
});

describe("decode after encode is the identity", () => {
  it("for netstrings, whatever the values hold", () => {
    fc.assert(
      fc.property(messages(withoutNul), (message) => {
        expect(decodeNetstring(encodeNetstring(message))).toEqual({ ok: true, value: message });
      }),
    );
  });

  it("for classic text, newlines included", () => {
    fc.assert(
      fc.property(messages(fc.oneof(clearText, fc.constant("two\nlines\n"))), (message) => {
        expect(decodeClassic(encodeClassic(message))).toEqual({ ok: true, value: message });
      }),
    );
  });

  it("for packets of both encodings, with every method", () => {
    const encoding = fc.constantFrom("netstring", "classic");
    fc.assert(
      fc.property(
        messages(clearText).map(withoutAuth),
        signingKey,
        encoding,
        fc.boolean(),
        (message, key, form, innerAuth) => {
          const bytes = encodePacket(message, alone(key), { encoding: form, innerAuth });
          const packet = decodePacket(bytes, alone(key));
          if (!packet.ok) throw new Error(`${packet.reason}: ${packet.detail}`);
          expect(withoutAuth(packet.message)).toEqual(message);
          expect(packet).toMatchObject({ encoding: form, keyNumber: key.number });
        },
      ),
    );
  });

  it("and back: what decodes is encoded to the same text", () => {
    let compared = 0;
    const texts = realPackets.map(({ bytes }) => byteStringOf(bytes));
    fc.assert(
      fc.property(fc.constantFrom(...texts), mutations, (text, changes) => {
        const body = byteStringOf(mutated(bytesOf(unsignedPart(text)), changes));
        const decoded = decodeNetstring(body);
        if (!decoded.ok) return;
        expect(encodeNetstring(decoded.value)).toBe(body);
        compared += 1;
      }),
      { numRuns: 4000 },
    );
    expect(compared).toBeGreaterThan(20);
  });
});
