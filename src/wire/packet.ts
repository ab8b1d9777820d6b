import { assert } from "../base/assert.ts";
import { bytesOf } from "./bytes.ts";
import { classicLines, decodeClassic, encodeClassic } from "./classic.ts";
import { expandPayload, type Inflate } from "./compressed.ts";
import { type Discard, discard } from "./discard.ts";
import { type Envelope, openEnvelope } from "./envelope.ts";
import { assertEncodable } from "./field.ts";
import { writePrefixed } from "./length-prefixed.ts";
import { packetBytesMax } from "./limits.ts";
import type { Field, Message } from "./message.ts";
import { decodeNetstring, encodeNetstring } from "./netstring.ts";
import { type SigningKey, type SigningKeys, sign, verify } from "./signature.ts";

/**
 * One packet: a UDP datagram, the data of an ICMP echo, or a frame of a serial line. Reading goes in
 * three steps that are never mixed: find the signature, check it, only then parse.
 */
export interface DecodedPacket {
  readonly ok: true;
  /** All fields as they came, `auth` included. */
  readonly message: Message;
  readonly encoding: "netstring" | "classic";
  /** The number of the key that signed it. */
  readonly keyNumber: number;
  readonly compressed: boolean;
}

/** What a reader can, or must do, beside the rules of the wire. */
export interface DecodeOptions {
  /** Undoes zlib. Without it a compressed packet is a discard. */
  readonly inflate?: Inflate;
  /**
   * Which key text belongs to the key number of a *netstring*. `own` (default): that number's own, as
   * in classic text. `active`: the active key's text with the method of the number, which is what
   * Heartbeat 3.0.6 does by mistake (wire.md 3.2). The mistake only matters while the two ends have
   * different numbers active: `own` lets a key be changed one node at a time.
   */
  readonly netstringKey?: "own" | "active";
}

/** Never throws. The inner `auth` of a netstring is not looked at, as in 3.0.6: the outer covers it. */
export function decodePacket(
  bytes: Uint8Array,
  keys: SigningKeys,
  options: DecodeOptions = {},
): DecodedPacket | Discard {
  const envelope = openEnvelope(bytes);
  if (!envelope.ok) return envelope;
  const { encoding, keyNumber, text } = envelope;
  const key = keyFor(envelope, keys, options);
  if (key === undefined) return discard("unknown-key", `signed with key ${keyNumber}`);
  if (!verify(envelope.signed, key, envelope.token)) {
    return discard("bad-auth", `the signature of key ${keyNumber} does not fit`);
  }
  const decoded = encoding === "netstring" ? decodeNetstring(text) : decodeClassic(text);
  if (!decoded.ok) return decoded;
  const expanded = expandPayload(decoded.value, options.inflate);
  if (!expanded.ok) return expanded;
  const { message, compressed } = expanded;
  return { ok: true, message, encoding, keyNumber, compressed };
}

function keyFor(
  envelope: Envelope,
  { active, keys }: SigningKeys,
  options: DecodeOptions,
): SigningKey | undefined {
  const named = keys.find((key) => key.number === envelope.keyNumber);
  if (envelope.encoding === "classic" || options.netstringKey !== "active") return named;
  const ours = keys.find((key) => key.number === active);
  return named && ours && { ...named, key: ours.key };
}

/** How a message becomes a packet: serial lines want `classic`. */
export interface EncodeOptions {
  readonly encoding: "netstring" | "classic";
  /**
   * Netstrings only: a signature over the classic text as last field `auth` as well, which is what
   * `msgfmt classic` means on UDP (wire.md 2.3). Classic text always carries it.
   */
  readonly innerAuth: boolean;
}

/** Signed with the active key. An `auth` field that is there already is signed anew in its place. */
export function encodePacket(
  message: Message,
  keys: SigningKeys,
  { encoding, innerAuth }: EncodeOptions,
): Uint8Array {
  assertEncodable(message);
  const key = keys.keys.find((candidate) => candidate.number === keys.active);
  assert(key !== undefined, "the active key is among the keys");
  const bytes =
    encoding === "classic"
      ? bytesOf(encodeClassic(withAuth(message, key)))
      : signedNetstring(innerAuth ? withAuth(message, key) : message, key);
  assert(bytes.length <= packetBytesMax, "no message of ours exceeds what a peer takes");
  return bytes;
}

function signedNetstring(message: Message, key: SigningKey): Uint8Array {
  const text = encodeNetstring(message);
  return bytesOf(text + writePrefixed(authText(bytesOf(text), key)));
}

function withAuth(message: Message, key: SigningKey): Message {
  const others = message.fields.filter((field) => field.name !== "auth");
  const value = authText(bytesOf(classicLines(others)), key);
  const auth: Field = { kind: "string", name: "auth", value };
  const place = message.fields.findIndex((field) => field.name === "auth");
  const at = place < 0 ? others.length : place;
  return { fields: [...others.slice(0, at), auth, ...others.slice(at)] };
}

function authText(bytes: Uint8Array, key: SigningKey): string {
  return `${key.number} ${sign(bytes, key)}`;
}
