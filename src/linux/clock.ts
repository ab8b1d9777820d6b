import { clockTime } from "./sys.ts";

const CLOCK_BOOTTIME = 7;

/**
 * Milliseconds of CLOCK_BOOTTIME, fractional: monotonic, counts a suspended machine's sleep, the
 * same for every process of one boot. performance.now() stands still while the machine sleeps.
 */
export function bootTimeMs(): number {
  const [seconds, nanoseconds] = clockTime(CLOCK_BOOTTIME);
  return seconds * 1000 + nanoseconds / 1e6;
}
