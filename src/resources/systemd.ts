import { DEADLINES, type Deadlines } from "./deadlines.ts";
import type { Outcome, Resource } from "./resource.ts";
import { howItEnded, type RunResult, run } from "./runner.ts";

export interface SystemdOptions {
  /** With its suffix: `apache2.service`. */
  readonly unit: string;
  /** The program; a name is looked for in PATH. Tests put a script of their own here. */
  readonly systemctl?: string;
  readonly deadlines?: Deadlines;
}

/** A unit of systemd, asked by `systemctl`: its D-Bus libraries weigh more than the few milliseconds saved. */
export class SystemdUnit implements Resource {
  readonly kind = "systemd";
  readonly #unit: string;
  readonly #systemctl: string;
  readonly #deadlines: Deadlines;

  constructor(options: SystemdOptions) {
    this.#unit = options.unit;
    this.#systemctl = options.systemctl ?? "systemctl";
    this.#deadlines = options.deadlines ?? DEADLINES;
  }

  async start(): Promise<Outcome> {
    const result = await this.#call(["start", this.#unit], this.#deadlines.startMs);
    return this.#after("start", result, "running");
  }

  /**
   * `ignore-dependencies`, because our drop-in orders the unit's stop behind tandem.service's: while
   * systemd stops us, an ordinary stop job would wait for our own end.
   */
  async stop(): Promise<Outcome> {
    const words = ["stop", "--job-mode=ignore-dependencies", this.#unit];
    const result = await this.#call(words, this.#deadlines.stopMs);
    if (result.timedOut)
      await this.#call(["kill", "--signal=KILL", this.#unit], this.#deadlines.statusMs);
    return this.#after("stop", result, "stopped");
  }

  async status(): Promise<Outcome> {
    const properties = "ActiveState,SubState,Result,MainPID";
    const result = await this.#call(
      ["show", "-p", properties, this.#unit],
      this.#deadlines.statusMs,
    );
    if (result.code !== 0)
      return { ok: false, state: "unknown", detail: `systemctl show: ${howItEnded(result)}` };
    return outcomeOfProperties(readProperties(result.output));
  }

  /** What counts is what the unit is, not what systemctl said; that becomes the detail. */
  async #after(verb: string, result: RunResult, wanted: "running" | "stopped"): Promise<Outcome> {
    const now = await this.status();
    if (now.state === wanted) return { ok: true, state: wanted, detail: "" };
    const why = result.code === 0 ? now.detail : howItEnded(result);
    return { ok: false, state: now.state, detail: `${verb}: ${why}` };
  }

  async #call(words: readonly string[], deadlineMs: number): Promise<RunResult> {
    const result = await run(this.#systemctl, ["--no-ask-password", ...words], { deadlineMs });
    return { ...result, output: result.output.replace(WHERE_TO_READ_MORE, "") };
  }
}

/** systemctl's last line where something failed; its reason is the one before. */
const WHERE_TO_READ_MORE = /^See .* for details\.\n?/gm;

/** `org.freedesktop.systemd1(5)`, property ActiveState; what is neither up nor down is on its way. */
const ACTIVE_STATES: Readonly<Record<string, Outcome["state"]>> = {
  active: "running",
  reloading: "running",
  refreshing: "running",
  inactive: "stopped",
  failed: "stopped",
};

function outcomeOfProperties(properties: ReadonlyMap<string, string>): Outcome {
  const active = properties.get("ActiveState") ?? "";
  const state = ACTIVE_STATES[active] ?? "unknown";
  const said = `${active === "" ? "no ActiveState" : active}/${properties.get("SubState") ?? ""}`;
  const failed = active === "failed" ? `${said}: ${properties.get("Result") ?? ""}` : "";
  return { ok: state !== "unknown", state, detail: state === "unknown" ? said : failed };
}

function readProperties(output: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const line of output.split("\n")) {
    const at = line.indexOf("=");
    if (at > 0) properties.set(line.slice(0, at), line.slice(at + 1));
  }
  return properties;
}
