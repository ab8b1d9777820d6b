import { assert, unreachable } from "../base/assert.ts";
import { printable } from "./bytes.ts";
import { discard } from "./discard.ts";
import { type Decoded, emptyRoom, type Room, readFieldInto, type ValueReader } from "./field.ts";
import { readList, writeList } from "./length-prefixed.ts";
import { nestingMax } from "./limits.ts";
import type { Field, Message } from "./message.ts";

/**
 * The classic encoding (wire.md 2.1): `>>>`, a line for each field, `<<<`. A line cannot hold a newline,
 * so control bytes stand in for it: one inside strings, and for nested messages one per depth. A string
 * that really holds such a byte comes back with a newline: Heartbeat's loss, kept.
 */
export const classicHead = ">>>\n";
export const classicTail = "<<<\n";

const newlineInString = "\x13";
const newlineAtDepth = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 15, 16, 17, 18].map(
  (code) => String.fromCharCode(code),
);

/** The whole text. The message is encodable: `assertEncodable`. */
export function encodeClassic(message: Message): string {
  return classicHead + classicLines(message.fields) + classicTail;
}

/** The lines between `>>>` and `<<<`: over these, without `auth`, classic text is signed. */
export function classicLines(fields: readonly Field[], depth = 0): string {
  return fields.map((field) => line(field, depth)).join("");
}

function line(field: Field, depth: number): string {
  switch (field.kind) {
    case "string":
      return `${field.name}=${field.value.replaceAll("\n", newlineInString)}\n`;
    case "binary":
      return `(1)${field.name}=${btoa(field.value)}\n`;
    case "list":
      return `(3)${field.name}=${writeList(field.value).replaceAll("\n", newlineInString)}\n`;
    case "struct": {
      const text = classicHead + classicLines(field.value.fields, depth + 1) + classicTail;
      return `(2)${field.name}=${text.replaceAll("\n", newlineAt(depth))}\n`;
    }
    default:
      return unreachable(field);
  }
}

function newlineAt(depth: number): string {
  const standIn = newlineAtDepth[depth];
  assert(standIn !== undefined, "every depth below the bound has its stand-in for a newline");
  return standIn;
}

/** Never throws; takes the whole text or nothing. */
export function decodeClassic(text: string, depth = 0, room: Room = emptyRoom()): Decoded<Message> {
  if (depth > nestingMax) return discard("too-deep", `more than ${nestingMax} messages nested`);
  const end = text.length - classicTail.length;
  if (!text.startsWith(classicHead)) return discard("malformed", "no >>> in front");
  if (end < classicHead.length || !text.endsWith(`\n${classicTail}`)) {
    return discard("malformed", "no <<< at the end");
  }
  const reader = readerAt(depth, room);
  const fields: Field[] = [];
  for (let at = classicHead.length; at < end; ) {
    const newline = text.indexOf("\n", at);
    const field = readLine(text.slice(at, newline), reader, room);
    if (!field.ok) return field;
    fields.push(field.value);
    at = newline + 1;
  }
  return { ok: true, value: { fields } };
}

function readerAt(depth: number, room: Room): ValueReader {
  return {
    binary: fromBase64,
    list: (text) => readList(text.replaceAll(newlineInString, "\n")),
    struct: (text) =>
      depth < nestingMax
        ? decodeClassic(text.replaceAll(newlineAt(depth), "\n"), depth + 1, room)
        : discard("too-deep", `more than ${nestingMax} messages nested`),
  };
}

/** `name=value` or `(T)name=VALUE`; the value starts after the first `=`. */
function readLine(text: string, reader: ValueReader, room: Room): Decoded<Field> {
  const equals = text.indexOf("=");
  if (equals < 0) return discard("malformed", `no = in the line '${printable(text)}'`);
  const name = text.slice(0, equals);
  const value = text.slice(equals + 1);
  if (!name.startsWith("(")) {
    return readFieldInto(room, ["0", name, value.replaceAll(newlineInString, "\n")], reader);
  }
  if (name[2] !== ")" || name[1] === "0") {
    return discard("malformed", `type prefix of '${printable(name)}'`);
  }
  return readFieldInto(room, [name.slice(1, 2), name.slice(3), value], reader);
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Only the one spelling that Heartbeat writes: else two texts would be one value. */
function fromBase64(text: string): string | undefined {
  if (text.length % 4 !== 0 || !base64.test(text)) return undefined;
  const value = atob(text);
  return btoa(value) === text ? value : undefined;
}
