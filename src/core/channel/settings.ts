import type { MediumName, NodeName } from "../../base/names.ts";
import type { MediumConfig, PingConfig, Timers } from "../../config/types.ts";

/** What the channel must know before its first beat. The pulse's settings without keys and encodings. */
export interface ChannelSettings {
  readonly self: NodeName;
  /** All configured nodes, ours included. */
  readonly nodes: readonly NodeName[];
  /** Ours, 32 hex digits. */
  readonly uuid: string;
  /** The peer's uuid once it was seen native, with its highest generation then (safety.md 8). */
  readonly pinned: Pin | undefined;
  readonly timers: Timers;
  readonly media: readonly MediumConfig[];
  readonly pings: PingConfig;
  readonly hopfudge: number;
}

/** A node that has once spoken the native dialect, and in which generation it last did. */
export interface Pin {
  readonly uuid: string;
  readonly generation: number;
}

/** The present, as far as a message needs it. */
export interface Moment {
  /** Milliseconds of CLOCK_BOOTTIME. */
  readonly now: number;
  /** time(2), for the field `ts`. */
  readonly wallSeconds: number;
  /** First line of /proc/loadavg, for the field `ld`. */
  readonly load: string;
  /** Media on which a former write has not gone out yet: a slow line. */
  readonly busy: readonly MediumName[];
}
