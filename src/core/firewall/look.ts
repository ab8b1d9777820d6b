import type { MediumName } from "../../base/names.ts";
import type { LinkReport } from "../channel/report.ts";

/**
 * What keeps the heartbeats of one medium from one side to the other, told from looks beside the sockets:
 * what came to the interface and was not heard, what was sent and did not leave it. A single look proves
 * nothing, since the sockets and the reports are read at different moments; several in a row do.
 */
export interface Obstacle {
  readonly medium: MediumName;
  /** Seen from here: what the peer sends, or what we send. */
  readonly direction: "in" | "out";
  readonly cause: Cause;
}

export type Cause =
  /** in: it comes to the interface, and no socket of ours gets it. */
  | "dropped-here"
  /** in: the peer hears us there, and nothing of it comes to the interface. */
  | "nothing-arrives"
  /** out: the kernel refuses to send (EPERM). */
  | "refused-here"
  /** out: the kernel takes it, and it does not leave the interface. */
  | "stuck-here"
  /** out: it leaves the interface, and the peer says that it does not hear us there. */
  | "dropped-there";

/** What one look found of a medium since the look before. */
export interface Sight {
  readonly medium: MediumName;
  /** The peer over this medium, as the channel has it. */
  readonly link: LinkReport;
  /** The peer is heard on another medium: it lives. */
  readonly isHeardElsewhere: boolean;
  readonly usable: boolean;
  /** The kernel refuses what we send there, for want of permission. */
  readonly isRefused: boolean;
  /** A message of the peer came to the interface that should have been heard; undefined: nobody looked. */
  readonly arrived: boolean | undefined;
  /** Something of ours left the interface; undefined: nobody looked. */
  readonly left: boolean | undefined;
}

export interface Pace {
  /** How often we beat now, and the peer about as often. */
  readonly beatMs: number;
  readonly warntimeMs: number;
}

/** What is remembered of a medium between looks. */
interface Watched {
  readonly medium: MediumName;
  /** By the clock of `now`; undefined: never heard. */
  readonly heardAt: number | undefined;
  /** Looks that saw the peer's messages come since it was last heard, and when the last did. */
  readonly arrivals: number;
  readonly arrivedAt: number;
  /** Since when the inward look has seen nothing come of a peer that lives and hears us. */
  readonly emptySince: number | undefined;
  /** Looks in a row in which the kernel refused. */
  readonly refusals: number;
  /** Since when the outward look has seen nothing leave that should have. */
  readonly stuckSince: number | undefined;
  /** Looks that saw ours leave while the peer said that it does not hear us. */
  readonly departures: number;
}

export type Firewall = readonly Watched[];

export const UNWATCHED: Firewall = [];

/** Where to look until the next time: an open packet socket costs a little, and tells only of trouble. */
export interface Wish {
  readonly medium: MediumName;
  readonly in: boolean;
  readonly out: boolean;
}

export interface Looked {
  readonly firewall: Firewall;
  readonly obstacles: readonly Obstacle[];
  readonly wishes: readonly Wish[];
}

/** Looks of a kind before anything is said: the first ones cross with what the channel hears. */
const LOOKS_MIN = 3;
/** The peer's own word needs less: it has taken its dead time to say that it does not hear us. */
const DEPARTURES_MIN = 2;
/** Beats that must fail to appear where silence has been noticed before, and at least so long. */
const BEATS_MISSED_MIN = 2;
const MISSED_MIN_MS = 3000;
/** What was seen to be dropped is said so long after the last time: the peer may have been switched off. */
const ARRIVAL_HOLDS_MS = 30_000;

/** Takes in one look at every medium that has an interface; a medium that is not among them is forgotten. */
export function look(before: Firewall, sights: readonly Sight[], pace: Pace, now: number): Looked {
  const firewall = sights.map((sight) => {
    const old = before.find((watched) => watched.medium === sight.medium);
    return watchedAfter(old ?? unwatched(sight.medium), sight, now);
  });
  const obstacles = firewall.flatMap((watched, index) => {
    const sight = sights[index];
    return sight === undefined ? [] : obstaclesOf(watched, sight, pace, now);
  });
  return { firewall, obstacles, wishes: sights.map((sight) => wishOf(sight, pace)) };
}

function unwatched(medium: MediumName): Watched {
  return {
    medium,
    heardAt: undefined,
    arrivals: 0,
    arrivedAt: -Infinity,
    emptySince: undefined,
    refusals: 0,
    stuckSince: undefined,
    departures: 0,
  };
}

function watchedAfter(old: Watched, sight: Sight, now: number): Watched {
  const { link, arrived, left } = sight;
  const heardAt = link.ageMs === undefined ? undefined : now - link.ageMs;
  const isHeard = heardAt !== undefined && heardAt > (old.heardAt ?? -Infinity) + SAME_MS;
  // A peer that has just died may be heard on another medium a moment longer: only the time since counts.
  const isAwaited = link.status === "out-only" && sight.isHeardElsewhere;
  const isStuck = left === false && sight.usable;
  return {
    medium: old.medium,
    heardAt: isHeard ? heardAt : old.heardAt,
    arrivals: isHeard || arrived === undefined ? 0 : old.arrivals + (arrived ? 1 : 0),
    arrivedAt: arrived === true ? now : old.arrivedAt,
    emptySince: isAwaited && arrived === false ? (old.emptySince ?? now) : undefined,
    refusals: sight.isRefused ? old.refusals + 1 : 0,
    stuckSince: isStuck ? (old.stuckSince ?? now) : undefined,
    departures: link.status === "in-only" ? old.departures + (left === true ? 1 : 0) : 0,
  };
}

/** A time made of an age is off by a rounding error: less than this is the same message. */
const SAME_MS = 1;

function obstaclesOf(
  watched: Watched,
  { medium }: Sight,
  { beatMs }: Pace,
  now: number,
): readonly Obstacle[] {
  const missedMs = Math.max(MISSED_MIN_MS, BEATS_MISSED_MIN * beatMs);
  const isLong = (since: number | undefined) => since !== undefined && now - since >= missedMs;
  const obstacles: Obstacle[] = [];
  const arrivalHoldsMs = Math.max(ARRIVAL_HOLDS_MS, 2 * missedMs);
  if (watched.arrivals >= LOOKS_MIN && now - watched.arrivedAt <= arrivalHoldsMs) {
    obstacles.push({ medium, direction: "in", cause: "dropped-here" });
  } else if (isLong(watched.emptySince)) {
    obstacles.push({ medium, direction: "in", cause: "nothing-arrives" });
  }
  if (watched.refusals >= LOOKS_MIN) {
    obstacles.push({ medium, direction: "out", cause: "refused-here" });
  } else if (isLong(watched.stuckSince)) {
    obstacles.push({ medium, direction: "out", cause: "stuck-here" });
  } else if (watched.departures >= DEPARTURES_MIN) {
    obstacles.push({ medium, direction: "out", cause: "dropped-there" });
  }
  return obstacles;
}

/**
 * Inward wherever the peer is not heard as it should be: a firewall may be all that it died of. Outward
 * only where it lives and does not hear us, for all we know.
 */
function wishOf({ medium, link, isHeardElsewhere }: Sight, { warntimeMs }: Pace): Wish {
  const isSilent = link.status === "dead" || link.status === "out-only";
  const isLate = link.ageMs === undefined || link.ageMs > warntimeMs;
  return {
    medium,
    in: isSilent || isLate,
    out: link.status === "in-only" || (link.status === "dead" && isHeardElsewhere),
  };
}
