import { DEADLINES, type Deadlines } from "./deadlines.ts";
import {
  saysItDidNotRun,
  stateOfStatusCode,
  wordsOfActionCode,
  wordsOfStatusCode,
} from "./exec-codes.ts";
import type { Outcome, Resource } from "./resource.ts";
import { howItEnded, lastLine, type RunResult, run } from "./runner.ts";

/** Which script, how it is called, how its answers are read. */
export interface LsbOptions {
  /** The script, an absolute path. */
  readonly path: string;
  /** What haresources writes after `::`; handed over before the action, as Heartbeat does. */
  readonly args: readonly string[];
  /**
   * How `status` answers: `lsb` by its exit code, `heartbeat` (scripts of resource.d) by its words
   * (config.md 3.2), and by its exit code only where it says nothing that can be read.
   */
  readonly dialect: "lsb" | "heartbeat";
  readonly deadlines?: Deadlines;
}

/** An init script, or one of Heartbeat's resource scripts. */
export class LsbScript implements Resource {
  readonly kind = "lsb";
  readonly #options: LsbOptions;
  readonly #deadlines: Deadlines;

  constructor(options: LsbOptions) {
    this.#options = options;
    this.#deadlines = options.deadlines ?? DEADLINES;
  }

  /** Asks for the status first: not every script knows that a start of what runs is a success. */
  async start(): Promise<Outcome> {
    const before = await this.status();
    if (before.state === "running") return RUNNING;
    const result = await this.#act("start", this.#deadlines.startMs);
    if (result.code === 0) return RUNNING;
    const after = result.timedOut ? UNKNOWN : await this.status();
    if (after.state === "running") return RUNNING;
    return { ok: false, state: after.state, detail: `start: ${explain(result)}` };
  }

  /** Only 0 is believed unasked: what a script says of a filesystem must not have it mounted twice. */
  async stop(): Promise<Outcome> {
    const result = await this.#act("stop", this.#deadlines.stopMs);
    if (result.code === 0) return STOPPED;
    const after = result.timedOut ? UNKNOWN : await this.status();
    const isSaid = after.state === "unknown" && saysItDidNotRun(result.code);
    if (after.state === "stopped" || isSaid) return STOPPED;
    return { ok: false, state: after.state, detail: `stop: ${explain(result)}` };
  }

  async status(): Promise<Outcome> {
    const result = await this.#act("status", this.#deadlines.statusMs);
    const ran = result.code !== undefined && !result.timedOut;
    if (!ran) return { ok: false, state: "unknown", detail: `status: ${howItEnded(result)}` };
    const state = this.#stateOf(result);
    if (state === "unknown") return { ok: false, state, detail: `status: ${explain(result)}` };
    return { ok: true, state, detail: wordsOfStatusCode(result.code) };
  }

  #stateOf(result: RunResult): Outcome["state"] {
    const byCode = stateOfStatusCode(result.code);
    if (this.#options.dialect === "lsb") return byCode;
    return stateOfWords(result.output) ?? byCode;
  }

  #act(action: "start" | "stop" | "status", deadlineMs: number): Promise<RunResult> {
    const words = [...this.#options.args, action];
    return run(this.#options.path, words, { deadlineMs, env: NO_REDIRECT });
  }
}

/**
 * Where systemd runs, init scripts hand their actions to `systemctl` and the unit that systemd made of
 * them, unless told not to: Debian and Red Hat by the first word, SUSE by the second. systemd would
 * stop that unit beside us at a shutdown (safety.md 9).
 */
const NO_REDIRECT = { SYSTEMCTL_SKIP_REDIRECT: "1", SYSTEMD_NO_WRAP: "1" };

const RUNNING: Outcome = { ok: true, state: "running", detail: "" };
const STOPPED: Outcome = { ok: true, state: "stopped", detail: "" };
const UNKNOWN: Outcome = { ok: false, state: "unknown", detail: "" };

/** Heartbeat's reading of a status text: `running` in any case without `not running`, or `OK`. */
function stateOfWords(output: string): Outcome["state"] | undefined {
  if (/not running|stopped/i.test(output)) return "stopped";
  if (/running/i.test(output) || /\bOK\b/.test(output)) return "running";
  return undefined;
}

function explain(result: RunResult): string {
  const words = wordsOfActionCode(result.code);
  // The script's own words say more than the specification's.
  if (words === "" || lastLine(result.output) !== "") return howItEnded(result);
  return `${howItEnded(result)} (${words})`;
}
