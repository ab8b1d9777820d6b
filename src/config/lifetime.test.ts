import { expect, test } from "vitest";
import { addressLifetimeMs, watchdogMs } from "./lifetime.ts";

test.each([
  [12_000, 2000, 9000, 9000],
  [30_000, 1000, 28_000, 28_000],
  [4000, 1000, 2000, 2000],
  [2000, 500, 1000, 1000],
  // Too coarse: a second at least for the address, none for the watchdog.
  [1000, 200, 1000, undefined],
])(
  "deadtime %i and keepalive %i give a lifetime of %i",
  (deadtimeMs, keepaliveMs, lifetime, watchdog) => {
    expect(addressLifetimeMs({ deadtimeMs, keepaliveMs })).toBe(lifetime);
    expect(watchdogMs({ deadtimeMs, keepaliveMs })).toBe(watchdog);
  },
);
