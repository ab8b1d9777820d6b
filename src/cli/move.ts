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

type Set = "all" | "local" | "foreign";
/** Heartbeat's words, seen from the node that is asked. `failback` is its other word for `foreign`. */
const WORDS: ReadonlyMap<string, Set> = new Map([
  ["all", "all"],
  ["local", "local"],
  ["foreign", "foreign"],
  ["failback", "foreign"],
]);

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
      `${words()}: which groups; local are those that prefer this node, failback is foreign`,
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
    .action(async (word: string, options: MoveOptions, command: Command) => {
      const known = WORDS.get(word);
      if (known === undefined) command.error(`error: ${word} is none of ${words()}`);
      else process.exitCode = await carryOut(move.name, known, options, standardOutput);
    });
}

function words(): string {
  return [...WORDS.keys()].join(", ");
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
    return reportControlFailure(error, options.json ? output : undefined);
  }
}

function took(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : duration(ms);
}
