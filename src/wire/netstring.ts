import { unreachable } from "../base/assert.ts";
import { printable } from "./bytes.ts";
import { discard } from "./discard.ts";
import {
  type Decoded,
  emptyRoom,
  type Room,
  readFieldInto,
  typeDigitOf,
  type ValueReader,
} from "./field.ts";
import { readList, readPrefixed, writeList, writePrefixed } from "./length-prefixed.ts";
import { nestingMax } from "./limits.ts";
import type { Field, Message } from "./message.ts";

/**
 * The netstring encoding (wire.md 2.2), without the outer signature: `###\n`, one `LEN:(T)name=VALUE,`
 * for each field, `%%%\n`. Values are raw, so a value may hold all of these marks.
 */
export const netstringHead = "###\n";
export const netstringTail = "%%%\n";

/** Without the outer signature (packet.ts). The message is encodable: `assertEncodable`. */
export function encodeNetstring(message: Message): string {
  const fields = message.fields.map((field) =>
    writePrefixed(`(${typeDigitOf(field.kind)})${field.name}=${rawValue(field)}`),
  );
  return netstringHead + fields.join("") + netstringTail;
}

function rawValue(field: Field): string {
  switch (field.kind) {
    case "string":
    case "binary":
      return field.value;
    case "list":
      return writeList(field.value);
    case "struct":
      return encodeNetstring(field.value);
    default:
      return unreachable(field);
  }
}

/** Never throws; takes the whole text or nothing. */
export function decodeNetstring(
  text: string,
  depth = 0,
  room: Room = emptyRoom(),
): Decoded<Message> {
  if (depth > nestingMax) return discard("too-deep", `more than ${nestingMax} messages nested`);
  if (!text.startsWith(netstringHead)) return discard("malformed", "no ### in front");
  const reader = readerAt(depth, room);
  const fields: Field[] = [];
  let at = netstringHead.length;
  while (!text.startsWith(netstringTail, at)) {
    const piece = readPrefixed(text, at);
    if (piece === undefined) return discard("malformed", `no netstring at byte ${at}`);
    const field = readTyped(piece.value, reader, room);
    if (!field.ok) return field;
    fields.push(field.value);
    at = piece.end;
  }
  const rest = text.length - at - netstringTail.length;
  if (rest > 0) return discard("malformed", `${rest} bytes behind the %%%`);
  return { ok: true, value: { fields } };
}

function readerAt(depth: number, room: Room): ValueReader {
  return {
    binary: (text) => text,
    list: readList,
    struct: (text) => decodeNetstring(text, depth + 1, room),
  };
}

/** `(T)name=VALUE`. */
function readTyped(text: string, reader: ValueReader, room: Room): Decoded<Field> {
  const equals = text.indexOf("=");
  if (text[0] !== "(" || text[2] !== ")" || equals < 0) {
    return discard("malformed", `field '${printable(text)}'`);
  }
  const parts = [text.slice(1, 2), text.slice(3, equals), text.slice(equals + 1)] as const;
  return readFieldInto(room, parts, reader);
}
