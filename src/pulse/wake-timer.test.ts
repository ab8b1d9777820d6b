import { expect, it } from "vitest";
import { bootTimeMs } from "../linux/clock.ts";
import { WakeTimer } from "./wake-timer.ts";

it("never wakes early, and only for the last time that was set", async () => {
  const wokenAt: number[] = [];
  let resolve: () => void = () => {};
  const timer = new WakeTimer(bootTimeMs, () => {
    wokenAt.push(bootTimeMs());
    resolve();
  });
  for (let delay = 0; delay < 20; delay++) {
    const woken = new Promise<void>((done) => {
      resolve = done;
    });
    timer.set(bootTimeMs() + 1_000_000);
    const at = bootTimeMs() + delay / 3;
    timer.set(at);
    await woken;
    expect(wokenAt.at(-1)).toBeGreaterThanOrEqual(at);
  }
  expect(wokenAt).toHaveLength(20);
  timer.clear();
});
