import { byteStringOf, bytesOf, printable } from "./bytes.ts";
import { decodeClassic } from "./classic.ts";
import { type Discard, discard } from "./discard.ts";
import { inflatedBytesMax } from "./limits.ts";
import { fieldOf, type Message } from "./message.ts";

/**
 * Undoes a zlib stream (RFC 1950). Answers undefined, and does not throw, when it is none or when more
 * than `bytesMax` bytes come out; stops as soon as that is known.
 */
export type Inflate = (bytes: Uint8Array, bytesMax: number) => Uint8Array | undefined;

/**
 * The message itself, or the one that is compressed inside it (wire.md 6): a field
 * `_compressed_payload` with the whole classic text and a NUL. Its inner `auth` is not checked again:
 * the outer signature covers it. Only after the packet was authenticated.
 */
export function expandPayload(
  message: Message,
  inflate: Inflate | undefined,
): { readonly ok: true; readonly message: Message; readonly compressed: boolean } | Discard {
  const payload = fieldOf(message, "_compressed_payload");
  if (payload === undefined) return { ok: true, message, compressed: false };
  const algorithm = fieldOf(message, "_compression_algorithm") ?? "";
  if (algorithm === "bz2") return discard("compressed-bz2", "Tandem undoes zlib only");
  if (algorithm !== "zlib") return discard("compressed", `by '${printable(algorithm)}'`);
  if (inflate === undefined) return discard("compressed", "not undone here");
  const bytes = inflate(bytesOf(payload), inflatedBytesMax);
  if (bytes === undefined || bytes.length > inflatedBytesMax) {
    return discard("compressed", "not a zlib stream, or too large");
  }
  const text = byteStringOf(bytes);
  const inner = decodeClassic(text.endsWith("\0") ? text.slice(0, -1) : text);
  if (!inner.ok) return inner;
  if (fieldOf(inner.value, "_compressed_payload") !== undefined) {
    return discard("compressed", "compressed twice");
  }
  return { ok: true, message: inner.value, compressed: true };
}
