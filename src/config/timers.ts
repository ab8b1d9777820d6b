import type { HaCfDraft, TimeName } from "./draft.ts";
import type { Findings } from "./findings.ts";
import { addressLifetimeMs, watchdogMs } from "./lifetime.ts";
import type { Span } from "./source.ts";
import type { Timers } from "./types.ts";

const NAMES: readonly TimeName[] = ["keepalive", "deadtime", "warntime", "initdead"];

/**
 * The times of ha.cf with their defaults, and whether they go together. A time that could not be
 * read is reported already: the sums with its default would only confuse.
 */
export function timersOf(
  draft: HaCfDraft,
  failed: ReadonlySet<string>,
  findings: Findings,
): Timers {
  const timers = withDefaults(draft);
  if (NAMES.some((name) => failed.has(name))) return timers;
  if (timers.keepaliveMs === 0) {
    findings.error(placeOf(draft, "keepalive"), "keepalive-zero", "keepalive is 0");
    return timers;
  }
  checkWarning(draft, timers, findings);
  checkDeath(draft, timers, findings);
  checkStart(draft, timers, findings);
  if (timers.deadtimeMs > 2 * timers.keepaliveMs) explainSums(draft, timers, findings);
  return timers;
}

/** config.md 1.2. */
function withDefaults({ times }: HaCfDraft): Timers {
  const keepaliveMs = times.keepalive?.value ?? 1000;
  const deadtimeMs = times.deadtime?.value ?? 30_000;
  return {
    keepaliveMs,
    deadtimeMs,
    warntimeMs: times.warntime?.value ?? Math.round(deadtimeMs / 2),
    initdeadMs: times.initdead?.value ?? initdeadFor(deadtimeMs),
  };
}

function initdeadFor(deadtimeMs: number): number {
  if (deadtimeMs > 10_000) return deadtimeMs;
  return deadtimeMs >= 6000 ? 2 * deadtimeMs : 12_000;
}

function checkWarning(draft: HaCfDraft, timers: Timers, findings: Findings): void {
  const at = placeOf(draft, "warntime");
  if (timers.warntimeMs === 0) findings.error(at, "warntime-zero", "warntime is 0");
  if (timers.warntimeMs > timers.deadtimeMs)
    findings.warning(
      at,
      "warntime-over-deadtime",
      `warntime ${seconds(timers.warntimeMs)} is longer than deadtime ${seconds(timers.deadtimeMs)}`,
      `Write \`warntime ${timers.deadtimeMs / 2000}\`.`,
    );
}

function checkDeath(draft: HaCfDraft, timers: Timers, findings: Findings): void {
  const { keepaliveMs, deadtimeMs } = timers;
  const at = placeOf(draft, "deadtime", "keepalive");
  const deadping = draft.times.deadping;
  if (deadtimeMs <= 2 * keepaliveMs)
    findings.error(
      at,
      "deadtime-too-short",
      `deadtime ${seconds(deadtimeMs)} is not more than 2 × keepalive ${seconds(keepaliveMs)}`,
      `Write \`deadtime ${(4 * keepaliveMs) / 1000}\` or more.`,
    );
  else if (deadtimeMs - keepaliveMs < 1500)
    findings.hint(
      at,
      "lifetime-too-coarse",
      `deadtime ${seconds(deadtimeMs)} − keepalive ${seconds(keepaliveMs)} is less than 1.5 s: too little for a lifetime in whole seconds`,
    );
  if (deadping !== undefined && deadping.value <= 2 * keepaliveMs)
    findings.error(
      deadping.at,
      "deadping-too-short",
      `deadping ${seconds(deadping.value)} is not more than 2 × keepalive ${seconds(keepaliveMs)}`,
    );
}

function checkStart(draft: HaCfDraft, timers: Timers, findings: Findings): void {
  const { initdeadMs, deadtimeMs } = timers;
  const at = placeOf(draft, "initdead", "deadtime");
  if (initdeadMs < deadtimeMs)
    findings.error(
      at,
      "initdead-too-short",
      `initdead ${seconds(initdeadMs)} is shorter than deadtime ${seconds(deadtimeMs)}`,
      `Write \`initdead ${Math.max(deadtimeMs, 10_000) / 1000}\` or more.`,
    );
  else if (initdeadMs < 10_000)
    findings.warning(
      at,
      "initdead-small",
      `initdead ${seconds(initdeadMs)} is less than 10 s: a network that comes late looks like a dead peer`,
    );
}

/** The arithmetic in the open (safety.md 2): what the times mean for a machine that hangs. */
function explainSums(draft: HaCfDraft, timers: Timers, findings: Findings): void {
  const { keepaliveMs, deadtimeMs } = timers;
  const at = placeOf(draft, "deadtime", "keepalive");
  const sum = `deadtime ${seconds(deadtimeMs)} − keepalive ${seconds(keepaliveMs)} − 0.5 s = ${seconds(deadtimeMs - keepaliveMs - 500)}`;
  const lifetimeMs = addressLifetimeMs(timers);
  findings.hint(
    at,
    "lifetime-sum",
    `${sum}: an address leaves a machine that hangs ${seconds(lifetimeMs)} after its last renewal`,
  );
  if (draft.watchdog === undefined) return;
  const fires = watchdogMs(timers);
  findings.hint(
    draft.watchdog.at,
    "watchdog-sum",
    fires === undefined
      ? `${sum}: no whole second is left for the watchdog`
      : `${sum}: the watchdog's time is ${seconds(fires)}`,
  );
}

function placeOf(draft: HaCfDraft, ...names: readonly TimeName[]): Span | undefined {
  return names.map((name) => draft.times[name]?.at).find((at) => at !== undefined);
}

/** `1.5 s`, as a person says it. */
export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(3))} s`;
}
