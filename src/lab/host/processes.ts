import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { searchPath } from "../paths.ts";
import type { RunResult } from "./protocol.ts";

/** Output kept of one command; what comes after is dropped. More than any test reads, less than hurts. */
const outputMax = 4 * 1024 * 1024;
/** A program that is done may have left its output open in a child: so long the last bytes may take. */
const lastBytesMs = 50;

/** What every process of a host is born with; nothing of the lab's caller leaks in. */
export const environment: Readonly<Record<string, string>> = {
  PATH: searchPath,
  HOME: "/",
  LC_ALL: "C",
  SHELL: "/bin/sh",
};

/** A process in a session of its own, so that the whole group can be ended. */
export function start(argv: readonly string[], stdio: "pipe" | number[]): ChildProcess {
  const [program = "", ...args] = argv;
  return spawn(program, args, {
    cwd: "/",
    env: environment,
    detached: true,
    stdio: stdio === "pipe" ? ["ignore", "pipe", "pipe"] : ["ignore", ...stdio],
  });
}

/** Runs a command to its end, or to the end of its time, and gives what it wrote. */
export function run(argv: readonly string[], timeoutMs: number): Promise<RunResult> {
  return new Promise((resolve) => {
    const output = { stdout: "", stderr: "" };
    let timedOut = false;
    const child = start(argv, "pipe");
    const collect = (stream: "stdout" | "stderr") => (text: string) => {
      output[stream] = (output[stream] + text).slice(0, outputMax);
    };
    child.stdout?.setEncoding("utf8").on("data", collect("stdout"));
    child.stderr?.setEncoding("utf8").on("data", collect("stderr"));
    const timer = setTimeout(() => {
      timedOut = true;
      signalGroup(child, "SIGKILL");
    }, timeoutMs);
    const finish = (code: number | null, signal: string | null): void => {
      clearTimeout(timer);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve({ code, signal, timedOut, ...output });
    };
    child.on("error", (error) => {
      output.stderr += error.message;
      finish(127, null);
    });
    onEnd(child, finish);
  });
}

type EndListener = (code: number | null, signal: string | null) => void;

/** Not "close" alone: a service that was started keeps the pipes open, and it would never come. */
export function onEnd(child: ChildProcess, listener: EndListener): void {
  child.on("exit", (code, signal) => {
    const late = setTimeout(() => {
      child.removeListener("close", closed);
      listener(code, signal);
    }, lastBytesMs);
    const closed = (): void => {
      clearTimeout(late);
      listener(code, signal);
    };
    child.once("close", closed);
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It was faster.
  }
}

/** A process of this host, from /proc. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** One letter as in ps: R, S, D, T, Z, … */
  readonly state: string;
  readonly argv: readonly string[];
}

/** Every process of this process-id namespace. */
export function listProcesses(): readonly ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const entry = readProcess(Number(name));
      return entry === undefined ? [] : [entry];
    });
}

function readProcess(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in brackets and may hold any of them: what follows the last one is regular.
    const [state = "", parent = "0"] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    return { pid, parent: Number(parent), state, argv };
  } catch {
    return undefined;
  }
}

/** The processes whose program, or script behind the program, has this file name. */
export function findProcesses(name: string): readonly number[] {
  const isCalled = ({ argv }: ProcessEntry) =>
    argv.slice(0, 4).some((word) => !word.startsWith("-") && basename(word) === name);
  return listProcesses()
    .filter(isCalled)
    .map((entry) => entry.pid);
}

/**
 * Sends a signal to a process, or to all of a name.
 * @returns whom it reached
 */
export function signalProcesses(target: string | number, signal: string): readonly number[] {
  const pids = typeof target === "number" ? [target] : findProcesses(target);
  return pids.filter((pid) => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false;
    }
  });
}
