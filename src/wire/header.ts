import type { NodeName } from "../base/names.ts";
import { hexOf, printable } from "./bytes.ts";
import { type Discard, discard } from "./discard.ts";
import type { Decoded } from "./field.ts";
import { generationMax, typeBytesMax } from "./limits.ts";
import { type Field, fieldOf, type Message, typeOf } from "./message.ts";

/** The standard fields of a message (wire.md 4), read once so that nobody parses them again. */
export interface Header {
  readonly type: string;
  readonly src: NodeName;
  /** 32 hex digits; undefined when the sender did not say. */
  readonly srcuuid: string | undefined;
  /** Undefined in NS_ types, which are not numbered. */
  readonly seq: number | undefined;
  /** The sender's generation; 0 when it did not say, which is lower than every real one. */
  readonly hg: number;
  /** The sender's time(2), never 0. May be far off: not a reason to refuse. */
  readonly ts: number;
  /** Whom it is for, as written; undefined: everybody. */
  readonly dest: string | undefined;
}

/**
 * What a receiver needs before anything else (wire.md 4.1). What depends on memory is the channel's:
 * a lower generation, a sequence number heard before, a message for somebody else.
 */
export function checkHeader(
  message: Message,
  nodes: readonly NodeName[],
): { readonly ok: true; readonly header: Header } | Discard {
  const type = typeOf(message);
  if (type === "") return discard("missing-field", "no t");
  if (type.length > typeBytesMax) return discard("bad-field", `t=${printable(type)}`);
  const name = fieldOf(message, "src");
  if (name === undefined) return discard("missing-field", "no src");
  const src = nodes.find((node) => node === name);
  if (src === undefined) return discard("unknown-node", `src=${printable(name)}`);
  const ts = hexField(message, "ts");
  if (!ts.ok) return ts;
  if (ts.value === 0) return discard("bad-field", "ts=0");
  const hg = fieldOf(message, "hg") === undefined ? zero : hexField(message, "hg");
  if (!hg.ok) return hg;
  if (hg.value > generationMax) return discard("bad-field", `hg=${hg.value.toString(16)}`);
  const seq = isUnnumbered(type) ? none : hexField(message, "seq");
  if (!seq.ok) return seq;
  const srcuuid = uuidField(message, "srcuuid");
  if (!srcuuid.ok) return srcuuid;
  const header = { type, src, srcuuid: srcuuid.value, seq: seq.value, hg: hg.value, ts: ts.value };
  return { ok: true, header: { ...header, dest: fieldOf(message, "dest") } };
}

/** Messages of the channel itself: no sequence number, no load average, not acknowledged (wire.md 4). */
export function isUnnumbered(type: string): boolean {
  return type.startsWith("NS_");
}

const zero = { ok: true, value: 0 } as const;
const none = { ok: true, value: undefined } as const;

/** Sixteen digits hold Heartbeat's unsigned long with its zeros; a double holds 53 bits of it. */
const hex = /^[0-9a-fA-F]{1,16}$/;

/** Hex without a prefix, in either case, leading zeros allowed; exact up to 2^53 - 1. */
export function parseHex(text: string): number | undefined {
  if (!hex.test(text)) return undefined;
  const value = Number.parseInt(text, 16);
  return Number.isSafeInteger(value) ? value : undefined;
}

function hexField(message: Message, name: string): Decoded<number> {
  const text = fieldOf(message, name);
  if (text === undefined) return discard("missing-field", `no ${name}`);
  const value = parseHex(text);
  if (value === undefined) return discard("bad-field", `${name}=${printable(text)}`);
  return { ok: true, value };
}

function uuidField(message: Message, name: string): Decoded<string | undefined> {
  const field: Field | undefined = message.fields.find((candidate) => candidate.name === name);
  if (field === undefined) return none;
  if (field.kind !== "binary" || field.value.length !== 16) {
    return discard("bad-field", `${name} is not 16 bytes`);
  }
  return { ok: true, value: hexOf(field.value) };
}
