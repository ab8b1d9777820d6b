import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { FILE_BYTES_MAX } from "../config/files.ts";
import { judgeForHeartbeat } from "../config/heartbeat/check.ts";
import { mentionsOf } from "../config/load.ts";
import { ControlError, connect, DEFAULT_RUN_DIR } from "../control/client/index.ts";
import { readConfigFiles } from "../inspect/config-files.ts";
import { answerForHeartbeat } from "../inspect/heartbeat-facts.ts";
import { inspectHeartbeat, inspectInit, inspectTandem } from "../inspect/heartbeat-here.ts";
import { inspectMachine } from "../inspect/machine.ts";
import type { DaemonAnswer, MigrationFacts } from "./migrate/facts.ts";
import { migrationJson } from "./migrate/json.ts";
import { reportOf } from "./migrate/report.ts";
import { migrationText } from "./migrate/text.ts";
import { type Output, standardOutput, writeJson } from "./output.ts";

/** `tandem migrate`, as commander parses it. */
export interface MigrateOptions {
  readonly configDir: string;
  readonly runDir: string;
  readonly node?: string;
  readonly back?: boolean;
  readonly json?: boolean;
}

export function registerMigrate(program: Command): void {
  program
    .command("migrate")
    .description("the way of a Heartbeat pair to Tandem, node by node, and which step is next")
    .option("--config-dir <dir>", "where ha.cf, haresources and authkeys are", "/etc/ha.d")
    .option("--run-dir <dir>", "where the daemon keeps its sockets", DEFAULT_RUN_DIR)
    .option("--node <name>", "as this node (default: what `uname -n` says)")
    .option("--back", "the way back to Heartbeat, from two Tandems or from one")
    .option("--json", "for programs: schema tandem.migrate/1")
    .addHelpText(
      "after",
      "\nIt reads and changes nothing.\nExit status: 0 the next step may be done, or all are, 1 something must be mended first, 4 the daemon cannot be asked.",
    )
    .action(async (options: MigrateOptions) => {
      process.exitCode = await migrate(options, standardOutput);
    });
}

/** Looks at the machine, and says where one is. The exit status. */
export async function migrate(options: MigrateOptions, output: Output): Promise<number> {
  const report = reportOf(await gatherFacts(options), options.back ? "back" : "to-tandem");
  if (options.json) writeJson(output, migrationJson(report));
  else output.write(migrationText(report));
  return report.exitStatus;
}

/** The one part that looks at the machine; it reads, asks Tandem's status, and starts no program. */
async function gatherFacts(options: MigrateOptions): Promise<MigrationFacts> {
  const { configDir, node } = options;
  const files = await readConfigFiles(configDir, FILE_BYTES_MAX);
  const { questions } = judgeForHeartbeat(files, undefined, node);
  const [machine, forHeartbeat, heartbeat, tandem, daemon, init] = await Promise.all([
    inspectMachine(mentionsOf(files), { configDir }),
    answerForHeartbeat(questions),
    inspectHeartbeat({ configDir }),
    inspectTandem(),
    askDaemon(options.runDir),
    inspectInit(),
  ]);
  // From src/cli and from dist/cli alike.
  const home = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
  const own = node ?? hostname();
  return { configDir, own, files, machine, forHeartbeat, heartbeat, tandem, daemon, init, home };
}

async function askDaemon(runDir: string): Promise<DaemonAnswer> {
  try {
    const client = await connect({ runDir });
    try {
      return { kind: "status", status: await client.status() };
    } finally {
      client.close();
    }
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if (error.code === "not-running") return { kind: "stopped" };
    return { kind: "mute", why: error.message, next: error.next };
  }
}
