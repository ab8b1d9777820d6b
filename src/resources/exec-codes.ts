import type { Outcome } from "./resource.ts";

/**
 * Exit codes of init scripts, from the Linux Standard Base Core Specification 5.0, chapter 22.2
 * "Init Script Actions". Code 7 as an answer to `status` is no LSB code but OCF's "not running":
 * Heartbeat's own resource scripts are wrappers of OCF agents and hand it through (config.md 3.3).
 */
export function stateOfStatusCode(code: number | undefined): Outcome["state"] {
  return (code === undefined ? undefined : STATUS_CODES[code]?.state) ?? "unknown";
}

/** What the specification says of a `status` code; empty for 0 and for codes it does not name. */
export function wordsOfStatusCode(code: number | undefined): string {
  return (code === undefined ? undefined : STATUS_CODES[code]?.words) ?? "";
}

const STATUS_CODES: Readonly<Record<number, { state: Outcome["state"]; words: string }>> = {
  0: { state: "running", words: "" },
  1: { state: "stopped", words: "program is dead and its pid file exists" },
  2: { state: "stopped", words: "program is dead and its lock file exists" },
  3: { state: "stopped", words: "" },
  4: { state: "unknown", words: "program or service status is unknown" },
  7: { state: "stopped", words: "" },
};

/** What the specification says of the exit code of start and stop; empty for codes it does not name. */
export function wordsOfActionCode(code: number | undefined): string {
  return (code === undefined ? undefined : ACTION_CODES[code]) ?? "";
}

const ACTION_CODES: Readonly<Record<number, string>> = {
  1: "generic or unspecified error",
  2: "invalid or excess arguments",
  3: "unimplemented feature",
  4: "user had insufficient privilege",
  5: "program is not installed",
  6: "program is not configured",
  7: "program is not running",
};

/** `stop` of what does not run is a success (22.2); some scripts say "not installed" or "not running" all the same. */
export function saysItDidNotRun(code: number | undefined): boolean {
  return code === 5 || code === 7;
}
