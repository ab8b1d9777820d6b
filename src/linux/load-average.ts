import { readFileSync } from "node:fs";

/** First line of /proc/loadavg, as Heartbeat's field `ld` carries it. */
export function loadAverage(): string {
  return readFileSync("/proc/loadavg", "utf8").trim();
}
