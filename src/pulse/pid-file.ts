import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { MachineError } from "../base/errors.ts";

/** The pid of the pulse: what an operator and the service manager signal. */
const PID_FILE = "tandemd.pid";
/** A stale file is moved out of the way at most so often before we give up. */
const TRIES_MAX = 5;

/**
 * Makes this process the one pulse of this run directory. A file left by a process that was killed is
 * replaced without anybody's help: its pid is no living tandemd. Throws `already-running`.
 */
export function claimRunDir(runDir: string): void {
  mkdirSync(runDir, { recursive: true, mode: 0o755 });
  const path = join(runDir, PID_FILE);
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, `${process.pid}\n`);
  try {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      if (tryLink(mine, path)) return;
      const other = livingPulse(path);
      if (other !== undefined) throw alreadyRunning(other, runDir);
      moveAway(path, `${mine}.stale`);
    }
    throw alreadyRunning(readPid(path), runDir);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** The last thing that a pulse does. */
export function releaseRunDir(runDir: string): void {
  const path = join(runDir, PID_FILE);
  if (readPid(path) === process.pid) rmSync(path, { force: true });
}

/** The program name among the arguments of a process that is alive (not a zombie); undefined: none is. */
export function livingArguments(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in parentheses may hold anything; the state is the first field behind it.
    const state = stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
    if (state === "Z" || state === "X") return undefined;
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
  } catch {
    return undefined;
  }
}

export function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "latin1").trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function livingPulse(path: string): number | undefined {
  const pid = readPid(path);
  if (pid === undefined || pid === process.pid) return undefined;
  const words = livingArguments(pid) ?? [];
  return words.some((word) => basename(word) === "tandemd") ? pid : undefined;
}

/** link(2) creates or fails, never half: two that start at once cannot both succeed. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Takes a stale file away, unless another starting pulse has put its own there in between. */
function moveAway(path: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  if (livingPulse(aside) !== undefined) tryLink(aside, path);
  unlinkSync(aside);
}

function alreadyRunning(pid: number | undefined, runDir: string): MachineError {
  return new MachineError("already-running", `tandemd runs already with pid ${pid} on ${runDir}`);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
