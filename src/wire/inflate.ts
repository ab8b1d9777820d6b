import { inflateSync } from "node:zlib";
import type { Inflate } from "./compressed.ts";

/**
 * Undoes zlib, Heartbeat's default. Pure: bytes in, bytes out. It stops at `bytesMax`, so that a small
 * packet cannot grow without bound.
 */
export const inflate: Inflate = (bytes, bytesMax) => {
  try {
    return inflateSync(bytes, { maxOutputLength: bytesMax });
  } catch {
    // Not a zlib stream, one that is cut short, or one that grows beyond the bound.
    return undefined;
  }
};
