import type { ClusterConfig } from "../config/types.ts";
import type { LogLevel } from "../core/step.ts";
import type { Chance } from "./chance.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Host } from "./host.ts";
import type { Network } from "./network.ts";
import type { Programs } from "./programs.ts";
import type { Side } from "./station.ts";

/** What a simulated machine finds around it. */
export interface Surroundings {
  readonly queue: EventQueue;
  readonly chance: Chance;
  readonly config: ClusterConfig;
  readonly network: Network;
  readonly programs: Programs;
  readonly hears: Observer;
  hostAt(side: Side): Host;
}

/** Who looks at the world from outside: checkers, stories, traces. */
export interface Observer {
  log(line: LogLine): void;
  /** Somebody holds, answers, runs or is reachable otherwise than before. */
  changed(): void;
  /** A message that the other machine sent then has reached this one's pulse, whole. */
  heard(side: Side, sentAt: number): void;
  /** A loop threw. */
  crashed(host: string, process: "pulse" | "daemon", error: unknown): void;
  /** What an operator was answered. */
  answered(host: string, id: number, answer: { ok: boolean; text: string; tookMs: number }): void;
}

export interface LogLine {
  readonly at: number;
  readonly host: string;
  readonly level: LogLevel;
  readonly text: string;
}
