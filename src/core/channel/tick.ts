/**
 * The tick after `now`, on a grid that the beat at `beatAt` lies on: every beat is a tick, so that the
 * renewal comes right before it (safety.md 2).
 */
export function nextTickAt(beatAt: number, tickMs: number, now: number): number {
  const before = Math.max(0, Math.ceil((beatAt - now) / tickMs) - 1);
  const at = beatAt - before * tickMs;
  return at > now ? at : now + tickMs;
}
