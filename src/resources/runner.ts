import { type ChildProcess, spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import type { Readable } from "node:stream";

/** How one action of a script ended. Never an exception: a script is input from outside. */
export interface RunResult {
  /** Undefined: ended by a signal, not found, or not to be ended at all. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The deadline passed, and its process group was ended. */
  readonly timedOut: boolean;
  /** Why there was no process at all: `ENOENT`, `EACCES`; undefined when it ran. */
  readonly spawnError: string | undefined;
  /** Standard output and error, the first OUTPUT_BYTES_MAX of them. */
  readonly output: string;
  readonly tookMs: number;
}

/** How long a script may take, in milliseconds, and what it is told beside its arguments. */
export interface RunOptions {
  /** From the start until the process group is asked to end. */
  readonly deadlineMs: number;
  /** From SIGTERM until SIGKILL. */
  readonly graceMs?: number;
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** More than any error message needs; what comes after is read and dropped, so that nobody blocks. */
export const OUTPUT_BYTES_MAX = 65_536;
/** A script's own tidying up between TERM and KILL. */
const GRACE_MS = 2_000;
/** A process in uninterruptible sleep outlives SIGKILL: it is reported, not waited for. */
const UNKILLABLE_MS = 1_000;
/** Between exit and the last bytes in the pipe. */
const LAST_BYTES_MS = 50;

/** Nothing of ours leaks into scripts; Heartbeat's OCF wrappers want OCF_ROOT. */
const CLEAN_ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  OCF_ROOT: "/usr/lib/ocf",
};

/**
 * Runs one action of a script in a process group of its own and answers exactly once, at most
 * deadline + grace + a second after the start, whatever the script does.
 */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  return new Promise((resolve) => {
    try {
      new Run(command, args, options, resolve);
    } catch (error) {
      // spawn throws some failures (E2BIG, ENOMEM) and emits others.
      const spawnError = error instanceof Error ? error.message : String(error);
      const nothing = { code: undefined, signal: undefined, timedOut: false, output: "" };
      resolve({ ...nothing, spawnError, tookMs: 0 });
    }
  });
}

class Run {
  readonly #child: ChildProcess;
  readonly #resolve: (result: RunResult) => void;
  readonly #startedAt = performance.now();
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #timedOut = false;
  #settled = false;
  #timer: NodeJS.Timeout;

  constructor(
    command: string,
    args: readonly string[],
    options: RunOptions,
    resolve: (result: RunResult) => void,
  ) {
    this.#resolve = resolve;
    this.#child = spawn(command, args, {
      // A session and a process group of its own, so that ending it reaches the grandchildren too.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...CLEAN_ENVIRONMENT, ...options.env },
      cwd: "/",
    });
    for (const pipe of this.#pipes()) {
      pipe.on("data", (bytes: Buffer) => this.#keep(bytes));
      pipe.on("error", () => {});
    }
    this.#timer = setTimeout(() => this.#end(options.graceMs ?? GRACE_MS), options.deadlineMs);
    this.#child.on("error", (error: NodeJS.ErrnoException) => {
      // An error after the spawn (a failed kill) is not the end; without a pid there was no process.
      if (this.#child.pid === undefined)
        this.#settle(undefined, undefined, error.code ?? error.message);
    });
    this.#child.once("exit", (code, signal) => this.#exited(code, signal));
  }

  #pipes(): Readable[] {
    return [this.#child.stdout, this.#child.stderr].filter((pipe) => pipe !== null);
  }

  #keep(bytes: Buffer): void {
    const room = OUTPUT_BYTES_MAX - this.#bytes;
    if (room <= 0 || this.#settled) return;
    this.#chunks.push(bytes.subarray(0, room));
    this.#bytes += Math.min(room, bytes.length);
  }

  #end(graceMs: number): void {
    this.#timedOut = true;
    this.#signalGroup("SIGTERM");
    this.#timer = setTimeout(() => {
      this.#signalGroup("SIGKILL");
      this.#timer = setTimeout(() => this.#settle(undefined, undefined), UNKILLABLE_MS);
    }, graceMs);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // ESRCH: nobody of the group is left, which is what was wanted.
    }
  }

  /** `exit`, not `close`: a service that forked away keeps the pipes open and `close` would never come. */
  #exited(code: number | null, signal: string | null): void {
    clearTimeout(this.#timer);
    const settle = () => this.#settle(code ?? undefined, signal ?? undefined);
    this.#timer = setTimeout(settle, LAST_BYTES_MS);
    this.#child.once("close", settle);
  }

  #settle(code: number | undefined, signal: string | undefined, spawnError?: string): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    // Grandchildren that ignored TERM: the group outlives its leader.
    if (this.#timedOut) this.#signalGroup("SIGKILL");
    this.#release();
    this.#resolve({
      code,
      signal,
      timedOut: this.#timedOut,
      spawnError,
      output: Buffer.concat(this.#chunks).toString(),
      tookMs: Math.round(performance.now() - this.#startedAt),
    });
  }

  /**
   * The pipes stay open and are read on: a service that inherited them would die of SIGPIPE at its
   * next line if we closed them. They end with the service, and hold nothing up meanwhile.
   */
  #release(): void {
    for (const pipe of this.#pipes()) {
      if (this.#timedOut) pipe.destroy();
      else if ("unref" in pipe && typeof pipe.unref === "function") pipe.unref();
    }
    this.#child.unref();
  }
}

/** The last line that says something, bounded: what a log can carry of a script's output. */
export function lastLine(output: string): string {
  const lines = output.split("\n").map(printable);
  return (lines.findLast((line) => line !== "") ?? "").slice(0, LINE_CHARS_MAX);
}

const LINE_CHARS_MAX = 200;

/** Terminal control characters of a script do not belong into a log. */
function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, " ").trim();
}

/** How it ended, in words: `exit 1: Syntax error on line 12`, `ended after 60 s: did not finish`. */
export function howItEnded(result: RunResult): string {
  const said = lastLine(result.output);
  const tail = said === "" ? "" : `: ${said}`;
  if (result.spawnError !== undefined) return `cannot be run: ${result.spawnError}`;
  if (result.timedOut) {
    const after = `${(result.tookMs / 1000).toFixed(1)} s`;
    const nobodyLeft = result.code !== undefined || result.signal !== undefined;
    const killed = nobodyLeft ? "its process group was ended" : "its process group cannot be ended";
    return `did not finish in time, ${killed} after ${after}${tail}`;
  }
  if (result.signal !== undefined) return `killed by ${result.signal}${tail}`;
  return `exit ${result.code ?? "unknown"}${tail}`;
}
