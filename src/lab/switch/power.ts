import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { listProcesses } from "../host/processes.ts";
import type { Birth, HostNotice } from "../host/protocol.ts";
import { hostNamespaces } from "../namespaces.ts";
import { builtProgram, searchPath } from "../paths.ts";
import type { Frame } from "../rpc.ts";

/**
 * A POSIX shell is a host's pid 1: it waits for the agent and, while it waits, reaps every orphan that is
 * handed to it, which Node (it waits for its own children by number) would leave as zombies.
 */
export const initScript = '"$@" & wait "$!"';

/** Within this a host comes up; it takes 0.3 s on an idle machine. */
const bootTimeoutMs = 30_000;
/** Of what a host that does not come up said, these last characters are told. */
const lastWordsMax = 2000;

/** A running host, as its switch sees it. */
export interface Host {
  /** `unshare`, which lies in the host's network namespace and ends when the host has ended. */
  readonly process: ChildProcess;
  readonly pid: number;
}

/**
 * Starts a host in namespaces of its own, on that processor alone if one is named.
 * @throws Error with the host's last words when it does not come up
 */
export function boot(
  birth: Birth,
  processor: number | undefined,
  onFrame: (frame: Frame) => void,
): Promise<Host> {
  const agent = [process.execPath, builtProgram("host/host-main.js"), JSON.stringify(birth)];
  const init = ["unshare", ...hostNamespaces, "sh", "-c", initScript, "init", ...agent];
  const bound = processor === undefined ? [] : ["taskset", "--cpu-list", String(processor)];
  const [program = "", ...argv] = [...bound, ...init];
  const child = spawn(program, argv, {
    env: { PATH: searchPath },
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  let lastWords = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    process.stderr.write(text);
    lastWords = `${lastWords}${text}`.slice(-lastWordsMax);
  });
  return new Promise((resolve, reject) => {
    const name = birth.layout.name;
    const late = setTimeout(() => child.kill("SIGKILL"), bootTimeoutMs);
    const failed = (why: string) => {
      clearTimeout(late);
      reject(new Error(`host ${name} did not come up (${why}): ${lastWords.trim()}`));
    };
    child.on("error", (error) => failed(error.message));
    // Not at "exit", when what it said last may still be on its way.
    child.on("close", (code, signal) => failed(`${signal ?? `status ${code}`}`));
    child.on("message", (frame: Frame) => {
      if (child.pid !== undefined && isHere(frame)) {
        clearTimeout(late);
        resolve({ process: child, pid: child.pid });
      } else onFrame(frame);
    });
  });
}

function isHere(frame: Frame): boolean {
  return frame.kind === "notice" && (frame.notice as HostNotice).kind === "here";
}

/** SIGKILL for the host's pid 1, which takes every process of the host along; resolves when all are gone. */
export async function halt(host: Host): Promise<void> {
  if (host.process.exitCode !== null || host.process.signalCode !== null) return;
  const ended = once(host.process, "exit");
  const init = listProcesses().find((entry) => entry.parent === host.pid);
  process.kill(init?.pid ?? host.pid, "SIGKILL");
  await ended;
}
