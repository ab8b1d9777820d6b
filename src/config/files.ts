/** One configuration file as it was found. Reading it is the caller's: this folder does no I/O. */
export type ConfigFile =
  | TextFile
  | { readonly kind: "missing"; readonly name: string }
  | { readonly kind: "unreadable"; readonly name: string; readonly reason: string }
  | { readonly kind: "too-large"; readonly name: string; readonly sizeBytes: number };

/** A file that could be read. */
export interface TextFile {
  readonly kind: "text";
  /** Full path, as diagnostics name it. */
  readonly name: string;
  /** Decoded from UTF-8; a byte that is none is U+FFFD. */
  readonly text: string;
  /** Permission bits (`0o600`); undefined where nobody asks. */
  readonly mode: number | undefined;
}

export interface ConfigFiles {
  readonly hacf: ConfigFile;
  readonly haresources: ConfigFile;
  readonly authkeys: ConfigFile;
  readonly tandemcf: ConfigFile;
}

/** Far above any real file: the annotated ha.cf has 10 KB. Readers need not read on. */
export const FILE_BYTES_MAX: number = 256 * 1024;

/** What the files name and this machine may have or lack: what to look for before checking. */
export interface Mentions {
  /** Devices of `serial` and `watchdog`. */
  readonly devices: readonly string[];
  /** Names of resource scripts. */
  readonly scripts: readonly string[];
  /** Programs of `respawn`, by full path. */
  readonly programs: readonly string[];
}

/** What this machine has, gathered by src/inspect. */
export interface MachineFacts {
  /** `uname -n`. */
  readonly nodeName: string;
  /** All interfaces by name, also those that are down. */
  readonly interfaces: readonly InterfaceFact[];
  readonly devices: ReadonlyMap<string, DeviceFact>;
  readonly scripts: ReadonlyMap<string, ScriptFact>;
  /** By the path in the file: where the program is, undefined when nowhere. */
  readonly programs: ReadonlyMap<string, string | undefined>;
  /** The daemon asks: an interface that is not there may still come, and nobody is there to mend the file. */
  readonly isStarting?: boolean;
}

export type DeviceFact = "character-device" | "other" | "missing";

/** A network interface, up or not. */
export interface InterfaceFact {
  readonly name: string;
  readonly isLoopback: boolean;
  /** IPv4 only; empty while the interface is down or has no carrier. */
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[];
}

/** `via`: the name it was found by; `where`: path or unit; `atBoot`: the machine starts it itself. */
export type ScriptFact =
  | {
      readonly found: true;
      readonly via: string;
      readonly where: string;
      readonly atBoot: boolean;
    }
  | { readonly found: false; readonly looked: readonly string[] };
