import { appendFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import type { LogConfig } from "../config/types.ts";
import type { LogLevel } from "../core/step.ts";
import { type LogSource, logLine } from "./log-line.ts";
import { RepeatFilter } from "./repeat-filter.ts";

/** product.md 2. `logfacility` is read and not run by this version: the file is always written. */
const DEFAULT_LOG = "/var/log/ha-log";
/** Lines that wait while the disk is slow; what comes after is counted. */
const WAITING_LINES_MAX = 2_000;

/**
 * Writes the log without ever waiting for a disk. Each batch opens the file anew, so that it may be
 * rotated under us. Debug lines go to the debug file alone, everything else to both.
 */
export class LogFile {
  readonly #source: LogSource;
  readonly #main: LineQueue;
  readonly #debug: LineQueue | undefined;
  readonly #filter = new RepeatFilter();

  /** `trouble` is called once per spell in which a file cannot be written. */
  constructor(config: LogConfig, source: LogSource, trouble: (what: string) => void) {
    this.#source = source;
    this.#main = new LineQueue(config.logfile ?? DEFAULT_LOG, trouble);
    const { debugfile } = config;
    this.#debug = debugfile === undefined ? undefined : new LineQueue(debugfile, trouble);
  }

  write(level: LogLevel, text: string): void {
    const at = new Date();
    for (const passed of this.#filter.pass(text, at.getTime())) {
      const line = logLine(this.#source, at, level, passed);
      this.#debug?.push(line);
      if (level !== "debug") this.#main.push(line);
    }
  }

  /** The last words of a process that cannot go on: on the calling thread, best effort. */
  writeLast(text: string): void {
    this.#main.pushSync(logLine(this.#source, new Date(), "CRIT", text));
  }

  /** Resolves when what was written has reached the files, or has failed to. */
  async settled(): Promise<void> {
    await Promise.all([this.#main.settled(), this.#debug?.settled()]);
  }
}

/** Lines on their way into one file. */
class LineQueue {
  readonly #path: string;
  readonly #trouble: (what: string) => void;
  #waiting: string[] = [];
  #dropped = 0;
  #writing: Promise<void> | undefined;
  #isTroubled = false;

  constructor(path: string, trouble: (what: string) => void) {
    this.#path = path;
    this.#trouble = trouble;
  }

  push(line: string): void {
    if (this.#waiting.length < WAITING_LINES_MAX) this.#waiting.push(line);
    else this.#dropped += 1;
    this.#writing ??= this.#run();
  }

  pushSync(line: string): void {
    try {
      appendFileSync(this.#path, [...this.#waiting, line].join(""), { mode: 0o640 });
    } catch {
      // Nobody is left to tell.
    }
  }

  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      await this.#append(lines);
    }
    this.#writing = undefined;
  }

  async #append(lines: readonly string[]): Promise<void> {
    const dropped = this.#dropped;
    const note =
      dropped === 0 ? "" : `tandem: ${dropped} lines are missing here: the disk was slow\n`;
    try {
      await appendFile(this.#path, note + lines.join(""), { mode: 0o640 });
      this.#dropped -= dropped;
      this.#isTroubled = false;
    } catch (error) {
      this.#dropped += lines.length;
      if (!this.#isTroubled) this.#trouble(`cannot write ${this.#path}: ${String(error)}`);
      this.#isTroubled = true;
    }
  }
}
