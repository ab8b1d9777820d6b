import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../control/client/index.ts";
import { bootTimeMs } from "../../linux/clock.ts";
import { print } from "../probe/ticker.ts";
import { logFile, type NodeNews } from "./node-news.ts";

/**
 * An administrator's eyes on a node: says, one JSON object a line, what its daemon's status is at each
 * change, and what it writes into its log. Runs on the node; starts before the daemon and outlives it.
 */

/** A daemon that does not run is looked for so often. */
const retryMs = 50;
/** The log is looked at so often: an inotify watch would miss a file that is moved away. */
const logMs = 25;
/** What is read of the log at once. */
const buffer = Buffer.alloc(64 * 1024);

async function watchStatus(): Promise<never> {
  for (;;) {
    await untilConversationEnds().catch((error: unknown) => {
      tell({ kind: "down", at: bootTimeMs(), why: String(error) });
    });
    await sleep(retryMs);
  }
}

async function untilConversationEnds(): Promise<void> {
  const client = await connect();
  await new Promise<void>((ended, failed) => {
    client
      .watch((status) => tell({ kind: "status", at: bootTimeMs(), status }), ended)
      .catch((error: unknown) => {
        client.close();
        failed(error);
      });
  });
  tell({ kind: "down", at: bootTimeMs(), why: "the daemon has ended the conversation" });
}

/** From the end that the log has now: what an earlier boot wrote was told then. */
function watchLog(): void {
  let file: number | undefined = openLog();
  let offset = file === undefined ? 0 : fstatSync(file).size;
  let rest = "";
  setInterval(() => {
    file ??= openLog();
    if (file === undefined) return;
    for (let size = read(file, offset); size > 0; size = read(file, offset)) {
      offset += size;
      const lines = (rest + buffer.toString("utf8", 0, size)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) tell({ kind: "log", at: bootTimeMs(), line });
    }
  }, logMs);
  process.on("exit", () => {
    if (file !== undefined) closeSync(file);
  });
}

function openLog(): number | undefined {
  try {
    return openSync(logFile, "r");
  } catch {
    // The daemon has not begun it yet.
    return undefined;
  }
}

function read(file: number, offset: number): number {
  return readSync(file, buffer, 0, buffer.length, offset);
}

function tell(news: NodeNews): void {
  print(news);
}

watchLog();
await watchStatus();
