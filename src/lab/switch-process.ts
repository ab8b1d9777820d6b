import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { LabHost } from "./host.ts";
import { type HostName, hostNames } from "./layout.ts";
import type { Entrance } from "./namespaces.ts";
import { builtProgram, searchPath } from "./paths.ts";
import { Caller, type Frame } from "./rpc.ts";
import { initScript } from "./switch/power.ts";
import type { SwitchBirth, SwitchCalls } from "./switch/protocol.ts";

/** So long the switch may take to end of its own accord; it takes some 20 ms. */
const closeTimeoutMs = 10_000;
/** util-linux's `unshare` says this each time its child dies of a signal; it means nothing. */
const unshareNoise = /^unshare: sigprocmask unblock failed: |^$/;
/** What is kept of complaints, to be told when the lab cannot start. */
const complaintsMax = 4096;

/** The process that holds the lab, and the conversation with it. */
export class SwitchProcess {
  readonly caller: Caller<SwitchCalls>;
  readonly hosts: Readonly<Record<HostName, LabHost>>;
  /** Resolves when the switch can be called. */
  readonly here: Promise<void>;
  onComplaint: (line: string) => void = () => {};
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #complaints = "";

  constructor(entrance: Entrance, birth: SwitchBirth) {
    const program = builtProgram("switch/switch-main.js");
    const argv = [process.execPath, program, JSON.stringify(birth)];
    // Of a session of its own: Ctrl-C at the terminal is for the lab's user, who then closes it in order.
    this.#child = spawn("unshare", [...entrance.flags, "sh", "-c", initScript, "init", ...argv], {
      detached: true,
      env: { PATH: searchPath },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const send = (frame: Frame): void => {
      if (!this.#child.connected) throw new Error("the lab is closed");
      this.#child.send(frame);
    };
    this.caller = new Caller(send);
    this.hosts = Object.fromEntries(
      hostNames.map((name) => [name, new LabHost(name, send)]),
    ) as Record<HostName, LabHost>;
    this.#ended = new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
      this.#child.once("error", () => resolve());
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => this.#complained(line));
    }
    this.here = new Promise((resolve, reject) => {
      this.#child.on("message", (frame: Frame) => this.#received(frame, resolve));
      void this.#ended.then(() => {
        reject(new Error(`the lab's switch ended: ${this.#complaints.trim() || "without a word"}`));
        this.#gone();
      });
    });
  }

  /** Asks the switch to go, by closing the channel; insists when that takes too long. */
  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const insist = setTimeout(() => this.#child.kill("SIGKILL"), closeTimeoutMs);
    await this.#ended;
    clearTimeout(insist);
  }

  #received(frame: Frame, isHere: () => void): void {
    if (frame.host !== undefined) this.hosts[frame.host as HostName].received(frame);
    else if (frame.kind === "answer") this.caller.answered(frame);
    else isHere();
  }

  #gone(): void {
    this.caller.fail("the lab is closed");
    for (const host of Object.values(this.hosts)) host.wentOff("the lab is closed");
  }

  #complained(line: string): void {
    if (unshareNoise.test(line)) return;
    this.#complaints = `${this.#complaints}${line}\n`.slice(-complaintsMax);
    this.onComplaint(line);
  }
}
