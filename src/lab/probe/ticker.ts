import { bootTimeMs } from "../../linux/clock.ts";

/**
 * Calls `onTick` every `intervalMs` on absolute deadlines: lateness does not add up. After a stall it goes on
 * from now instead of catching up in a burst, which no real client would send.
 */
export function startTicker(intervalMs: number, onTick: (now: number) => void): void {
  let due = bootTimeMs();
  const tick = (): void => {
    const now = bootTimeMs();
    onTick(now);
    due = Math.max(due + intervalMs, now);
    setTimeout(tick, Math.max(0, due - bootTimeMs()));
  };
  tick();
}

/** One report as a line of standard output. */
export function print(report: object): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
