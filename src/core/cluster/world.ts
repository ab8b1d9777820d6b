import type { GroupName, NodeName } from "../../base/names.ts";
import type { ClusterConfig } from "../../config/types.ts";
import type { Field } from "../../wire/message.ts";
import type { ChannelReport, ChannelSnapshot } from "../channel/report.ts";
import type { ToldObstacle } from "../firewall/words.ts";
import type { LogEffect } from "../step.ts";
import type { Moves } from "./budget.ts";
import type { Epoch } from "./epoch.ts";

/** What happens to the cluster machine. Times are milliseconds of CLOCK_BOOTTIME. */
export type ClusterEvent =
  /** Once, first of all. */
  | { readonly kind: "boot"; readonly boot: Boot }
  | { readonly kind: "wake" }
  | ChannelReport
  | {
      readonly kind: "hello";
      readonly session: string;
      readonly generation: number;
      readonly realtime: string;
    }
  | {
      readonly kind: "tick";
      /** When the pulse ticked: it may have waited in a queue of ours. */
      readonly at: number;
      readonly tickMs: number;
      readonly snapshot: ChannelSnapshot;
    }
  | { readonly kind: "lease-lost"; readonly group: GroupName; readonly why: string }
  | { readonly kind: "resource-done"; readonly id: number; readonly result: ResourceResult }
  | { readonly kind: "probe-done"; readonly id: number; readonly result: ProbeResult }
  /** The interface of a group's address: at boot and at each change. Groups without an address: never. */
  | {
      readonly kind: "service-interface";
      readonly group: GroupName;
      readonly face: ServiceInterface;
    }
  /** The group's address went away without us: by its lifetime, or deleted by a program (safety.md 2). */
  | { readonly kind: "address-gone"; readonly group: GroupName; readonly by: "expiry" | "program" }
  /** An address that we hold was added again with another prefix: its lease is to be told anew. */
  | { readonly kind: "lease-changed" }
  /** A person or the pulse asks. `id` for the answer; undefined: nobody waits. */
  | { readonly kind: "request"; readonly id: number | undefined; readonly request: OperatorRequest }
  /** A disk that cannot be written is a degraded status, no more. */
  | { readonly kind: "disk"; readonly ok: boolean; readonly detail: string }
  /** What keeps heartbeats from one side to the other, the whole list; for log and status, no more. */
  | ({ readonly kind: "firewall" } & FirewallNews);

export interface FirewallNews {
  readonly obstacles: readonly ToldObstacle[];
  /** Why nothing can be seen beside the sockets, where something should be; empty: it can. */
  readonly blind: string;
}

export type OperatorRequest =
  | { readonly kind: "standby"; readonly set: ResourceSet }
  | { readonly kind: "takeover"; readonly set: ResourceSet }
  /** Clean stop: hand over, then end. */
  | { readonly kind: "stop" };

/** Heartbeat's words, seen from the node that is asked: `local` are the groups that prefer it. */
export type ResourceSet = "all" | "local" | "foreign";

export interface Boot {
  readonly self: NodeName;
  readonly config: ClusterConfig;
  readonly bootId: string;
  /** time(2) now: epochs are not below the wall clock (safety.md 5). */
  readonly wallSeconds: number;
  /** What the last life wrote, the newer of /run and disk; undefined: first start, or unreadable. */
  readonly record: ClusterRecord | undefined;
  /** Addresses of ours that are on the machine now. */
  readonly present: readonly { readonly group: GroupName; readonly finiteLifetime: boolean }[];
  readonly uuid: string;
  /** A seed for chance (nonces): from the machine's randomness. */
  readonly seed: number;
}

