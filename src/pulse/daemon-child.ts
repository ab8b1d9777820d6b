import { type ChildProcess, fork } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FromPulse, ToPulse } from "./link.ts";
import { argumentsOf, type PulseOptions } from "./options.ts";
import { livingArguments, readPid } from "./pid-file.ts";

const PROGRAM = fileURLToPath(new URL("../daemon/main.js", import.meta.url));
const PID_FILE = "daemon.pid";
/** Small heap, no collector threads that an RR thread would wait for (platform.md 4). */
const NODE_FLAGS = [
  "--max-old-space-size=64",
  "--max-semi-space-size=2",
  "--single-threaded-gc",
] as const;

export interface ChildCallbacks {
  message(message: ToPulse): void;
  gone(code: number | undefined, signal: string | undefined): void;
}

/**
 * tandemd, the child: started, spoken to over its IPC channel, ended. A channel that breaks is never
 * an error here: the child's end, or its silence, says all that there is to say.
 */
export class DaemonChild {
  readonly #options: PulseOptions;
  readonly #callbacks: ChildCallbacks;
  readonly #fork: typeof fork;
  #child: ChildProcess | undefined;

  /** `start`: what starts a program, for a test that lets it fail. */
  constructor(options: PulseOptions, callbacks: ChildCallbacks, start: typeof fork = fork) {
    this.#options = options;
    this.#callbacks = callbacks;
    this.#fork = start;
  }

  /** A machine without memory or processes to spare refuses: that is a child that is gone at once. */
  start(): void {
    this.#endLeftover();
    let child: ChildProcess;
    try {
      child = this.#fork(PROGRAM, argumentsOf(this.#options), {
        execArgv: [...NODE_FLAGS],
        serialization: "json",
        stdio: ["ignore", "inherit", "inherit", "ipc"],
        // A group of its own: Ctrl-C in a terminal asks the pulse, and the pulse asks the daemon.
        detached: true,
      });
    } catch {
      // Some failures are thrown (ENOMEM), others emitted. Who has asked for the start is not interrupted.
      setImmediate(() => this.#callbacks.gone(undefined, undefined));
      return;
    }
    this.#child = child;
    child.on("message", (message) => {
      if (child === this.#child) this.#callbacks.message(message as ToPulse);
    });
    child.on("error", () => {
      // A signal or a message that could not be sent is one too, and ends no child.
      if (child.pid === undefined) this.#ended(child, undefined, undefined);
    });
    child.on("exit", (code, signal) => {
      this.#ended(child, code ?? undefined, signal ?? undefined);
    });
    if (child.pid !== undefined) this.#notePid(child.pid);
  }

  send(message: FromPulse): void {
    if (this.#child?.connected !== true) return;
    try {
      this.#child.send(message, () => {});
    } catch {
      // The channel closed between the question and the write.
    }
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  #ended(child: ChildProcess, code: number | undefined, signal: string | undefined): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    rmSync(this.#pidFile, { force: true });
    this.#callbacks.gone(code, signal);
  }

  /** The child of a pulse that was killed: stopped or hung, it must not wake up beside a new one. */
  #endLeftover(): void {
    const pid = readPid(this.#pidFile);
    if (pid === undefined || livingArguments(pid)?.includes(PROGRAM) !== true) return;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  #notePid(pid: number): void {
    try {
      writeFileSync(this.#pidFile, `${pid}\n`);
    } catch {
      rmSync(this.#pidFile, { force: true });
    }
  }

  get #pidFile(): string {
    return join(this.#options.runDir, PID_FILE);
  }
}
