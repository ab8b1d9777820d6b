/**
 * A pulse beats on a grid of absolute times, a keepalive apart, and never before its time; a beat that is later than
 * its successor's turn takes that turn with it. We see arrivals only, so the grid is read off a calm while: most
 * beats of it are on time. Times are milliseconds and rise.
 */

/** What a beat on time may vary, and by how much the grid may be misread. */
const slackMs = 2;

/** A time on the grid: where most beats of a calm while came, counted in turns. */
export function gridOrigin(arrivals: readonly number[], keepaliveMs: number): number {
  const first = arrivals[0] ?? 0;
  const phases = arrivals.map((at) => (at - first) % keepaliveMs);
  let best = { phase: 0, count: 0 };
  for (const phase of phases) {
    const after = (other: number): number => (other - phase + keepaliveMs) % keepaliveMs;
    const count = phases.filter((other) => after(other) < slackMs).length;
    if (count > best.count) best = { phase, count };
  }
  return first + best.phase;
}

/** How late each beat was. Beats out of turn (the node had news) are no measure of anything and left out. */
export function latenessOf(
  arrivals: readonly number[],
  origin: number,
  keepaliveMs: number,
): readonly number[] {
  const lateness: number[] = [];
  const turnAt = (at: number): number => Math.floor((at - origin + slackMs) / keepaliveMs);
  let due: number | undefined;
  for (const at of arrivals) {
    due ??= turnAt(at);
    const lateMs = at - (origin + due * keepaliveMs);
    if (lateMs < -slackMs) continue;
    lateness.push(Math.max(0, lateMs));
    due = turnAt(at) + 1;
  }
  return lateness;
}
