import { parseArgs } from "node:util";
import type { Diagnostic } from "../config/types.ts";
import type { FromPulse } from "../pulse/link.ts";
import { EXIT_CONFIGURATION } from "./node.ts";
import { diagnosticLine, readConfigurationHere } from "./read-configuration.ts";
import { type Directories, EXIT_BUG, startDaemon } from "./start.ts";

/** tandemd alone makes no sense: EX_USAGE. */
const EXIT_USAGE = 64;

/** tandemd proper: the child of the pulse, which hands its own arguments down. */
async function main(): Promise<void> {
  const directories = readArguments();
  if (process.send === undefined) {
    process.stderr.write("tandemd: this part is started by the pulse: run `tandemd`\n");
    process.exit(EXIT_USAGE);
  }
  // Signals are the pulse's: what ends all processes of a machine must not cut the hand-over short.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
  // The pulse may speak before we are ready to listen.
  const early: FromPulse[] = [];
  const keep = (message: unknown) => early.push(message as FromPulse);
  process.on("message", keep);
  const { config, diagnostics } = await readConfigurationHere(directories.configDir);
  if (config === undefined) refuse(diagnostics);
  const daemon = startDaemon({ directories, config, diagnostics });
  process.off("message", keep);
  for (const message of early) daemon.fromPulse(message);
  process.on("message", (message) => daemon.fromPulse(message as FromPulse));
  process.on("disconnect", () => daemon.pulseGone());
  if (!process.connected) daemon.pulseGone();
}

function readArguments(): Directories {
  try {
    const { values } = parseArgs({
      options: {
        "config-dir": { type: "string", default: "/etc/ha.d" },
        "run-dir": { type: "string", default: "/run/tandem" },
        "state-dir": { type: "string", default: "/var/lib/tandem" },
      },
    });
    const { "config-dir": configDir, "run-dir": runDir, "state-dir": stateDir } = values;
    return { configDir, runDir, stateDir };
  } catch (error) {
    process.stderr.write(`tandemd: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(EXIT_USAGE);
  }
}

function refuse(diagnostics: readonly Diagnostic[]): never {
  for (const diagnostic of diagnostics) process.stderr.write(`${diagnosticLine(diagnostic)}\n`);
  process.stderr.write("tandemd: the configuration has errors: `tandem check` shows them\n");
  process.exit(EXIT_CONFIGURATION);
}

main().catch((error: unknown) => {
  process.stderr.write(`tandemd: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(EXIT_BUG);
});
