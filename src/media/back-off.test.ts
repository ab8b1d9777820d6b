import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { BackOff } from "./back-off.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** When something that always fails is attempted, in virtual milliseconds. */
function failing(): { readonly at: number[]; readonly backOff: BackOff } {
  const at: number[] = [];
  const backOff: BackOff = new BackOff(() => {
    at.push(Date.now());
    backOff.failed();
  });
  backOff.failed();
  return { at, backOff };
}

it("doubles the pause from one attempt to the next, up to five seconds", () => {
  const { at } = failing();
  vi.advanceTimersByTime(20_000);
  expect(at).toEqual([250, 750, 1_750, 3_750, 7_750, 12_750, 17_750]);
});

it("begins anew with the shortest after a success", () => {
  const { at, backOff } = failing();
  vi.advanceTimersByTime(2_000);
  backOff.succeeded();
  vi.advanceTimersByTime(2_000);
  expect(at.slice(-2)).toEqual([3_750, 4_000]);
});

it("makes one attempt for what has failed twice, and none after its end", () => {
  const { at, backOff } = failing();
  backOff.failed();
  expect(backOff.isWaiting).toBe(true);
  vi.advanceTimersByTime(500);
  expect(at).toEqual([500]);
  backOff.end();
  vi.advanceTimersByTime(60_000);
  expect(at).toEqual([500]);
});