/** What the machine must remember, whole; written to /run before it is acted on (safety.md 5). */
export interface ClusterRecord {
  readonly bootId: string;
  /** CLOCK_BOOTTIME when written. */
  readonly at: number;
  readonly highestEpoch: number;
  readonly groups: Readonly<Record<string, GroupRecord>>;
  /** The journal's last word on the peer: it had released everything, or was fenced. */
  readonly peerReleased: boolean;
  /** Wall-clock seconds of this node's own deaths, newest last, bounded: failback waits after one (safety.md 6). */
  readonly deaths: readonly number[];
  /** MACs that the peer named as its own: an answer to a probe is told from a stranger's by them. */
  readonly peerMacs: readonly string[];
  /** Our uuid pin of the native peer and its highest generation (safety.md 8). */
  readonly peer:
    | { readonly uuid: string; readonly generation: number; readonly native: boolean }
    | undefined;
  /** Our own last end was clean. */
  readonly cleanStop: boolean;
}

export interface GroupRecord {
  /**
   * `moving`: a release or a move has begun: not to be adopted. `clearing`: this life has not owned
   * it yet, and clears away what a former one may have left.
   */
  readonly word: "owned" | "released" | "moving" | "clearing";
  readonly epoch: Epoch;
  /** What rules have moved, by CLOCK_BOOTTIME (budget.ts); undefined: nothing, or an older version. */
  readonly moves?: Pick<Moves, "own" | "peers"> | undefined;
}

export interface ServiceInterface {
  readonly interface: string;
  readonly carrier: boolean;
  /** Our own address there, for the peer's probes; undefined: none. */
  readonly ownAddress: string | undefined;
  /** Every hardware address of this machine: it may answer on any segment (safety.md 4). */
  readonly machineMacs: readonly string[];
}

export type ClusterEffect =
  | LogEffect
  | { readonly kind: "wake-at"; readonly at: number }
  | { readonly kind: "send"; readonly fields: readonly Field[] }
  | { readonly kind: "say"; readonly st: "up" | "active"; readonly words: string }
  /** Which addresses the pulse renews, with the epoch they are held under: the whole list. */
  | {
      readonly kind: "hold";
      readonly holdings: readonly { readonly group: GroupName; readonly epoch: number }[];
    }
  | { readonly kind: "resource"; readonly id: number; readonly operation: ResourceOperation }
  | { readonly kind: "probe"; readonly id: number; readonly probe: Probe }
  /** Synchronous to /run, then to disk by another thread: what follows in the list may rely on /run. */
  | { readonly kind: "journal"; readonly record: ClusterRecord }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly ok: boolean;
      readonly text: string;
      readonly tookMs: number;
    }
  /** All is released and said: end the pulse and ourselves. */
  | { readonly kind: "bye" };

/**
 * One thing done to one resource of a group. `index` is its place in the line. Every operation is
 * answered by exactly one `resource-done` with its id, within its deadline. `start` of what runs and
 * `stop` of what does not are successes.
 */
export interface ResourceOperation {
  readonly group: GroupName;
  readonly index: number;
  readonly op:
    | "start"
    /** Address only: add it with its lifetime, but do not answer ARP for it and do not announce it. */
    | "start-mute"
    | "stop"
    | "status"
    /** Address only: stop answering ARP for it, keep it (the giver while it drains). */
    | "mute"
    /** Address only: answer again. */
    | "unmute"
    /** Address only: gratuitous ARP, request and reply form, at once and repeated. Done when the first is out. */
    | "announce";
}

export interface ResourceResult {
  readonly ok: boolean;
  readonly state: "running" | "stopped" | "unknown";
  /** What went wrong, for log and status; empty when ok. */
  readonly detail: string;
}

export type Probe =
  /** Who answers for the group's address on the shared segments? (safety.md 4) */
  | {
      readonly kind: "address";
      readonly group: GroupName;
      readonly tries: number;
      /** How long an answer to each is waited for. */
      readonly spacingMs: number;
    }
  /** Does this address answer ARP on the group's service interface? One try. */
  | { readonly kind: "path"; readonly group: GroupName; readonly address: string };

export interface ProbeResult {
  /** MACs that answered for the address, lower case; for `path` those that answered for the target. */
  readonly answers: readonly { readonly interface: string; readonly mac: string }[];
  /** An unused address was answered too: a proxy, the probe is worthless there. */
  readonly proxied: boolean;
  /** No interface could be probed (no carrier, not permitted): says nothing. */
  readonly failed: boolean;
}
