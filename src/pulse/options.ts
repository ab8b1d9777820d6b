import { parseArgs } from "node:util";

/** Where tandemd's world is; tests and several clusters on one machine move it. */
export interface PulseOptions {
  /** The three files: /etc/ha.d. */
  readonly configDir: string;
  /** Sockets, pids and what a pulse leaves to the next: /run/tandem. */
  readonly runDir: string;
  /** Identity, generation and journal: /var/lib/tandem. */
  readonly stateDir: string;
}

export const USAGE = `usage: tandemd [--config-dir DIR] [--run-dir DIR] [--state-dir DIR] [--version]

Runs in the foreground. SIGTERM stops it cleanly: the other node takes over first.
`;

export type Command =
  | { readonly kind: "run"; readonly options: PulseOptions }
  | { readonly kind: "version" }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly why: string };

export function parseOptions(argv: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        "config-dir": { type: "string", default: "/etc/ha.d" },
        "run-dir": { type: "string", default: "/run/tandem" },
        "state-dir": { type: "string", default: "/var/lib/tandem" },
        version: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return { kind: "help" };
    if (values.version) return { kind: "version" };
    const options = {
      configDir: values["config-dir"],
      runDir: values["run-dir"],
      stateDir: values["state-dir"],
    };
    return { kind: "run", options };
  } catch (error) {
    return { kind: "wrong", why: error instanceof Error ? error.message : String(error) };
  }
}

/** The same options for the child. */
export function argumentsOf(options: PulseOptions): readonly string[] {
  const { configDir, runDir, stateDir } = options;
  return ["--config-dir", configDir, "--run-dir", runDir, "--state-dir", stateDir];
}
