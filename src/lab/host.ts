import type { DaemonProcesses, HostCalls, HostNotice, RunResult } from "./host/protocol.ts";
import type { HostName, NetworkCable } from "./layout.ts";
import { Caller, type Frame } from "./rpc.ts";

/** Enough for any command of a test on a busy machine. */
const runTimeoutMs = 30_000;
/** A clean stop hands services over; a daemon that takes longer is ended. */
const stopTimeoutMs = 60_000;

/** How a process came to its end; a power cut counts as SIGKILL. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A process that runs on a host. */
export interface LabProcess {
  /** As the host sees it. */
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Gets what a process writes, as it comes: pieces, not lines. */
export type OutputListener = (text: string, stream: "stdout" | "stderr") => void;

interface Watched {
  readonly onOutput: OutputListener;
  readonly end: (end: ProcessEnd) => void;
}

/** One machine of the lab, as its administrator sees it. Survives power cuts: the same object is the host that comes back. */
export class LabHost {
  readonly name: HostName;
  readonly #caller: Caller<HostCalls>;
  readonly #watched = new Map<number, Watched>();
  #tokens = 0;

  constructor(name: HostName, send: (frame: Frame) => void) {
    this.name = name;
    this.#caller = new Caller(send, name);
  }

  /** Runs a command to its end; its exit status is a result, not an error. */
  run(argv: readonly string[], options: { timeoutMs?: number } = {}): Promise<RunResult> {
    return this.#caller.call("run", { argv, timeoutMs: options.timeoutMs ?? runTimeoutMs });
  }

  /** Starts a command and follows it. @throws Error where the program is missing */
  async spawn(argv: readonly string[], onOutput: OutputListener = () => {}): Promise<LabProcess> {
    const token = ++this.#tokens;
    const ended = new Promise<ProcessEnd>((resolve) => {
      this.#watched.set(token, { onOutput, end: resolve });
    });
    try {
      const { pid } = await this.#caller.call("spawn", { argv, token });
      const kill = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
        await this.signal(pid, signal);
      };
      return { pid, ended, kill };
    } catch (error) {
      this.#watched.delete(token);
      throw error;
    }
  }

  /** Sends a signal to process ids of the host, or to all processes of a name, at once; gives whom it reached. */
  async signal(
    target: string | number | readonly number[],
    signal: NodeJS.Signals,
  ): Promise<readonly number[]> {
    const targets = typeof target === "object" ? target : [target];
    return (await this.#caller.call("signal", { targets, signal })).pids;
  }

  async writeFile(path: string, text: string, mode = 0o644): Promise<void> {
    await this.#caller.call("writeFile", { path, text, mode });
  }

  async readFile(path: string): Promise<string> {
    return (await this.#caller.call("readFile", { path })).text;
  }

  /**
   * Starts `tandemd`; with `keep` it is started again 100 ms after every end, as its unit does.
   * @returns the process id of the pulse
   */
  async startDaemon(options: { args?: readonly string[]; keep?: boolean } = {}): Promise<number> {
    const { args = [], keep = true } = options;
    return (await this.#caller.call("startDaemon", { args, keep })).pid;
  }

  /** SIGTERM, and waits for the end: the clean stop of a service manager. */
  stopDaemon(options: { timeoutMs?: number } = {}): Promise<ProcessEnd> {
    return this.#caller.call("stopDaemon", { timeoutMs: options.timeoutMs ?? stopTimeoutMs });
  }

  daemonProcesses(): Promise<DaemonProcesses> {
    return this.#caller.call("daemonProcesses", null);
  }

  /** Sends a signal to the pulse, to its daemon, or to both at once; gives whom it reached. */
  async killDaemon(
    which: "pulse" | "daemon" | "both",
    signal: NodeJS.Signals = "SIGKILL",
  ): Promise<readonly number[]> {
    const { pulse, daemon } = await this.daemonProcesses();
    const targets = { pulse: [pulse], daemon: [daemon], both: [pulse, daemon] }[which];
    return this.signal(
      targets.filter((pid) => pid !== undefined),
      signal,
    );
  }

  /** Whether the host's interface has carrier, as the host itself sees it. */
  async hasCarrier(cable: NetworkCable): Promise<boolean> {
    const text = await this.readFile(`/sys/class/net/${cable}/carrier`);
    return text.trim() === "1";
  }

  /** What came from the host: an answer, output, an end. */
  received(frame: Frame): void {
    if (frame.kind === "answer") this.#caller.answered(frame);
    else if (frame.kind === "notice") this.#noticed(frame.notice as HostNotice);
  }

  /** The host is off: whoever waits for it waits no more. */
  wentOff(why: string): void {
    this.#caller.fail(why);
    const watched = [...this.#watched.values()];
    this.#watched.clear();
    for (const { end } of watched) end({ code: null, signal: "SIGKILL" });
  }

  #noticed(notice: HostNotice): void {
    switch (notice.kind) {
      case "stdout":
      case "stderr":
        this.#watched.get(notice.token)?.onOutput(notice.text, notice.kind);
        break;
      case "exit":
        this.#watched.get(notice.token)?.end(notice);
        this.#watched.delete(notice.token);
        break;
      case "off":
        this.wentOff(`host ${this.name} is off`);
        break;
      case "here":
        break;
    }
  }
}
