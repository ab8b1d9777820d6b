import { byteStringOf } from "./bytes.ts";
import { classicHead, classicTail } from "./classic.ts";
import { type Discard, discard } from "./discard.ts";
import { packetBytesMax, signatureBytesMax } from "./limits.ts";
import { netstringHead, netstringTail } from "./netstring.ts";

/**
 * A sealed envelope: what one may know of a packet before its signature was checked (safety.md 8). Only
 * the length, the first four bytes, and the place of the signature are looked at here. No number but
 * the key's, no base64, no field: the real parser died of a datagram from nobody (wire.md 8).
 */
export interface Envelope {
  readonly ok: true;
  readonly encoding: "netstring" | "classic";
  readonly keyNumber: number;
  /** The signature as written, lower-case hex. */
  readonly token: string;
  /** The bytes that the signature speaks for. */
  readonly signed: Uint8Array;
  /** The whole message as a byte string, without an outer signature. Not to be parsed yet. */
  readonly text: string;
}

/** The envelope of a packet, or why it is none. Never throws. */
export function openEnvelope(bytes: Uint8Array): Envelope | Discard {
  if (bytes.length > packetBytesMax) return discard("too-long", `${bytes.length} bytes`);
  const head = byteStringOf(bytes.subarray(0, 4));
  if (head === netstringHead) return openNetstring(bytes);
  if (head === classicHead) return openClassic(bytes);
  return discard("not-a-message", `${bytes.length} bytes of something else`);
}

/** `###…%%%\nLEN:NUMBER TOKEN,`: everything through the last `%%%\n` is signed. */
function openNetstring(bytes: Uint8Array): Envelope | Discard {
  const window = Math.max(0, bytes.length - signatureBytesMax - netstringTail.length);
  const ending = byteStringOf(bytes.subarray(window));
  const mark = ending.lastIndexOf(netstringTail);
  if (mark < 0) return discard("no-auth", "no %%% near the end");
  const behind = ending.slice(mark + netstringTail.length);
  const colon = behind.indexOf(":");
  const value = behind.slice(colon + 1, -1);
  if (colon < 0 || behind !== `${value.length}:${value},`) {
    return discard("no-auth", "no signature behind the %%%");
  }
  const signed = bytes.subarray(0, window + mark + netstringTail.length);
  return seal("netstring", value, signed, byteStringOf(signed));
}

/** The one line `auth=` signs all other lines, wherever it stands. A NUL at the end is Heartbeat's habit. */
function openClassic(bytes: Uint8Array): Envelope | Discard {
  const whole = byteStringOf(bytes);
  const text = whole.endsWith("\0") ? whole.slice(0, -1) : whole;
  if (!text.endsWith(`\n${classicTail}`)) return discard("not-a-message", "no <<< at the end");
  const before = text.indexOf("\nauth=");
  if (before < 0) return discard("no-auth", "no line auth=");
  if (text.indexOf("\nauth=", before + 1) >= 0) return discard("two-auths", "two lines auth=");
  const start = before + 1;
  const end = text.indexOf("\n", start);
  const front = bytes.subarray(classicHead.length, start);
  const back = bytes.subarray(end + 1, text.length - classicTail.length);
  const signed = new Uint8Array(front.length + back.length);
  signed.set(front);
  signed.set(back, front.length);
  return seal("classic", text.slice(start + "auth=".length, end), signed, text);
}

const authValue = /^(\d{1,2}) ([0-9a-f]{1,64})$/;

function seal(
  encoding: Envelope["encoding"],
  value: string,
  signed: Uint8Array,
  text: string,
): Envelope | Discard {
  const [, number, token] = authValue.exec(value) ?? [];
  if (number === undefined || token === undefined) {
    return discard("no-auth", "a signature that is not NUMBER TOKEN");
  }
  return { ok: true, encoding, keyNumber: Number(number), token, signed, text };
}
