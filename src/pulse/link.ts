import type { GroupName, NodeName } from "../base/names.ts";
import type { AuthKeys, MediumConfig, PingConfig, Timers } from "../config/types.ts";
import type { ChannelReport, ChannelSnapshot } from "../core/channel/report.ts";
import type { LogLevel } from "../core/step.ts";
import type { Field } from "../wire/message.ts";

/**
 * The messages between pulse and tandemd, over the child's IPC channel (JSON). All times are
 * milliseconds of CLOCK_BOOTTIME.
 */
export type ToPulse =
  /** First of all: the pulse reads no file. Sent again by a new tandemd; an equal one changes nothing. */
  | { readonly kind: "configure"; readonly settings: PulseSettings }
  /** Answer to each tick: "I am well". */
  | { readonly kind: "well" }
  /** Send to the cluster on every medium. Standard fields (src, seq, hg, ts, …) are added by the channel. */
  | { readonly kind: "send"; readonly fields: readonly Field[] }
  /** What our beats say from now on: Heartbeat's `st`, and our ownership words (opaque to the channel). */
  | { readonly kind: "say"; readonly st: "up" | "active"; readonly words: string }
  /** The addresses to renew from now on, the whole list. */
  | { readonly kind: "hold"; readonly leases: readonly Lease[] }
  /** Clean end: everything is released and said. The pulse sends nothing more, forgets /run and exits. */
  | { readonly kind: "bye" };

export type FromPulse =
  /** Answer to `configure`. */
  | {
      readonly kind: "hello";
      readonly session: string;
      readonly generation: number;
      readonly realtime: string;
    }
  /** Each tick of the pulse: "I am well". Not heard for two ticks: tandemd ends itself. */
  | {
      readonly kind: "tick";
      /** When it was: it may have waited in a queue of ours. */
      readonly at: number;
      readonly tickMs: number;
      readonly snapshot: ChannelSnapshot;
    }
  | ChannelReport
  /** The pulse gave a lease up by itself: renewal too late, refused by the kernel, or a verified higher claim. */
  | { readonly kind: "lease-lost"; readonly group: GroupName; readonly why: string }
  | { readonly kind: "log"; readonly level: LogLevel; readonly text: string }
  /** Somebody asked the pulse to end (SIGTERM): stop cleanly, then say `bye`. */
  | { readonly kind: "stop" };

export interface PulseSettings {
  readonly self: NodeName;
  /** All configured nodes, ours included. */
  readonly nodes: readonly NodeName[];
  /** 32 hex digits. */
  readonly uuid: string;
  /** The highest generation that tandemd has on disk; 0 when none. The pulse takes a higher one. */
  readonly storedGeneration: number;
  /** The peer's uuid once it was seen native, with its highest generation then (safety.md 8). */
  readonly pinned: { readonly uuid: string; readonly generation: number } | undefined;
  readonly timers: Timers;
  readonly media: readonly MediumConfig[];
  /** Places in haresources of groups that must never run on two nodes. */
  readonly exclusive: readonly number[];
  readonly pings: PingConfig;
  readonly keys: AuthKeys;
  readonly hopfudge: number;
  readonly msgfmt: "classic" | "netstring";
  readonly realtime: boolean;
}

/** One address that the kernel takes away by itself unless it is renewed (safety.md 2). */
export interface Lease {
  readonly group: GroupName;
  /** The group's place in haresources: its place among the claims of a beat (core/claim.ts). */
  readonly groupIndex: number;
  readonly interface: string;
  readonly address: string;
  /** As it was added: 32 where the machine has that subnet already. */
  readonly prefix: number;
  readonly broadcast: string | undefined;
  readonly label: string | undefined;
  readonly lifetimeS: number;
  /** When it was added or last renewed. */
  readonly renewedAt: number;
  /** Number of the epoch it is held under. */
  readonly epoch: number;
}
