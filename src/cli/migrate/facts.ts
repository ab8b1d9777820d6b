import type { ConfigFiles, MachineFacts } from "../../config/files.ts";
import type { HeartbeatFacts } from "../../config/heartbeat/facts.ts";
import type { Status } from "../../control/client/index.ts";
import type { HeartbeatHere, Init, TandemInstalled } from "../../inspect/heartbeat-here.ts";

/** What `tandem migrate` has found on this machine: all that its report is made of. */
export interface MigrationFacts {
  readonly configDir: string;
  /** This node's name: as told, else `uname -n`. */
  readonly own: string;
  readonly files: ConfigFiles;
  readonly machine: MachineFacts;
  /** What a Heartbeat would find if it were started with the files now. */
  readonly forHeartbeat: HeartbeatFacts;
  readonly heartbeat: HeartbeatHere;
  readonly tandem: TandemInstalled;
  readonly daemon: DaemonAnswer;
  readonly init: Init;
  /** Where this Tandem is: `/opt/tandem`. */
  readonly home: string;
}

/** What the daemon on this machine says of itself and of the pair. */
export type DaemonAnswer =
  | { readonly kind: "status"; readonly status: Status }
  | { readonly kind: "stopped" }
  /** It may run, and cannot be asked. */
  | { readonly kind: "mute"; readonly why: string; readonly next: string };
