import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTooLate, lifetimeSeconds, renewableUntil, tickMs } from "./lease.ts";
import { nextTickAt } from "./tick.ts";

const timers = fc
  .record({
    keepaliveMs: fc.integer({ min: 50, max: 5000 }),
    ratio: fc.integer({ min: 2, max: 20 }),
  })
  .map(({ keepaliveMs, ratio }) => ({ keepaliveMs, deadtimeMs: keepaliveMs * ratio }));

describe("the lifetime of an address", () => {
  it("is 9 s with the tutorial's timers, and 1 s at least", () => {
    expect(lifetimeSeconds({ keepaliveMs: 2000, deadtimeMs: 12_000 })).toBe(9);
    expect(lifetimeSeconds({ keepaliveMs: 2000, deadtimeMs: 4000 })).toBe(1);
    expect(lifetimeSeconds({ keepaliveMs: 500, deadtimeMs: 1000 })).toBe(1);
  });

  it("ends before the peer may take the address, however late the last renewal was", () => {
    fc.assert(
      fc.property(timers, ({ keepaliveMs, deadtimeMs }) => {
        fc.pre(deadtimeMs - keepaliveMs >= 1500);
        const lastBeat = 0;
        const lastRenewal = lastBeat + keepaliveMs;
        const gone = lastRenewal + lifetimeSeconds({ keepaliveMs, deadtimeMs }) * 1000 + 380;
        expect(gone).toBeLessThan(lastBeat + deadtimeMs);
      }),
    );
  });

  it("is renewed only up to half a second before its end", () => {
    const lease = { lifetimeS: 9, renewedAt: 1000 };
    expect(renewableUntil(lease)).toBe(9500);
    expect(isTooLate(lease, 9499)).toBe(false);
    expect(isTooLate(lease, 9500)).toBe(true);
  });
});

describe("the tick", () => {
  it("is a whole fraction of the keepalive, a quarter of the lifetime at most", () => {
    fc.assert(
      fc.property(timers, (given) => {
        const lifetimeS = lifetimeSeconds(given);
        const tick = tickMs(given, [{ lifetimeS, renewedAt: 0 }]);
        expect(tick).toBeLessThanOrEqual(lifetimeS * 250);
        expect(tick).toBeLessThanOrEqual(given.keepaliveMs);
        const parts = given.keepaliveMs / tick;
        expect(Math.abs(parts - Math.round(parts))).toBeLessThan(1e-9);
      }),
    );
  });

  it("falls on every beat, and is always ahead", () => {
    fc.assert(
      fc.property(timers, fc.double({ min: 0, max: 60_000, noNaN: true }), (given, now) => {
        const tick = tickMs(given, []);
        const beatAt = now + given.keepaliveMs * 0.7;
        let at = now;
        for (let count = 0; at < beatAt && count < 1000; count++) {
          const next = nextTickAt(beatAt, tick, at);
          expect(next).toBeGreaterThan(at);
          expect(next - at).toBeLessThanOrEqual(tick + 1e-6);
          at = next;
        }
        expect(at).toBe(beatAt);
      }),
    );
  });
});
