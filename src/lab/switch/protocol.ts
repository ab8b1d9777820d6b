import type { WebService } from "../host/protocol.ts";
import type { Cable, HostName } from "../layout.ts";
import type { Processors } from "../processors.ts";

/** The switch's only argument. */
export interface SwitchBirth {
  readonly place: string;
  /** Directories of the machine whose content the nodes' disks start with. */
  readonly copies: readonly string[];
  readonly web: WebService;
  /** Absent: the nodes share all of them. */
  readonly processors?: Processors;
}

/** What the switch does when asked by the lab. A number is the moment when the cables were as asked: CLOCK_BOOTTIME, ms. */
export interface SwitchCalls {
  readonly powerOn: { readonly params: { readonly host: HostName }; readonly result: null };
  /** Every cable of the host, then its first process: all of it is gone when this is answered. */
  readonly powerCut: { readonly params: { readonly host: HostName }; readonly result: number };
  readonly setCable: {
    readonly params: { readonly host: HostName; readonly cable: Cable; readonly plugged: boolean };
    readonly result: number;
  };
  /** Whether a process here may be scheduled in real time (SCHED_RR). */
  readonly realtime: { readonly params: null; readonly result: boolean };
}

/** What the switch says unasked: that it is ready for calls. */
export interface SwitchNotice {
  readonly kind: "here";
}
