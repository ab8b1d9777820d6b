import type { MediumName } from "../../base/names.ts";
import type { Hearing } from "./hears.ts";
import type { LinkReport } from "./report.ts";

/**
 * A link is the peer over one medium. One direction we see ourselves: when a message last came in
 * there. The other only the peer knows, and tells in its beats.
 *
 * The hard case is a cable that is pulled or plugged: each side notices at a time of its own, and for a
 * beat or two the link looks one-way, which would send an operator after a firewall. So that is called
 * so only once it has lasted.
 */
export interface Link {
  readonly medium: MediumName;
  /** When a message last came in here; undefined: never. */
  readonly heardAt: number | undefined;
  /** The highest number heard here. A cable delivers in order: a lower one is a replay or was sent again. */
  readonly lastSeq: number | undefined;
  /** Heard here within the peer's dead time. */
  readonly isIn: boolean;
  /** The peer's newest beat says that it hears us here; undefined: it does not say. */
  readonly isNamed: boolean | undefined;
  /** Since when one of the two directions alone has worked; undefined: both do, or neither. */
  readonly oneWaySince: number | undefined;
  /** It has lasted, and is called so. */
  readonly isOneWay: boolean;
}

/**
 * How long one direction alone must work before it is called so: when a cable is pulled, the later of both
 * notices up to a beat after the other and says so with its next one; when it is plugged the first message
 * there needs a beat, and its answer another.
 */
const ONE_WAY_BEATS = 2;
/** A beat takes up to 0.4 s over a line of 9600 baud (safety.md 8), and so does its answer. */
const ONE_WAY_MS = 1_000;

export function silentLink(medium: MediumName): Link {
  return {
    medium,
    heardAt: undefined,
    lastSeq: undefined,
    isIn: false,
    isNamed: undefined,
    oneWaySince: undefined,
    isOneWay: false,
  };
}

/** A numbered message came in here. Undefined: this cable has already brought that number. */
export function hearOn(link: Link, seq: number, now: number): Link | undefined {
  if (link.lastSeq !== undefined && seq <= link.lastSeq) return undefined;
  return turned(link, { heardAt: now, lastSeq: seq, isIn: true }, now);
}

/** The peer began anew: its numbers do too. */
export function renumbered(link: Link): Link {
  return { ...link, lastSeq: undefined };
}

/**
 * What a native beat says of this link. Devices may be called differently over there: where it names
 * one that we do not have, nothing can be told about ours.
 */
export function named(
  link: Link,
  beat: { hears: readonly Hearing[]; ourMedia: readonly MediumName[] },
  now: number,
): Link {
  if (beat.hears.some(({ medium }) => medium === link.medium)) {
    return turned(link, { isNamed: true }, now);
  }
  const isForeign = beat.hears.some(({ medium }) => !beat.ourMedia.includes(medium));
  return turned(link, { isNamed: isForeign ? undefined : false }, now);
}

/** What a plain peer hears, nobody knows. */
export function unnamedByPlain(link: Link): Link {
  return { ...link, isNamed: undefined, oneWaySince: undefined, isOneWay: false };
}

/** The link at this time, to be asked for only when the sockets are empty. */
export function judgeLink(
  link: Link,
  limits: { expiry: number; beatMs: number; isPeerLost: boolean },
  now: number,
): Link {
  const isIn = link.isIn && now < limits.expiry;
  // What a peer said that is not heard any more is of the past.
  const isNamed = limits.isPeerLost && !isIn ? undefined : link.isNamed;
  const next = turned(link, { isIn, isNamed }, now);
  return { ...next, isOneWay: now >= oneWayAt(next, limits.beatMs) };
}

/** When the link may be judged otherwise unless something comes; Infinity: never. */
export function nextLinkVerdictAt(
  link: Link,
  { expiry, beatMs }: { expiry: number; beatMs: number },
): number {
  return Math.min(link.isIn ? expiry : Infinity, link.isOneWay ? Infinity : oneWayAt(link, beatMs));
}

/** When the link is dead unless something comes; Infinity: it was never alive. */
export function linkExpiry(link: Link, deadtimeMs: number, graceMs: number): number {
  return link.heardAt === undefined ? Infinity : link.heardAt + deadtimeMs + graceMs;
}

/** A message of ours, or one of the peer's, gets through there as far as we know. */
export function carries({ isIn, isNamed }: Link): boolean {
  return isIn || isNamed === true;
}

export function statusOf(link: Link): LinkReport["status"] {
  if (link.isIn) return link.isOneWay ? "in-only" : "up";
  return link.isOneWay ? "out-only" : "dead";
}

export function reportOf(link: Link, now: number): LinkReport {
  const ageMs = link.heardAt === undefined ? undefined : now - link.heardAt;
  return { medium: link.medium, status: statusOf(link), ageMs };
}

function oneWayAt({ oneWaySince }: Link, beatMs: number): number {
  return oneWaySince === undefined ? Infinity : oneWaySince + ONE_WAY_BEATS * beatMs + ONE_WAY_MS;
}

/** A direction may have changed: what lasts begins anew with each. */
function turned(link: Link, change: Partial<Link>, now: number): Link {
  const next = { ...link, ...change };
  const way = oneWay(next);
  if (way === oneWay(link)) return next;
  return { ...next, oneWaySince: way === undefined ? undefined : now, isOneWay: false };
}

/** Which direction alone works; undefined: both do, or neither, or the peer does not say. */
function oneWay({ isIn, isNamed }: Link): "in" | "out" | undefined {
  if (isIn) return isNamed === false ? "in" : undefined;
  return isNamed === true ? "out" : undefined;
}
