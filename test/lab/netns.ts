import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/**
 * Runs test agents in network namespaces of their own: a script of ours beside the tests, started
 * by util-linux' `unshare`, that talks to its starter over Node's IPC. Nothing needs `ip`, nothing
 * outlives the agents: an anonymous namespace dies with its last process.
 */

const hooks = fileURLToPath(new URL("./typescript-hooks.mjs", import.meta.url));

/** As root a network namespace is enough; anybody else becomes root in a user namespace first. */
export const outermost: readonly string[] = process.getuid?.() === 0 ? ["-nm"] : ["-Urnm"];
/** Of an agent that another agent starts: it is root already. */
const inner = ["-n"];

export interface Agent {
  readonly pid: number;
  readonly process: ChildProcess;
  /** The agent's next message. Rejects when it ends instead. */
  next(): Promise<unknown>;
  send(message: object): void;
  stop(): Promise<void>;
}

/** Starts `script` in a new namespace and waits for its first message, which says that it is there. */
export async function startAgent(
  script: URL,
  options: { flags?: readonly string[]; args?: readonly string[] } = {},
): Promise<Agent> {
  const flags = options.flags ?? inner;
  const node = [process.execPath, "--import", hooks, fileURLToPath(script)];
  const child = spawn("unshare", [...flags, ...node, ...(options.args ?? [])], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  exited.catch(() => {});
  const waiting: unknown[] = [];
  child.on("message", (message) => waiting.push(message));
  const agent: Agent = {
    pid: child.pid ?? 0,
    process: child,
    next: async () => {
      if (waiting.length === 0) await Promise.race([once(child, "message"), exited]);
      if (waiting.length === 0) throw new Error(`agent ${script.pathname} ended without a word`);
      return waiting.shift();
    },
    send: (message) => void child.send(message),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await exited;
      }
    },
  };
  await agent.next();
  return agent;
}

/** Runs a whole scenario in a namespace of its own; its result is the one message after the first. */
export async function runScenario<Result>(script: URL): Promise<Result> {
  const agent = await startAgent(script, { flags: outermost });
  try {
    return (await agent.next()) as Result;
  } finally {
    await agent.stop();
  }
}

/** In an agent: says that it is there, then hands over what `scenario` found. */
export async function report(scenario: () => Promise<object> | object): Promise<void> {
  process.send?.({ ready: true });
  const result = await scenario();
  process.send?.(result, () => process.disconnect());
}
