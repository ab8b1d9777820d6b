import type { Command } from "commander";
import { ControlError, connect, DEFAULT_RUN_DIR, type Status } from "../control/client/index.ts";
import { failureJson, reportControlFailure } from "./daemon-failure.ts";
import { type Output, standardOutput, writeJson } from "./output.ts";
import { statusScreen } from "./status-screen.ts";

/** `tandem status`, as commander parses it. */
export interface StatusOptions {
  readonly runDir: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

export function registerStatus(program: Command): void {
  program
    .command("status")
    .description("who owns what, since when and why; what is degraded")
    .option("--json", "for programs: schema tandem.status/1; with --watch one document a line")
    .option("--watch", "show it anew at each change, until interrupted")
    .option("--run-dir <dir>", "where the daemon keeps its sockets", DEFAULT_RUN_DIR)
    .addHelpText(
      "after",
      "\nExit status: 0 healthy, 1 degraded, 2 a group has no owner or two, 3 the daemon does not run, 4 it cannot be asked.",
    )
    .action(async (options: StatusOptions) => {
      process.exitCode = await (options.watch
        ? watchStatus(options, standardOutput)
        : showStatus(options, standardOutput));
    });
}

const EXIT_CODES: Readonly<Record<Status["health"], number>> = {
  healthy: 0,
  degraded: 1,
  unowned: 2,
};

/** Once. The exit status. */
export async function showStatus(options: StatusOptions, output: Output): Promise<number> {
  try {
    const client = await connect({ runDir: options.runDir });
    try {
      const status = await client.status();
      if (options.json) writeJson(output, toJson(status));
      else output.write(statusScreen(status));
      return EXIT_CODES[status.health];
    } finally {
      client.close();
    }
  } catch (error) {
    return reportControlFailure(error, options.json ? output : undefined);
  }
}

/** A daemon that is started again is found again. */
const RECONNECT_MS = 1_000;
const CLEAR_SCREEN = "\u001b[H\u001b[2J";

/** Until the process is interrupted, through restarts of the daemon; the exit status where it cannot go on. */
export async function watchStatus(options: StatusOptions, output: Output): Promise<number> {
  const show = (text: string) =>
    output.write(options.json || !process.stdout.isTTY ? text : `${CLEAR_SCREEN}${text}`);
  for (;;) {
    try {
      await watchOnce(options, (status) => {
        show(options.json ? `${JSON.stringify(toJson(status))}\n` : `${statusScreen(status)}\n`);
      });
    } catch (error) {
      if (!isPassing(error)) return reportControlFailure(error);
      show(options.json ? `${JSON.stringify(failureJson(error))}\n` : `${error.message}\n`);
    }
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
}

/** Rejects when the conversation ends, or the daemon does not take it up. */
async function watchOnce(
  options: StatusOptions,
  onStatus: (status: Status) => void,
): Promise<never> {
  const client = await connect({ runDir: options.runDir });
  try {
    return await new Promise<never>((_, reject) => {
      const ended = () =>
        reject(new ControlError("disconnected", "the daemon ended the conversation", ""));
      client.watch(onStatus, ended).catch(reject);
    });
  } finally {
    client.close();
  }
}

/** A daemon that may be there again in a moment. */
function isPassing(error: unknown): error is ControlError {
  const passing = ["not-running", "disconnected", "unavailable"];
  return error instanceof ControlError && passing.includes(error.code);
}

/** The document's own shape: what is not known is null, so that every name is always there. */
function toJson(status: Status): object {
  return {
    ...status,
    nodes: status.nodes.map((node) => ({
      ...node,
      heardAtMs: node.heardAtMs ?? null,
      links: node.links.map((link) => ({ ...link, ageMs: link.ageMs ?? null })),
    })),
    pings: status.pings.map((ping) => ({ ...ping, ageMs: ping.ageMs ?? null })),
    groups: status.groups.map((group) => ({ ...group, owner: group.owner ?? null })),
  };
}
