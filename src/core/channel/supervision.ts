import { unreachable } from "../../base/assert.ts";
import type { LogEffect, Step } from "../step.ts";
import { wellLimitMs } from "./lease.ts";

/**
 * The pulse keeps tandemd alive (safety.md 1): a child that does not say "I am well" is killed and
 * started again, and nothing else moves. Only when no start succeeds does the pulse give the service
 * up, so that the peer need not wait for a silence that never comes: we still beat.
 *
 *     starting ──configure──▶ running ──no word for max(1 s, D/4)──▶ killed ──gone──▶ starting
 *         └──── no configure in time ─────────────────────────────────▲
 */
export interface Supervision {
  readonly child: Child;
  /** Starts since a daemon last proved itself. */
  readonly starts: number;
  /** Since when no daemon has been well; undefined: one is. */
  readonly unwellSince: number | undefined;
  /** Some daemon has sent its settings: we have a part in the cluster. */
  readonly wasConfigured: boolean;
  /** What we held is given up until a daemon is well again. */
  readonly released: boolean;
  readonly stopAsked: boolean;
  /** tandemd has said `bye`: its end is ours. */
  readonly farewell: boolean;
}

type Child =
  | { readonly kind: "starting"; readonly since: number }
  | {
      readonly kind: "running";
      readonly since: number;
      readonly wellAt: number;
      /** It knows that the pulse was asked to end. */
      readonly knowsStop: boolean;
    }
  /** SIGKILL is sent. */
  | { readonly kind: "killed" }
  /** To be started then. */
  | { readonly kind: "gone"; readonly startAt: number };

export type SupervisionEvent =
  | { readonly kind: "start" }
  | { readonly kind: "check" }
  | { readonly kind: "configure" }
  | { readonly kind: "well" }
  | { readonly kind: "gone"; readonly code: number | undefined; readonly how: string }
  | { readonly kind: "stop" }
  | { readonly kind: "bye" }
  /** We slept: what the daemon said meanwhile comes now, and what it did not say proves nothing. */
  | { readonly kind: "stalled"; readonly lateMs: number };

export type SupervisionEffect =
  | LogEffect
  | { readonly kind: "start-daemon" }
  | { readonly kind: "kill-daemon" }
  | { readonly kind: "tell-stop" }
  /** Delete what we hold and say so in every beat. */
  | { readonly kind: "release"; readonly why: string }
  | { readonly kind: "exit"; readonly code: number };

/** A node's start on a busy machine takes seconds: so long until its settings must have come. */
const START_ALLOWANCE_MS = 10_000;
/**
 * With each start in a row there is twice the time, up to so many times: where the first was ended
 * for being slow, every other would be, and a slow machine would never have a daemon. Nobody waits
 * for it meanwhile: what is held is given up by its own deadline.
 */
const PATIENCE_MAX = 8;
/** A daemon that was ended is back within a second (product.md 4); a busy machine gets another one. */
const RESTART_MS = 2000;
/** Failed starts in a row after which the service is given up. */
const FAILED_STARTS_MAX = 3;
/** The pause before the next start doubles from the first to the last of these. */
const RESTART_PAUSE_MS = 250;
const RESTART_PAUSE_MAX_MS = 5000;
/** After `bye` a daemon that does not end is ended. */
const FAREWELL_MS = 5000;
/** The files cannot be used: starting again would not change them. */
export const CONFIGURATION_ERROR = 6;

export const UNSTARTED: Supervision = {
  child: { kind: "gone", startAt: 0 },
  starts: 0,
  unwellSince: undefined,
  wasConfigured: false,
  released: false,
  stopAsked: false,
  farewell: false,
};

type SupervisionStep = Step<Supervision, SupervisionEffect>;

/** `deadtimeMs`: ours, undefined before any settings; `holds`: whether the pulse renews an address. */
export interface Duty {
  readonly deadtimeMs: number | undefined;
  readonly holds: boolean;
}

export function supervise(
  state: Supervision,
  event: SupervisionEvent,
  duty: Duty,
  now: number,
): SupervisionStep {
  switch (event.kind) {
    case "start":
      return startChild({ ...state, unwellSince: now }, now);
    case "check":
      return check(state, duty, now);
    case "configure":
      return configured(state, now);
    case "well":
      return well(state, duty, now);
    case "gone":
      return gone(state, event, now);
    case "stop":
      return stop(state);
    case "bye":
      return [{ ...state, farewell: true, child: running(now) }, []];
    case "stalled":
      return [excuse(state, event.lateMs), []];
    default:
      return unreachable(event);
  }
}

/** When `check` is to come next. */
export function nextCheckAt(state: Supervision, duty: Duty): number {
  return Math.min(childDeadline(state, duty), releaseDeadline(state, duty));
}

function childDeadline(state: Supervision, duty: Duty): number {
  const { child, farewell } = state;
  switch (child.kind) {
    case "starting":
      return child.since + patience(state) * START_ALLOWANCE_MS;
    case "running":
      return child.wellAt + (farewell ? FAREWELL_MS : patience(state) * limitOf(duty));
    case "gone":
      return child.startAt;
    case "killed":
      return Infinity;
    default:
      return unreachable(child);
  }
}

/** 1 for a daemon that has proved itself, and for the first start. */
function patience({ starts }: Supervision): number {
  return Math.min(PATIENCE_MAX, 2 ** Math.max(0, starts - 1));
}

/**
 * Half of the peer's patience without a daemon that could hand over (safety.md 1). With a short
 * deadtime that is over before a hung daemon is even ended: the next one always has its time to
 * start, since an address that we renew is served meanwhile. One that came late has its time for a
 * first word too: it has just adopted what would be given up.
 */
