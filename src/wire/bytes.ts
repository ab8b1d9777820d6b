import { assert } from "../base/assert.ts";

/**
 * Byte strings (one character per byte, message.ts) and the bytes of a packet. TextDecoder is no help:
 * what it calls latin1 is windows-1252.
 */

/** Arguments of one call are bounded by the stack; 8 KiB is far below any limit. */
const piece = 8 * 1024;

/** One character for each byte. */
export function byteStringOf(bytes: Uint8Array): string {
  if (bytes.length <= piece) return String.fromCharCode(...bytes);
  let text = "";
  for (let at = 0; at < bytes.length; at += piece) {
    text += String.fromCharCode(...bytes.subarray(at, at + piece));
  }
  return text;
}

/** The bytes of a byte string; a character beyond 255 is a bug of ours. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    assert(code <= 0xff, "a byte string holds one byte per character");
    bytes[at] = code;
  }
  return bytes;
}

/** Lower case, two digits for each byte. */
export function hexOf(text: string): string {
  let hex = "";
  for (let at = 0; at < text.length; at += 1) {
    hex += text.charCodeAt(at).toString(16).padStart(2, "0");
  }
  return hex;
}

/** The byte string that `hex` spells; `hex` is ours, an even number of hex digits. */
export function byteStringOfHex(hex: string): string {
  assert(/^([0-9a-f]{2})*$/i.test(hex), "an even number of hex digits");
  let text = "";
  for (let at = 0; at < hex.length; at += 2) {
    text += String.fromCharCode(Number.parseInt(hex.slice(at, at + 2), 16));
  }
  return text;
}

/** At most 40 characters of what a stranger sent, fit for a log line. */
export function printable(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 37)}...` : text;
  return short.replace(/[^ -~]/g, (odd) => `\\x${odd.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
