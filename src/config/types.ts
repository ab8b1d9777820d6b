import type { ErrorCode } from "../base/errors.ts";
import type { GroupName, MediumName, NodeName } from "../base/names.ts";

/** What ha.cf, haresources, authkeys and tandem.cf say, once they have been read without an error. */
export interface ClusterConfig {
  /** One or two nodes, in the order of the file, lower case. */
  readonly nodes: readonly NodeName[];
  readonly timers: Timers;
  readonly media: readonly MediumConfig[];
  readonly pings: PingConfig;
  readonly autoFailback: "on" | "off" | "legacy";
  readonly groups: readonly GroupConfig[];
  readonly keys: AuthKeys;
  readonly watchdog: string | undefined;
  /** Programs to run beside the daemon; what is built in is not among them. */
  readonly respawn: readonly RespawnConfig[];
  /** `respawn … ipfail` stands there: the node that reaches fewer ping nodes gives its groups away. */
  readonly ipfail: boolean;
  /** What else ha.cf asks for and this version does not run: `logfacility local0`, or the name alone. */
  readonly notRun: readonly string[];
  readonly log: LogConfig;
  /** `ttl` on the wire is the number of nodes plus this (wire.md 4). */
  readonly hopfudge: number;
  readonly msgfmt: "classic" | "netstring";
  readonly realtime: boolean;
  readonly tandem: TandemConfig;
}

/** All in milliseconds. */
export interface Timers {
  readonly keepaliveMs: number;
  readonly warntimeMs: number;
  readonly deadtimeMs: number;
  readonly initdeadMs: number;
}

/** A way from node to node; all names of a configuration differ. */
export type MediumConfig =
  | {
      readonly kind: "bcast";
      readonly name: MediumName;
      readonly interface: string;
      readonly port: number;
      /** Hosts that get a copy each: `ucast` lines of an interface that broadcasts anyway. */
      readonly also?: readonly string[];
    }
  | {
      readonly kind: "ucast" | "ucast6";
      readonly name: MediumName;
      readonly interface: string;
      readonly port: number;
      /** Addresses or names, one for each line of this interface; our own may be among them. */
      readonly targets: readonly string[];
    }
  | {
      readonly kind: "mcast" | "mcast6";
      readonly name: MediumName;
      readonly interface: string;
      readonly port: number;
      readonly group: string;
      /** How many routers it may pass, and one. */
      readonly ttl: number;
      /** What we send comes back to us: a medium that no longer hears itself is deaf. */
      readonly loop: boolean;
    }
  | {
      readonly kind: "serial";
      readonly name: MediumName;
      readonly device: string;
      readonly baud: number;
    };

/** Whom to ask outside the pair. */
export interface PingConfig {
  /** In the order of the file. */
  readonly nodes: readonly PingNodeConfig[];
  /** How long one may be silent before it counts as dead. */
  readonly deadMs: number;
}

/** A host that tells `I am cut off` from `the other is dead`; or several of which one must answer. */
export interface PingNodeConfig {
  /** Heartbeat's pseudo-node: the host as written, or the group's name; lower case. */
  readonly name: string;
  readonly kind: "ping" | "ping_group";
  /** Addresses or names. */
  readonly hosts: readonly string[];
}

/** A line of haresources. */
export interface GroupConfig {
  /** First resource, literally as written: Heartbeat's key. */
  readonly name: GroupName;
  readonly preferred: NodeName;
  readonly resources: readonly ResourceConfig[];
}

export type ResourceConfig = AddressConfig | ScriptConfig;

/** A service address; what is undefined the machine decides. */
export interface AddressConfig {
  readonly kind: "address";
  /** As written, for status and log. */
  readonly name: string;
  readonly address: string;
  readonly prefix: number | undefined;
  readonly interface: string | undefined;
  /** The kernel's whole label: `eth0:0`. */
  readonly label: string | undefined;
  readonly broadcast: string | undefined;
}

/** A name looked up in resource.d, among systemd's units and in init.d (issue, point 6). */
export interface ScriptConfig {
  readonly kind: "script";
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

export type AuthMethod = "crc" | "md5" | "sha1" | "sha256";

/** A key of authkeys. */
export interface AuthKey {
  readonly number: number;
  readonly method: AuthMethod;
  /** Text whose UTF-8 bytes are the key. Empty for crc. Never logged, never in an argument, never in the API. */
  readonly key: string;
}

/** Any of them is accepted, the active one signs. */
export interface AuthKeys {
  readonly active: number;
  readonly keys: readonly AuthKey[];
}

/** A line `respawn`: the command is a path with its arguments. */
export interface RespawnConfig {
  readonly user: string;
  readonly command: string;
}

/** Full paths, and a facility of syslog(3). */
export interface LogConfig {
  readonly logfile: string | undefined;
  readonly debugfile: string | undefined;
  readonly logfacility: string | undefined;
}

/** `/etc/ha.d/tandem.cf`, in ha.cf's grammar; every default is good. */
export interface TandemConfig {
  /** safety.md 4 and product.md 5. */
  readonly mode: "availability" | "safety";
  /** Heartbeat's way: fail back as soon as the preferred node is there, even after a death. */
  readonly autoFailbackNow: boolean;
  /** What to do when a Heartbeat peer is silent but answers ARP for the address (safety.md 4). */
  readonly onProbeAnswer: "check" | "take";
}

/** One thing to say about one place of a file. */
export interface Diagnostic {
  readonly file: string;
  /** Both 1-based, in characters. Both 0: the file as a whole. */
  readonly line: number;
  readonly column: number;
  /** Characters under the caret; at least 1. */
  readonly length: number;
  readonly severity: "error" | "warning" | "hint";
  /** Stable, from the registry in base/errors.ts: `unknown-directive`. */
  readonly code: ErrorCode;
  readonly message: string;
  /** What to do next, as a sentence or a line to write. */
  readonly mend: string;
}
