import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Processes that do nothing but use a core, as ordinary as any other; they end with `end`, or after `seconds`. */
export class BusyLoops {
  readonly #loops: readonly ChildProcess[];

  constructor(count: number, seconds: number) {
    const program = `const end = Date.now() + ${seconds * 1000}; while (Date.now() < end);`;
    // Each in a session of its own, or the kernel's autogroups would let all of them have one share.
    this.#loops = Array.from({ length: count }, () =>
      spawn(process.execPath, ["-e", program], { stdio: "ignore", detached: true }),
    );
  }

  async end(): Promise<void> {
    const running = this.#loops.filter(
      (loop) => loop.exitCode === null && loop.signalCode === null,
    );
    const ended = running.map((loop) => once(loop, "exit"));
    for (const loop of running) loop.kill("SIGKILL");
    await Promise.all(ended);
  }
}
