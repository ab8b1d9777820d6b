import type { MediumName } from "../../base/names.ts";
import type { MediumConfig } from "../../config/types.ts";
import type { LogEffect } from "../step.ts";
import type { MediumReport } from "./report.ts";

/** The cables on our side: silence counts only on those that work here (safety.md 4). */
export interface Media {
  readonly each: readonly Medium[];
  /** Since when at least one has worked without a break; undefined: none does. */
  readonly usableSince: number | undefined;
}

interface Medium {
  readonly medium: MediumName;
  /** What we send there comes back to us. */
  readonly hearsItself: boolean;
  readonly reported: boolean;
  readonly detail: string;
  /** Beats sent since our own voice was last heard here; undefined: it never was. */
  readonly unechoed: number | undefined;
  /** When something of it was last dropped unread; undefined: it is not flooded. */
  readonly unreadAt: number | undefined;
}

/**
 * A medium that once brought our own beats back and then so many not: it is deaf, by a firewall most
 * likely, and the peer's silence there says nothing. One that never brings them (unicast, multicast
 * without loop, a serial line) works as far as its carrier and its last write say.
 */
const UNECHOED_MAX = 2;

/**
 * A medium of which something was dropped unread carries what we send, but its silence says nothing: the
 * peer's beats may be among what was dropped. So long it must be read whole until it counts again.
 */
const READ_WHOLE_MS = 10_000;

export function closedMedia(configs: readonly MediumConfig[]): Media {
  const each = configs.map((config) => ({
    medium: config.name,
    hearsItself: config.kind === "bcast" || ("loop" in config && config.loop),
    reported: false,
    detail: "not open yet",
    unechoed: undefined,
    unreadAt: undefined,
  }));
  return { each, usableSince: undefined };
}

/** The media after new settings: those that stay keep their state. */
export function withMedia(media: Media, configs: readonly MediumConfig[], now: number): Media {
  const each = closedMedia(configs).each.map(
    (fresh) => media.each.find((old) => old.medium === fresh.medium) ?? fresh,
  );
  return settle({ ...media, each }, now);
}

export function mediumChanged(
  media: Media,
  change: { medium: MediumName; usable: boolean; detail: string },
  now: number,
): readonly [Media, readonly LogEffect[]] {
  const before = media.each.find((medium) => medium.medium === change.medium);
  if (before === undefined) return [media, []];
  const { usable, detail } = change;
  const each = replaced(media, change.medium, (old) => ({ ...old, reported: usable, detail }));
  const after = settle({ ...media, each }, now);
  if (before.reported === usable && before.detail === detail) return [after, []];
  return [after, [logOf(change.medium, usable, detail)]];
}

/** Our own message came back on this medium. */
export function echoed(
  media: Media,
  medium: MediumName,
  now: number,
): readonly [Media, readonly LogEffect[]] {
  const before = media.each.find((old) => old.medium === medium);
  if (before === undefined) return [media, []];
  const each = replaced(media, medium, (old) => ({ ...old, unechoed: 0 }));
  const after = settle({ ...media, each }, now);
  return [after, isDeaf(before) ? [logOf(medium, true, "hears itself again")] : []];
}

/** More came on this medium than could be read. */
export function unread(
  media: Media,
  medium: MediumName,
  now: number,
): readonly [Media, readonly LogEffect[]] {
  const before = media.each.find((old) => old.medium === medium);
  if (before === undefined) return [media, []];
  // That our own voice was not heard is explained by it.
  const each = replaced(media, medium, (old) => {
    return { ...old, unreadAt: now, unechoed: old.unechoed && 0 };
  });
  const logs = before.unreadAt === undefined ? [logOf(medium, false, FLOODED)] : [];
  return [settle({ ...media, each }, now), logs];
}

/** A beat goes out on every medium. */
export function beaten(media: Media, now: number): readonly [Media, readonly LogEffect[]] {
  const [read, logs] = calmed(media, now);
  const [after, deaf] = unechoed(read, now);
  return [after, [...logs, ...deaf]];
}

function calmed(media: Media, now: number): readonly [Media, readonly LogEffect[]] {
  const isOver = ({ unreadAt }: Medium): boolean =>
    unreadAt !== undefined && now - unreadAt >= READ_WHOLE_MS;
  const over = media.each.filter(isOver);
  if (over.length === 0) return [media, []];
  const each = media.each.map((medium) =>
    isOver(medium) ? { ...medium, unreadAt: undefined } : medium,
  );
  const logs = over.map(({ medium }) => logOf(medium, true, "all that comes is read again"));
  return [settle({ ...media, each }, now), logs];
}

/** Of a flooded medium our own voice may have been dropped. */
function unechoed(media: Media, now: number): readonly [Media, readonly LogEffect[]] {
  const each = media.each.map((medium) =>
    medium.unechoed === undefined || !medium.hearsItself || !medium.reported || isFlooded(medium)
      ? medium
      : { ...medium, unechoed: medium.unechoed + 1 },
  );
  const deafened = each.filter((medium, index) => {
    const before = media.each[index];
    return isDeaf(medium) && before !== undefined && !isDeaf(before);
  });
  const logs = deafened.map(({ medium }) => logOf(medium, false, DEAF));
  return [settle({ ...media, each }, now), logs];
}

export function mediaReport(media: Media): readonly MediumReport[] {
  return media.each.map((medium) => ({
    medium: medium.medium,
    usable: isUsable(medium),
    detail: detailOf(medium),
  }));
}

/** The media that take what we send, as far as we know: also one that is flooded. */
export function carrying(media: Media): ReadonlySet<MediumName> {
  return new Set(media.each.filter(isCarrying).map(({ medium }) => medium));
}

function detailOf(medium: Medium): string {
  if (!medium.reported) return medium.detail;
  if (isFlooded(medium)) return FLOODED;
  return isDeaf(medium) ? DEAF : medium.detail;
}

const FLOODED =
  "flooded: more comes than a quarter of a processor can judge, and the rest is dropped unread, the peer's beats among it";

const DEAF =
  "our own broadcasts no longer come back: a firewall may drop them (allow the udpport there)";

function isDeaf(medium: Medium): boolean {
  return medium.unechoed !== undefined && medium.unechoed > UNECHOED_MAX;
}

function isFlooded({ unreadAt }: Medium): boolean {
  return unreadAt !== undefined;
}

function isCarrying(medium: Medium): boolean {
  return medium.reported && !isDeaf(medium);
}

function isUsable(medium: Medium): boolean {
  return isCarrying(medium) && !isFlooded(medium);
}

function settle(media: Media, now: number): Media {
  if (!media.each.some(isUsable)) return { ...media, usableSince: undefined };
  return media.usableSince === undefined ? { ...media, usableSince: now } : media;
}

function replaced(
  media: Media,
  name: MediumName,
  change: (old: Medium) => Medium,
): readonly Medium[] {
  return media.each.map((old) => (old.medium === name ? change(old) : old));
}

function logOf(medium: MediumName, usable: boolean, detail: string): LogEffect {
  const why = detail === "" ? "" : `: ${detail}`;
  return usable
    ? { kind: "log", level: "info", text: `medium ${medium} works${why}` }
    : { kind: "log", level: "WARN", text: `medium ${medium} does not work${why}` };
}
