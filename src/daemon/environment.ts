import type { GroupName } from "../base/names.ts";
import type {
  ClusterEvent,
  ClusterRecord,
  Probe,
  ResourceOperation,
} from "../core/cluster/world.ts";
import type { LogLevel } from "../core/step.ts";
import type { FromPulse, Lease, ToPulse } from "../pulse/link.ts";

/** What tandemd may ask of its world. Linux and the simulator implement it; node.ts cannot tell which. */
export interface DaemonEnvironment {
  /** Milliseconds of CLOCK_BOOTTIME. */
  now(): number;
  wallSeconds(): number;
  /** Deliver `wake` at this time or as soon after as possible. A later call replaces the former. */
  wakeAt(at: number): void;
  /** Deliver `queues-drained` once what waits from the pulse has been delivered (platform.md 4). */
  afterQueues(): void;
  toPulse(message: ToPulse): void;
  /** Begin an operation; exactly one `resource-done` with this id follows. */
  operate(id: number, operation: ResourceOperation): void;
  /** Begin a probe; exactly one `probe-done` with this id follows, within about 100 ms a try. */
  probe(id: number, probe: Probe): void;
  /** What the pulse needs to renew the group's addresses, as they are on the machine; empty when none is. */
  leasesOf(group: GroupName, epoch: number): readonly Lease[];
  /** To /run before it returns; to disk soon after, failures come back as `disk`. */
  writeRecord(record: ClusterRecord): void;
  log(level: LogLevel, text: string): void;
  answer(id: number, answer: { ok: boolean; text: string; tookMs: number }): void;
  /** Something that status shows may have changed: tell those who watch. */
  changed(): void;
  exit(code: number): void;
}

/** What the world tells tandemd: the pulse's messages and the cluster's own events. */
export type DaemonEvent =
  | { readonly kind: "from-pulse"; readonly message: FromPulse }
  | { readonly kind: "pulse-gone" }
  | { readonly kind: "queues-drained" }
  | Extract<
      ClusterEvent,
      {
        kind:
          | "boot"
          | "wake"
          | "resource-done"
          | "probe-done"
          | "service-interface"
          | "address-gone"
          | "lease-changed"
          | "request"
          | "disk"
          | "firewall";
      }
    >;
