import type { MediumName } from "../../base/names.ts";
import type { Hearing } from "./hears.ts";
import type { LinkReport } from "./report.ts";

/**
 * A link is the peer over one medium. One direction we see ourselves: when a message last came in
 * there. The other only the peer knows, and tells in its beats.
 */
export interface Link {
  readonly medium: MediumName;
  readonly heardAt: number | undefined;
  /** The highest number heard here. A cable delivers in order: a lower one is a replay or was sent again. */
  readonly lastSeq: number | undefined;
  /** Heard here within the peer's dead time. */
  readonly isIn: boolean;
  /** How many of the peer's beats in a row did not name this medium; undefined: it does not say. */
  readonly unnamed: number | undefined;
}

/**
 * Beats in a row that must leave a medium out before we believe that the peer is deaf there: the
 * first ones after a start cross with ours.
 */
const UNNAMED_MAX = 2;

export function silentLink(medium: MediumName): Link {
  return { medium, heardAt: undefined, lastSeq: undefined, isIn: false, unnamed: undefined };
}

/** A numbered message came in here. Undefined: this cable has already brought that number. */
export function hearOn(link: Link, seq: number, now: number): Link | undefined {
  if (link.lastSeq !== undefined && seq <= link.lastSeq) return undefined;
  return { ...link, heardAt: now, lastSeq: seq, isIn: true };
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
  hears: readonly Hearing[],
  ourMedia: readonly MediumName[],
): Link {
  if (hears.some((hearing) => hearing.medium === link.medium)) return { ...link, unnamed: 0 };
  const foreign = hears.some((hearing) => !ourMedia.includes(hearing.medium));
  return { ...link, unnamed: foreign ? undefined : (link.unnamed ?? 0) + 1 };
}

/** What a plain peer hears, nobody knows. */
export function unnamedByPlain(link: Link): Link {
  return { ...link, unnamed: undefined };
}

/** When the link is dead unless something comes; Infinity: it is. */
export function linkExpiry(link: Link, deadtimeMs: number, graceMs: number): number {
  if (!link.isIn || link.heardAt === undefined) return Infinity;
  return link.heardAt + deadtimeMs + graceMs;
}

export function statusOf(link: Link): LinkReport["status"] {
  const namedByPeer = link.unnamed !== undefined && link.unnamed < UNNAMED_MAX;
  if (link.isIn) return link.unnamed === undefined || namedByPeer ? "up" : "in-only";
  return link.unnamed === 0 ? "out-only" : "dead";
}

export function reportOf(link: Link, now: number): LinkReport {
  const ageMs = link.heardAt === undefined ? undefined : now - link.heardAt;
  return { medium: link.medium, status: statusOf(link), ageMs };
}
