import type { ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { tandemd } from "../paths.ts";
import { listProcesses, start } from "./processes.ts";
import type { DaemonProcesses } from "./protocol.ts";

/** As the unit has it: RestartSec=100ms and no limit (safety.md 1). */
const restartMs = 100;
/** What the daemon writes to its terminal; its log proper is /var/log/ha-log. */
const outputFile = "/var/log/tandemd.out";

/** The service manager of a host: starts `tandemd`, and starts it again as long as it is wanted. */
export class DaemonKeeper {
  #child: ChildProcess | undefined;
  #args: readonly string[] = [];
  /** Whether an end of the daemon is followed by a start. */
  #keep = false;
  #restart: NodeJS.Timeout | undefined;

  /** @throws Error where it runs already, or cannot be started */
  start(args: readonly string[], keep: boolean): number {
    if (this.#child !== undefined) throw new Error(`tandemd runs already as ${this.#child.pid}`);
    clearTimeout(this.#restart);
    this.#args = args;
    this.#keep = keep;
    return this.#spawn();
  }

  /** SIGTERM, and SIGKILL when its time is up; a daemon that does not run is stopped already. */
  stop(timeoutMs: number): Promise<{ code: number | null; signal: string | null }> {
    this.#keep = false;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return Promise.resolve({ code: 0, signal: null });
    return new Promise((resolve) => {
      const late = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
      child.once("exit", (code, signal) => {
        clearTimeout(late);
        resolve({ code, signal });
      });
      child.kill("SIGTERM");
    });
  }

  /** The pulse is what was started; the daemon proper its child. */
  processes(): DaemonProcesses {
    const pulse = this.#child?.pid;
    const all = listProcesses();
    const isDaemon = (argv: readonly string[]) =>
      argv.some((word) => word.endsWith("/daemon/main.js"));
    // An orphaned daemon has lost its parent, not its name.
    const daemon = all.find((entry) => isDaemon(entry.argv) && entry.state !== "Z")?.pid;
    return {
      ...(pulse === undefined ? {} : { pulse }),
      ...(daemon === undefined ? {} : { daemon }),
    };
  }

  #spawn(): number {
    const output = openSync(outputFile, "a");
    const child = start([tandemd, ...this.#args], [output, output]);
    closeSync(output);
    this.#child = child;
    child.on("error", () => this.#ended());
    child.on("exit", () => this.#ended());
    if (child.pid === undefined) throw new Error(`${tandemd} cannot be run`);
    return child.pid;
  }

  #ended(): void {
    this.#child = undefined;
    if (this.#keep) this.#restart = setTimeout(() => this.#spawn(), restartMs);
  }
}
