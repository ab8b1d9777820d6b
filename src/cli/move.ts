import { type Command, Option } from "commander";
import { connect, DEFAULT_RUN_DIR } from "../control/client/index.ts";
import { reportControlFailure } from "./daemon-failure.ts";
import { type Output, standardOutput, writeJson } from "./output.ts";
import { duration } from "./status-screen.ts";

/** `tandem standby` and `tandem takeover`, as commander parses them. */
export interface MoveOptions {
  readonly runDir: string;
  readonly json?: boolean;
}

/** Heartbeat's words, seen from the node that is asked. */
type Set = "all" | "local" | "foreign";
const SETS: readonly Set[] = ["all", "local", "foreign"];

/** Registers one of the two commands that move groups on purpose. */
export function registerMove(
  program: Command,
  move: { readonly name: "standby" | "takeover"; readonly description: string },
): void {
  program
    .command(move.name)
    .description(move.description)
    .argument(
      "[set]",
      `${SETS.join(", ")}: which groups; local are those that prefer this node`,
      "all",
    )
    .option("--json", "for programs: schema tandem.move/1")
    .addOption(
      new Option("--run-dir <dir>", "where the daemon keeps its sockets").default(DEFAULT_RUN_DIR),
    )
    .addHelpText(
      "after",
      "\nExit status: 0 done, 1 refused, 3 the daemon does not run, 4 it cannot be asked.",
    )
    .action(async (set: string, options: MoveOptions, command: Command) => {
      const known = SETS.find((one) => one === set);
      if (known === undefined) command.error(`error: ${set} is none of ${SETS.join(", ")}`);
      else process.exitCode = await carryOut(move.name, known, options, standardOutput);
    });
}

/** Asks, waits until it is done, says how long it took. The exit status. */
export async function carryOut(
  name: "standby" | "takeover",
  set: Set,
  options: MoveOptions,
  output: Output,
): Promise<number> {
  try {
    const client = await connect({ runDir: options.runDir, access: "control" });
    try {
      const { text, tookMs } = await client.move(name, set);
      if (options.json)
        writeJson(output, { schema: "tandem.move/1", move: name, set, text, tookMs });
      else output.write(`${text} (${took(tookMs)})\n`);
      return 0;
    } finally {
      client.close();
    }
  } catch (error) {
    return reportControlFailure(error);
  }
}

function took(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : duration(ms);
}
