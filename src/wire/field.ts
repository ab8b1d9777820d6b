import { assert, unreachable } from "../base/assert.ts";
import { printable } from "./bytes.ts";
import { type Discard, discard } from "./discard.ts";
import { fieldNameBytesMax, fieldsMax, nestingMax } from "./limits.ts";
import type { Field, Message } from "./message.ts";

/** What both encodings agree on: the type digits of wire.md 1 and what a field may look like. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | Discard;

/** How many fields a message may still have, one inside another included. */
export interface Room {
  fields: number;
}

/** Room for a whole message. */
export function emptyRoom(): Room {
  return { fields: fieldsMax };
}

/** The field of a message, unless it is one too many. */
export function readFieldInto(
  room: Room,
  [digit, name, text]: readonly [digit: string, name: string, text: string],
  reader: ValueReader,
): Decoded<Field> {
  room.fields -= 1;
  if (room.fields < 0) return discard("too-many-fields", `more than ${fieldsMax} fields`);
  return readField(digit, name, text, reader);
}

/** The digit of a field's type: `(1)name=…`. */
export function typeDigitOf(kind: Field["kind"]): "0" | "1" | "2" | "3" {
  switch (kind) {
    case "string":
      return "0";
    case "binary":
      return "1";
    case "struct":
      return "2";
    case "list":
      return "3";
    default:
      return unreachable(kind);
  }
}

/**
 * How an encoding writes the three kinds of value that are not plain text. Each answers undefined when
 * the text is none.
 */
export interface ValueReader {
  readonly binary: (text: string) => string | undefined;
  readonly list: (text: string) => readonly string[] | undefined;
  readonly struct: (text: string) => Decoded<Message>;
}

/** The field of this type digit, name and raw value, or why there is none. */
function readField(digit: string, name: string, text: string, reader: ValueReader): Decoded<Field> {
  if (!isFieldName(name)) return discard("malformed", `field name '${printable(name)}'`);
  switch (digit) {
    case "0":
      if (text.includes("\0")) return discard("malformed", `NUL in the string ${name}`);
      return { ok: true, value: { kind: "string", name, value: text } };
    case "1": {
      const value = reader.binary(text);
      if (value === undefined) return discard("malformed", `field ${name} is not base64`);
      return { ok: true, value: { kind: "binary", name, value } };
    }
    case "2": {
      const inner = reader.struct(text);
      return inner.ok ? { ok: true, value: { kind: "struct", name, value: inner.value } } : inner;
    }
    case "3": {
      const value = reader.list(text);
      if (value === undefined) return discard("malformed", `field ${name} is not a list`);
      return { ok: true, value: { kind: "list", name, value } };
    }
    default:
      return discard("unsupported-type", `field ${name} of type ${printable(digit)}`);
  }
}

/**
 * Visible ASCII without `=`, and nothing that could be taken for a type prefix or for the first or last
 * line of classic text. Heartbeat's names are letters, digits and `_`.
 */
const fieldName = /^(?!\(|<<<|>>>)[!-<>-~]+$/;

/** Whether a peer can read a field of this name. */
export function isFieldName(name: string): boolean {
  return name.length <= fieldNameBytesMax && fieldName.test(name);
}

/** What we send is ours: a name or value that no peer could read is a bug of our own. */
export function assertEncodable(message: Message, depth = 0): void {
  assert(depth <= nestingMax, "messages are not nested deeper than 16");
  for (const field of message.fields) {
    assert(isFieldName(field.name), `a field may be called ${printable(field.name)}`);
    if (field.kind === "struct") assertEncodable(field.value, depth + 1);
    if (field.kind === "string") assert(!field.value.includes("\0"), `no NUL in ${field.name}`);
  }
}
