import type { HostLayout } from "../layout.ts";

/** What the switch gives a host to begin with, as the agent's only argument. */
export interface Birth {
  readonly layout: HostLayout;
  /** The directory of the lab's own tree, mounted in every host. */
  readonly place: string;
  /** New at each power-on, as a kernel's boot id is. */
  readonly bootId: string;
  /** The end of the null-modem line that becomes /dev/ttyS1, if this host has one. */
  readonly tty?: string;
  readonly web: WebService;
}

/** What the script `httpd` runs: the machine's Apache, or the lab's own small server. */
export type WebService = "apache2" | "embedded";

export interface RunResult {
  /** Exit status; 127 where the program is missing, null where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it was ended because its time was up. */
  readonly timedOut: boolean;
}

export interface DaemonProcesses {
  /** The main process, process ids as the host sees them. */
  readonly pulse?: number;
  /** Its child. */
  readonly daemon?: number;
}

/** What a host does when asked. */
export interface HostCalls {
  /** Once, after the switch has plugged the interfaces in. */
  readonly configure: { readonly params: null; readonly result: null };
  readonly run: {
    readonly params: { readonly argv: readonly string[]; readonly timeoutMs: number };
    readonly result: RunResult;
  };
  readonly spawn: {
    readonly params: { readonly argv: readonly string[]; readonly token: number };
    readonly result: { readonly pid: number };
  };
  readonly signal: {
    readonly params: { readonly targets: readonly (string | number)[]; readonly signal: string };
    readonly result: { readonly pids: readonly number[] };
  };
  readonly writeFile: {
    readonly params: { readonly path: string; readonly text: string; readonly mode: number };
    readonly result: null;
  };
  readonly readFile: {
    readonly params: { readonly path: string };
    readonly result: { readonly text: string };
  };
  readonly startDaemon: {
    readonly params: { readonly args: readonly string[]; readonly keep: boolean };
    readonly result: { readonly pid: number };
  };
  readonly stopDaemon: {
    readonly params: { readonly timeoutMs: number };
    readonly result: { readonly code: number | null; readonly signal: string | null };
  };
  readonly daemonProcesses: { readonly params: null; readonly result: DaemonProcesses };
}

/** What a host says unasked. `token` is the caller's name for a spawned process. */
export type HostNotice =
  | { readonly kind: "here" }
  | { readonly kind: "off" }
  | { readonly kind: "stdout" | "stderr"; readonly token: number; readonly text: string }
  | {
      readonly kind: "exit";
      readonly token: number;
      readonly code: number | null;
      readonly signal: string | null;
    };
