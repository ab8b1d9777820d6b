import { clockTime } from "./sys.ts";

const CLOCK_BOOTTIME = 7;
const CLOCK_THREAD_CPUTIME_ID = 3;

/**
 * Milliseconds of CLOCK_BOOTTIME, fractional: monotonic, counts a suspended machine's sleep, the
 * same for every process of one boot. performance.now() stands still while the machine sleeps.
 */
export function bootTimeMs(): number {
  return milliseconds(CLOCK_BOOTTIME);
}

/** Milliseconds that this thread has had a processor for: it stands still while others have it. */
export function processorTimeMs(): number {
  return milliseconds(CLOCK_THREAD_CPUTIME_ID);
}

function milliseconds(clock: number): number {
  const [seconds, nanoseconds] = clockTime(clock);
  return seconds * 1000 + nanoseconds / 1e6;
}
