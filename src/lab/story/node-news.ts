import type { Status } from "../../control/client/index.ts";

/** Heartbeat's log, where no directive of ha.cf names another. */
export const logFile = "/var/log/ha-log";

/** What is told of a node while it is watched. `at` is CLOCK_BOOTTIME in milliseconds. */
export type NodeNews =
  | { readonly kind: "status"; readonly at: number; readonly status: Status }
  /** There is no daemon to ask, and why; told at every attempt. */
  | { readonly kind: "down"; readonly at: number; readonly why: string }
  | { readonly kind: "log"; readonly at: number; readonly line: string };

/** A line of the log in its parts. */
export interface LogLine {
  /** When it was seen in the file, CLOCK_BOOTTIME in milliseconds: at most 25 ms after it was written. */
  readonly at: number;
  /** As Heartbeat names it: info, WARN, ERROR, … */
  readonly level: string;
  readonly text: string;
}

/** Heartbeat's line shape: `Nov 22 10:12:41 zeus.example.com tandem: [28]: info: what happened`. */
export function readLogLine(at: number, line: string): LogLine {
  const parts = /^\S+ +\d+ [\d:]+ \S+ \S+: \[\d+\]: (\w+): (.*)$/.exec(line);
  return { at, level: parts?.[1] ?? "", text: parts?.[2] ?? line };
}
