import { assert } from "../base/assert.ts";

/** Dotted IPv4 addresses as numbers and bytes; pure. The configuration has checked them before. */

export function parseIpv4(text: string): number {
  const parts = text.split(".").map(Number);
  const valid =
    parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256);
  assert(valid, `not an IPv4 address: ${text}`);
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Four bytes in network order. */
export function ipv4Bytes(text: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(parseIpv4(text));
  return bytes;
}

/** The first four bytes as a dotted address. */
export function formatIpv4(bytes: Uint8Array): string {
  return bytes.subarray(0, 4).join(".");
}

/** Whether the first `prefix` bits of both are the same. */
export function isSameSubnet(one: string, other: string, prefix: number): boolean {
  const mask = maskOf(prefix);
  return (parseIpv4(one) & mask) === (parseIpv4(other) & mask);
}

/** The subnet's all-ones address; undefined where there is none (31 and 32). */
export function broadcastOf(address: string, prefix: number): string | undefined {
  if (prefix > 30) return undefined;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE((parseIpv4(address) | ~maskOf(prefix)) >>> 0);
  return formatIpv4(bytes);
}

function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : -1 << (32 - prefix);
}
