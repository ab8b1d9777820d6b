import type { PeerReport } from "./report.ts";

/**
 * Is the peer alive? Its beats say so, and its other messages as long as it counts as alive, for the
 * dead time that it announces itself.
 *
 * Silence is measured on our side of the cable, so everything that keeps *us* from hearing must not
 * count: our own stalls are added to the deadline (`graceMs`), a deadline that has passed is judged
 * only after the sockets have been emptied (platform.md 4), and time in which no medium works here is
 * no silence at all (safety.md 4).
 *
 *     never-heard ──beat──▶ up ──warntime──▶ late ──D − lead──▶ suspect ──D──▶ silent
 *          └──────────────── initdead ─────────────────────────▲               (or unjudged: no
 *     any of them ──beat──▶ up                                                  medium works here)
 */
export interface Liveness {
  readonly verdict: PeerReport["liveness"];
  /** When the last sign of life was received; undefined: none in this pulse's life. */
  readonly heardAt: number | undefined;
  /** What the peer announces; before that our own. */
  readonly deadtimeMs: number;
  /** A peer never heard is silent from here on. */
  readonly expectedBy: number;
  /** How long we ourselves have slept since the last beat. */
  readonly graceMs: number;
}

/** A verdict on silence needs a probe first: it starts so long before, at most a quarter of D (safety.md 4). */
const LEAD_MS = 1000;
/** A peer that announces more is judged by this: nobody shall be able to forbid a takeover for ever. */
const DEADTIME_MAX_MS = 600_000;

/**
 * The dead time to judge a peer by that announces this one: within sane bounds. One that beats as we do
 * and announces no more than a keepalive would die between its beats: there we wait for as long as we
 * would be waited for. A shorter one than ours is fine: times are changed one node at a time.
 */
export function saneDeadtime(announcedMs: number, own: OwnTimes): number {
  if (announcedMs <= own.keepaliveMs) return own.deadtimeMs;
  return Math.min(DEADTIME_MAX_MS, announcedMs);
}

interface OwnTimes {
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
}

export function leadMs(deadtimeMs: number): number {
  return Math.min(LEAD_MS, deadtimeMs / 4);
}

export function neverHeard(deadtimeMs: number, expectedBy: number): Liveness {
  return { verdict: "never-heard", heardAt: undefined, deadtimeMs, expectedBy, graceMs: 0 };
}

/** A beat came, or another new message. */
export function heard(liveness: Liveness, deadtimeMs: number, now: number): Liveness {
  return { ...liveness, verdict: "up", heardAt: now, deadtimeMs, graceMs: 0 };
}

/** We slept: what the peer said meanwhile may be lost. */
export function excused(liveness: Liveness, sleptMs: number): Liveness {
  return { ...liveness, graceMs: liveness.graceMs + sleptMs };
}

/** What the verdicts depend on beside the peer itself. */
export interface Circumstances {
  readonly warntimeMs: number;
  /** Since when some medium has worked here without a break; undefined: none does. */
  readonly usableSince: number | undefined;
}

/** When the peer's silence is long enough. Infinity: as long as no medium works here, never. */
export function deadlineOf(liveness: Liveness, circumstances: Circumstances): number {
  const { usableSince } = circumstances;
  if (usableSince === undefined) return Infinity;
  return Math.max(expiryOf(liveness), usableSince + liveness.deadtimeMs);
}

function expiryOf({ heardAt, expectedBy, deadtimeMs, graceMs }: Liveness): number {
  return (heardAt === undefined ? expectedBy : heardAt + deadtimeMs) + graceMs;
}

/**
 * When the silence will be judged: as silence where some medium works here, as "no verdict" where
 * none does. The probe before it starts a lead earlier in both cases.
 */
function judgedAt(liveness: Liveness, circumstances: Circumstances): number {
  return circumstances.usableSince === undefined
    ? expiryOf(liveness)
    : deadlineOf(liveness, circumstances);
}

/** The verdict at this time, to be asked for only when the sockets are empty. */
export function judge(
  liveness: Liveness,
  circumstances: Circumstances,
  now: number,
): Liveness["verdict"] {
  const { verdict, heardAt } = liveness;
  if (verdict === "silent") return verdict;
  const deadline = judgedAt(liveness, circumstances);
  if (now >= deadline) return circumstances.usableSince === undefined ? "unjudged" : "silent";
  if (verdict === "unjudged") return verdict;
  if (now >= deadline - leadMs(liveness.deadtimeMs)) return "suspect";
  if (heardAt === undefined) return "never-heard";
  return now >= lateAt(heardAt, liveness, circumstances) ? "late" : "up";
}

function lateAt(heardAt: number, liveness: Liveness, circumstances: Circumstances): number {
  return heardAt + circumstances.warntimeMs + liveness.graceMs;
}

/** The next time at which `judge` may say something else; Infinity: only an event can change it. */
export function nextVerdictAt(liveness: Liveness, circumstances: Circumstances): number {
  const deadline = judgedAt(liveness, circumstances);
  switch (liveness.verdict) {
    case "silent":
      return Infinity;
    case "unjudged":
      return deadlineOf(liveness, circumstances);
    case "suspect":
      return deadline;
    default: {
      const late =
        liveness.verdict === "up" && liveness.heardAt !== undefined
          ? lateAt(liveness.heardAt, liveness, circumstances)
          : Infinity;
      return Math.min(late, deadline - leadMs(liveness.deadtimeMs));
    }
  }
}
