import type { Status } from "../core/cluster/status.ts";
import type { DaemonEnvironment, DaemonEvent } from "../daemon/environment.ts";
import type { PulseEnvironment, PulseEvent } from "../pulse/environment.ts";
import type { Program } from "./process.ts";

/** Tandemd's loop as the simulator sees it. */
export interface NodeProgram extends Program<DaemonEvent> {
  /** Undefined before its first event. */
  status(): Status | undefined;
}

/** The loops that run in every host: the shipped ones, or a stand-in in the simulator's own tests. */
export interface Programs {
  pulse(environment: PulseEnvironment): Program<PulseEvent>;
  node(environment: DaemonEnvironment): NodeProgram;
}
