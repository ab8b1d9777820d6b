import type { MediumName } from "../base/names.ts";
import type { MediumConfig, PingNodeConfig } from "../config/types.ts";
import type { LogLevel } from "../core/step.ts";
import type { FromPulse, Lease, ToPulse } from "./link.ts";

/** What the pulse may ask of its world. Linux and the simulator implement it; loop.ts cannot tell which. */
export interface PulseEnvironment {
  /** Milliseconds of CLOCK_BOOTTIME, fractional. */
  now(): number;
  /** time(2). */
  wallSeconds(): number;
  /** First line of /proc/loadavg, for the field `ld`. */
  loadAverage(): string;
  /** 32 random bits in hex: the session of this pulse. */
  freshSession(): string;
  /** The machine's boot id: a record of another boot is worth nothing. */
  bootId(): string;
  /** Deliver `wake` at this time or as soon after as possible. One timer: a later call replaces it. */
  wakeAt(at: number): void;
  /** Deliver `queues-drained` once all that waits in the sockets has been delivered (platform.md 4). */
  afterQueues(): void;
  /** Open these media; keep trying those that fail. Reports by `medium` events. Replaces the former set. */
  openMedia(media: readonly MediumConfig[]): void;
  /** Be ready to ask these hosts; keep trying. Reports by `ping-medium` events. Replaces the former set. */
  openPings(nodes: readonly PingNodeConfig[]): void;
  /** An ICMP echo with these bytes to the node's hosts: what comes back is a `pong`. Best effort. */
  ping(node: string, bytes: Uint8Array): void;
  /** Best effort. A serial line that is still busy drops what `mayDrop` allows, and never queues without bound. */
  transmit(medium: MediumName, bytes: Uint8Array, options: { mayDrop: boolean }): void;
  /** A former write on this medium has not gone out yet; what never queues is never busy. */
  isBusy(medium: MediumName): boolean;
  /** Set the lifetime of an address that is there. `gone`: it was not there (nothing was created). */
  renewAddress(lease: Lease): "renewed" | "gone" | "failed";
  /** Sure and at once; an address that is not there is a success. */
  deleteAddress(lease: Lease): void;
  toDaemon(message: FromPulse): void;
  startDaemon(): void;
  /** SIGKILL: ends a stopped process too. `daemon-gone` follows. */
  killDaemon(): void;
  /** What survives a pulse in the same boot, in /run; written before it is acted on. */
  loadRecord(): PulseRecord | undefined;
  saveRecord(record: PulseRecord | undefined): void;
  /** Ask for SCHED_RR. Answers with a sentence for status and log: "SCHED_RR 10" or why not. */
  requestRealtime(wanted: boolean): string;
  /** Called once per tick after renewing and beating: service manager's watchdog. */
  alive(): void;
  log(level: LogLevel, text: string): void;
  exit(code: number): void;
}

export interface PulseRecord {
  readonly bootId: string;
  readonly generation: number;
  /** First sequence number that has not been lent: a new pulse begins here. */
  readonly nextSeq: number;
}

export type PulseEvent =
  | { readonly kind: "start" }
  | { readonly kind: "wake" }
  | { readonly kind: "queues-drained" }
  /**
   * A datagram, or a chunk of a serial line as it was read. A broadcast medium delivers our own
   * datagrams too, as a real interface does: a medium that stops hearing itself is deaf.
   */
  | { readonly kind: "bytes"; readonly medium: MediumName; readonly bytes: Uint8Array }
  /** So many datagrams more were dropped there unread: more came than may be judged. */
  | { readonly kind: "unread"; readonly medium: MediumName; readonly count: number }
  /** The medium was opened, was lost, changed its carrier, or a write succeeded or failed. */
  | {
      readonly kind: "medium";
      readonly medium: MediumName;
      readonly usable: boolean;
      readonly detail: string;
    }
  /** What a ping node sent back, whole. */
  | { readonly kind: "pong"; readonly node: string; readonly bytes: Uint8Array }
  /** Echoes go out to this ping node, or cannot. */
  | {
      readonly kind: "ping-medium";
      readonly node: string;
      readonly usable: boolean;
      readonly detail: string;
    }
  | { readonly kind: "from-daemon"; readonly message: ToPulse }
  | {
      readonly kind: "daemon-gone";
      readonly code: number | undefined;
      readonly signal: string | undefined;
    }
  /** SIGTERM. */
  | { readonly kind: "stop" };
