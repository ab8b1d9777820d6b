import type { LinkReport, MediumReport } from "../channel/report.ts";
import type { Note } from "./group.ts";

/** `tandem status --json` (product.md 3): stable for machines. */
export interface Status {
  readonly schema: "tandem.status/1";
  readonly node: string;
  readonly state: "starting" | "up" | "active" | "stopping";
  /** One line: what an operator should know. */
  readonly verdict: string;
  /** healthy 0, degraded 1, unowned 2 (a group has no owner, or two). The exit code of `tandem status`. */
  readonly health: "healthy" | "degraded" | "unowned";
  readonly degraded: readonly string[];
  readonly nodes: readonly NodeStatus[];
  readonly groups: readonly GroupStatus[];
  readonly media: readonly MediumReport[];
  /** Hosts outside the pair, in the order of ha.cf. */
  readonly pings: readonly PingStatus[];
  readonly discarded: Readonly<Record<string, number>>;
  readonly realtime: string;
  /** What is configured and not run by this version. */
  readonly notRun: readonly string[];
}

export interface NodeStatus {
  readonly name: string;
  readonly status: string;
  readonly dialect: "unknown" | "plain" | "native" | "self";
  /**
   * When the last beat of this node was received, milliseconds of CLOCK_BOOTTIME: what a takeover on
   * silence counts from. Undefined: never, or it is this node itself.
   */
  readonly heardAtMs: number | undefined;
  readonly links: readonly LinkReport[];
}

export interface PingStatus {
  /** The host as configured, or the group's name. */
  readonly name: string;
  readonly kind: "ping" | "ping_group";
  /** `unknown`: it has not answered yet, and its time is not over. */
  readonly status: "unknown" | "up" | "dead";
  /** Since its last answer; undefined: never. */
  readonly ageMs: number | undefined;
  /** What keeps us from asking it; empty: nothing. */
  readonly detail: string;
}

export interface GroupStatus {
  readonly name: string;
  readonly preferred: string;
  /** Undefined when nobody is known to own it. Two names when two do. A silent peer that still answers for it by ARP does. */
  readonly owner: string | undefined;
  /** Our own part in it. */
  readonly state: string;
  /** Milliseconds since the state began. */
  readonly sinceMs: number;
  /** When it began: seconds since 1970 by this node's clock. */
  readonly since: number;
  /** Why it is as it is, and the note's text in parentheses. */
  readonly reason: string;
  /** What does not go on, or waits, by its kind; undefined: nothing. */
  readonly note: Note | undefined;
  readonly epoch: number;
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly state: string;
  }[];
}
