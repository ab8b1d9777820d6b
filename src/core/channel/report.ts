import type { MediumName, NodeName } from "../../base/names.ts";
import type { Message } from "../../wire/message.ts";

/**
 * What the channel tells the cluster machine: verdicts about the peer, and its messages as one
 * authentic stream without duplicates. All times are milliseconds of CLOCK_BOOTTIME, the one clock
 * that both processes share.
 */
export type ChannelReport =
  /** The peer's standing changed. Sent also once at start ("never-heard"). */
  | { readonly kind: "peer"; readonly peer: PeerReport }
  /** A link changed: the peer over one medium. */
  | { readonly kind: "link"; readonly node: NodeName; readonly link: LinkReport }
  /** What the peer says in its beats changed: its `st`, or its ownership words. */
  | {
      readonly kind: "beat";
      readonly node: NodeName;
      readonly st: string;
      readonly words: string | undefined;
    }
  /**
   * A message for us or for everybody, no NS_* type. `fresh`: native and naming our present session
   * (safety.md 8): only such a native message may be acted on. Plain messages are never fresh.
   */
  | {
      readonly kind: "message";
      readonly from: NodeName;
      readonly fresh: boolean;
      readonly message: Message;
    }
  /** A higher generation was heard: the peer's daemon is a new one. */
  | { readonly kind: "restart"; readonly node: NodeName; readonly generation: number }
  /** A ping node answers, or does not any more; also once at start ("unknown"). */
  | { readonly kind: "ping"; readonly ping: PingReport }
  /** We ourselves slept: verdicts are put off by so much. */
  | { readonly kind: "stalled"; readonly lateMs: number };

export interface PeerReport {
  readonly node: NodeName;
  /**
   * - `never-heard`: nothing yet, initdead not over
   * - `up`: heard within its warntime
   * - `late`: longer than warntime, shorter than dead time
   * - `suspect`: the probe should start now (safety.md 4: min(1 s, D/4) before D), still not dead
   * - `silent`: nothing for its announced dead time on media that work here (or initdead over without
   *   ever hearing it)
   * - `unjudged`: silent, but no medium worked here: no verdict about the peer before it is heard, or
   *   was silent for its dead time on media that work again
   */
  readonly liveness: "never-heard" | "up" | "late" | "suspect" | "silent" | "unjudged";
  /** It has named us in a list of whom it hears, lately: both directions work on some medium. */
  readonly hearsUs: boolean;
  /** How long ago the peer says it last heard us, by its newest beat; undefined when it never has. */
  readonly unheardMs: number | undefined;
  /** Heard, and it has acknowledged nothing since then: named when that is no accident any more. */
  readonly unacknowledgedSince: number | undefined;
  /** `plain`: it has beaten without saying that it is a Tandem node. */
  readonly dialect: "unknown" | "plain" | "native";
  /** When the last beat was received. Undefined: never. */
  readonly heardAt: number | undefined;
  /** Its announced dead time. */
  readonly deadtimeMs: number;
  readonly uuid: string | undefined;
  readonly generation: number;
  /** When its silence will be judged unless it is heard before. Undefined: nothing is to be judged, or no medium works here. */
  readonly silentAt: number | undefined;
  /** How long a message of ours keeps the line, where only serial lines reach the peer; else undefined. */
  readonly lineMs: number | undefined;
}

export interface LinkReport {
  readonly medium: MediumName;
  /** `in-only`: we hear it there, it does not hear us there; `out-only`: the reverse. */
  readonly status: "up" | "dead" | "in-only" | "out-only";
  /** Since we last heard it there; undefined: never. */
  readonly ageMs: number | undefined;
}

/** A host outside the pair, or several of which one must answer. */
export interface PingReport {
  /** The host as configured, or the group's name. */
  readonly node: string;
  readonly kind: "ping" | "ping_group";
  /** `unknown`: it has not answered yet, and its time is not over. */
  readonly status: "unknown" | "up" | "dead";
  /** When its last answer came, milliseconds of CLOCK_BOOTTIME. Undefined: never. */
  readonly answeredAt: number | undefined;
  /** What keeps us from asking it; empty: nothing. */
  readonly hindrance: string;
}

/** How a medium itself stands on this machine. */
export interface MediumReport {
  readonly medium: MediumName;
  readonly usable: boolean;
  /** `no carrier`, `cannot open /dev/ttyS1: ENOENT`; empty when all is well. */
  readonly detail: string;
}

/** What the pulse counts, sent along with each tick for the status. */
export interface ChannelSnapshot {
  readonly peers: readonly PeerReport[];
  readonly links: readonly { readonly node: NodeName; readonly link: LinkReport }[];
  readonly media: readonly MediumReport[];
  readonly pings: readonly PingReport[];
  /** What we announce to be judged by now: longer than deadtime over a slow line alone. */
  readonly announcedMs: { readonly beat: number; readonly deadtime: number };
  /** Packets thrown away, by reason (`bad-auth`, `replayed`, `unknown-node`, …). */
  readonly discarded: Readonly<Record<string, number>>;
}