function releaseDeadline(
  { child, released, unwellSince }: Supervision,
  { deadtimeMs, holds }: Duty,
): number {
  if (released || !holds || deadtimeMs === undefined || unwellSince === undefined) return Infinity;
  const limitMs = wellLimitMs(deadtimeMs);
  const due = unwellSince + Math.max(deadtimeMs / 2, limitMs + RESTART_MS);
  return child.kind === "running" ? Math.max(due, child.wellAt + limitMs) : due;
}

function limitOf({ deadtimeMs }: Duty): number {
  return deadtimeMs === undefined ? START_ALLOWANCE_MS : wellLimitMs(deadtimeMs);
}

function check(before: Supervision, duty: Duty, now: number): SupervisionStep {
  let state = before;
  const effects: SupervisionEffect[] = [];
  if (now >= releaseDeadline(state, duty)) {
    state = { ...state, released: true };
    effects.push(release("no tandemd has been well for half of deadtime"));
  }
  if (now < childDeadline(state, duty)) return [state, effects];
  const [next, more] = overdue(state, now);
  return [next, [...effects, ...more]];
}

function overdue(state: Supervision, now: number): SupervisionStep {
  const { child } = state;
  if (child.kind === "gone") return startChild(state, now);
  if (child.kind === "killed") return [state, []];
  const silentFor = now - (child.kind === "running" ? child.wellAt : child.since);
  const text = `tandemd has not answered for ${(silentFor / 1000).toFixed(1)} s: ending it`;
  const wellAt = child.kind === "running" ? child.wellAt : undefined;
  return [
    { ...state, child: { kind: "killed" }, unwellSince: state.unwellSince ?? wellAt ?? now },
    [{ kind: "log", level: "ERROR", text }, { kind: "kill-daemon" }],
  ];
}

function startChild(state: Supervision, now: number): SupervisionStep {
  const child = { kind: "starting", since: now } as const;
  return [{ ...state, child, starts: state.starts + 1 }, [{ kind: "start-daemon" }]];
}

function configured(state: Supervision, now: number): SupervisionStep {
  return [{ ...state, child: running(now), wasConfigured: true, released: false }, []];
}

function running(now: number): Child {
  return { kind: "running", since: now, wellAt: now, knowsStop: false };
}

/** A word after a while of running: this start has succeeded. */
function well(state: Supervision, duty: Duty, now: number): SupervisionStep {
  const { child } = state;
  if (child.kind !== "running" || state.farewell) return [state, []];
  const lasted = now - child.since >= limitOf(duty);
  return [
    {
      ...state,
      child: { ...child, wellAt: now, knowsStop: state.stopAsked },
      unwellSince: undefined,
      starts: lasted ? 0 : state.starts,
    },
    state.stopAsked && !child.knowsStop ? [{ kind: "tell-stop" }] : [],
  ];
}

function gone(
  state: Supervision,
  { code, how }: { code: number | undefined; how: string },
  now: number,
): SupervisionStep {
  if (state.farewell) return [state, [{ kind: "exit", code: 0 }]];
  if (code === CONFIGURATION_ERROR && !state.wasConfigured) {
    return [state, [{ kind: "exit", code: CONFIGURATION_ERROR }]];
  }
  if (state.stopAsked && (!state.wasConfigured || state.released)) {
    return [state, [log("info", "stopping without tandemd"), { kind: "exit", code: 0 }]];
  }
  const lastWell = state.child.kind === "running" ? state.child.wellAt : now;
  const pause = Math.min(RESTART_PAUSE_MAX_MS, RESTART_PAUSE_MS * 2 ** (state.starts - 1));
  const startAt = state.starts === 0 ? now : now + pause;
  const next: Supervision = {
    ...state,
    unwellSince: state.unwellSince ?? lastWell,
    child: { kind: "gone", startAt },
  };
  const [after, effects] = giveUpAfterFailures(next);
  return [after, [log("ERROR", `tandemd is gone (${how}): starting it again`), ...effects]];
}

function giveUpAfterFailures(state: Supervision): SupervisionStep {
  if (state.released || state.starts < FAILED_STARTS_MAX) return [state, []];
  const why = `${state.starts} starts of tandemd in a row have failed`;
  return [{ ...state, released: true }, state.wasConfigured ? [release(why)] : []];
}

function release(why: string): SupervisionEffect {
  return { kind: "release", why };
}

function stop(state: Supervision): SupervisionStep {
  if (state.stopAsked) return [state, [log("info", "stopping already: waiting for tandemd")]];
  const next = { ...state, stopAsked: true };
  if (state.child.kind === "running") {
    return [{ ...next, child: { ...state.child, knowsStop: true } }, [{ kind: "tell-stop" }]];
  }
  if (state.wasConfigured && !state.released) return [next, []];
  if (state.child.kind === "gone") return [next, [{ kind: "exit", code: 0 }]];
  return [{ ...next, child: { kind: "killed" } }, [{ kind: "kill-daemon" }]];
}

function excuse(state: Supervision, lateMs: number): Supervision {
  const { child, unwellSince } = state;
  const later = unwellSince === undefined ? undefined : unwellSince + lateMs;
  if (child.kind === "starting") {
    return { ...state, unwellSince: later, child: { ...child, since: child.since + lateMs } };
  }
  if (child.kind === "running") {
    return { ...state, unwellSince: later, child: { ...child, wellAt: child.wellAt + lateMs } };
  }
  return { ...state, unwellSince: later };
}

function log(level: LogEffect["level"], text: string): LogEffect {
  return { kind: "log", level, text };
}
