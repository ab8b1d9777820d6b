/** When a group may come home by itself (safety.md 6); how often anything may move by itself: budget.ts. */
import { patchGroup, type Turn, wallSeconds } from "./state.ts";

/** After a death the preferred node must have been up for this long before it is given its groups back. */
export const HOLD_OFF_AFTER_DEATH_MS = 60_000;
const HOUR_S = 3600;
const DAY_MS = 86_400_000;
/** Deaths remembered: enough to reach a day by doubling. */
export const DEATHS_MAX = 16;

/**
 * How long after its start the preferred node waits: nothing after a clean end; 60 s after a death;
 * after a second death within an hour 2 × initdead, then doubled up to a day.
 */
export function holdOffMs(options: {
  deaths: readonly number[];
  wallSeconds: number;
  initdeadMs: number;
}): number {
  const recent = recentDeaths(options.deaths, options.wallSeconds);
  if (recent === 0) return 0;
  if (recent === 1) return HOLD_OFF_AFTER_DEATH_MS;
  return Math.min(
    DAY_MS,
    Math.max(HOLD_OFF_AFTER_DEATH_MS, 2 * options.initdeadMs * 2 ** (recent - 2)),
  );
}

/** The unbroken run of deaths up to now, each within an hour of the next (or of now). */
function recentDeaths(deaths: readonly number[], wallSeconds: number): number {
  let later = wallSeconds;
  let count = 0;
  for (const death of deaths.toReversed()) {
    if (later - death > HOUR_S) break;
    later = death;
    count += 1;
  }
  return count;
}

/**
 * This node has lost a group that it did not give: it slept, was cut off, or was the stale one of two
 * owners. To its peer that was a death, and the group comes home as after one. What is lost within a
 * minute was lost to one failure.
 */
export function lostUngiven(turn: Turn, place: number): void {
  const second = Math.floor(wallSeconds(turn));
  const { deaths } = turn.state;
  const isAnother = second - (deaths.at(-1) ?? 0) > HOLD_OFF_AFTER_DEATH_MS / 1000;
  if (isAnother) turn.state = { ...turn.state, deaths: [...deaths, second].slice(-DEATHS_MAX) };
  turn.state = { ...turn.state, cameCleanly: false };
  patchGroup(turn, place, { failbackDue: true, ableSince: turn.now });
}
