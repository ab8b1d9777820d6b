import { createHmac, timingSafeEqual } from "node:crypto";
import { crc32 } from "../base/crc.ts";

/**
 * Signing and checking with a key of authkeys (wire.md 3). crc is no protection at all, only against
 * noise; md5, sha1 and sha256 are HMACs (RFC 2104) with the key text, sha256 being Tandem's own.
 *
 * The shape of a key is config's AuthKey, said again because the wire knows only `base`.
 */
export interface SigningKey {
  /** 0..15, written in front of the token so that the receiver takes the same key. */
  readonly number: number;
  readonly method: "crc" | "md5" | "sha1" | "sha256";
  /** The key text; empty for crc. Never logged. */
  readonly key: string;
}

/** The keys of authkeys: one signs, any of them is accepted. */
export interface SigningKeys {
  /** The number that our own packets are signed with. */
  readonly active: number;
  readonly keys: readonly SigningKey[];
}

/** Lower-case hex without the number: 1 to 8 digits for crc, 32, 40 or 64 for the HMACs. */
export function sign(bytes: Uint8Array, key: SigningKey): string {
  if (key.method === "crc") return crc32(bytes).toString(16);
  return createHmac(key.method, key.key).update(bytes).digest("hex");
}

/** In a time that does not tell how much of the token was right. */
export function verify(bytes: Uint8Array, key: SigningKey, token: string): boolean {
  const expected = new TextEncoder().encode(sign(bytes, key));
  const given = new TextEncoder().encode(token);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
