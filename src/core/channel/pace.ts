import type { MediumName } from "../../base/names.ts";
import type { MediumConfig } from "../../config/types.ts";
import { carries } from "./links.ts";
import { carrying } from "./media.ts";
import type { ChannelState } from "./state.ts";

/**
 * A 9600 baud line carries 960 B/s: one beat of 250 to 380 bytes keeps it for up to 0.4 s (safety.md
 * 8). While the peer is reached over such a line alone, beats come at most a quarter of that densely,
 * and the dead time that we announce leaves room for three of them: better a later takeover than a
 * false one.
 */
export interface Pace {
  readonly beatMs: number;
  /** What we announce: how long to wait for us. */
  readonly deadtimeMs: number;
}

/** A beat with its native fields at its longest; config/lifetime.ts computes with the same sum. */
const BEAT_BYTES_MAX = 380;
/** A longer message never uses a serial line: it would hold up the beats (safety.md 8). */
export const SERIAL_BYTES_MAX = 512;
/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;
const BEATS_OF_LINE = 4;
const BEATS_PER_DEADTIME = 3;

export function paceOf(state: ChannelState): Pace {
  const { keepaliveMs, deadtimeMs } = state.settings.timers;
  if (!isLineBound(state)) return { beatMs: keepaliveMs, deadtimeMs };
  const lineMs = lineMsOf(Math.max(...baudsOf(carriersOf(state))));
  const beatMs = Math.max(keepaliveMs, BEATS_OF_LINE * lineMs);
  return { beatMs, deadtimeMs: Math.max(deadtimeMs, BEATS_PER_DEADTIME * beatMs) };
}

/** Nothing but serial lines reaches the peer. */
export function isLineBound(state: ChannelState): boolean {
  const carriers = carriersOf(state);
  return carriers.length > 0 && baudsOf(carriers).length === carriers.length;
}

/** How long our longest message takes where nothing but serial lines reaches the peer; else undefined. */
export function boundLineMs(state: ChannelState): number | undefined {
  if (!isLineBound(state)) return undefined;
  return lineMsOf(Math.max(...baudsOf(carriersOf(state))), SERIAL_BYTES_MAX);
}

/** How long a beat takes on our slowest serial line; undefined: we have none. */
export function lineBeatMs(state: ChannelState): number | undefined {
  const bauds = baudsOf(state.settings.media);
  return bauds.length === 0 ? undefined : lineMsOf(Math.min(...bauds));
}

function baudsOf(media: readonly MediumConfig[]): readonly number[] {
  return media.flatMap((medium) => (medium.kind === "serial" ? [medium.baud] : []));
}

function lineMsOf(baud: number, bytes: number = BEAT_BYTES_MAX): number {
  return (bytes * BITS_PER_BYTE * 1000) / baud;
}

/** How soon after a line was found busy it is looked at again. */
export const ROOM_EVERY_MS = 50;

/**
 * No number is given to a beat that no medium has room for: the peer would miss it and ask for it
 * again over the very line that is full.
 */
export function hasRoom(state: ChannelState, busy: readonly MediumName[]): boolean {
  const carriers = carriersOf(state);
  return carriers.length === 0 || carriers.some((medium) => !busy.includes(medium.name));
}

/** The media that reach the peer, as far as we know: while none does, all that work here. */
function carriersOf(state: ChannelState): readonly MediumConfig[] {
  const takes = carrying(state.media);
  const working = state.settings.media.filter((medium) => takes.has(medium.name));
  const links = state.peers[0]?.links ?? [];
  const live = working.filter((medium) =>
    links.some((link) => link.medium === medium.name && carries(link)),
  );
  return live.length > 0 ? live : working;
}
