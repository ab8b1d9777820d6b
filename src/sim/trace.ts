import type { LogLine } from "./surroundings.ts";

/** The last things that were said and done, for whoever has to understand a violation. */
export class Trace {
  readonly #lines: string[] = [];
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** Debug lines are for the debug file. */
  log(line: LogLine): void {
    if (line.level === "debug") return;
    this.add(line.at, line.host, `${line.level}: ${line.text}`);
  }

  add(at: number, who: string, text: string): void {
    if (this.#lines.length >= this.#max) this.#lines.shift();
    this.#lines.push(formatLine(at, who, text));
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}

/** `   12.345 zeus  info: …`: virtual seconds, short name, words. */
export function formatLine(at: number, who: string, text: string): string {
  const seconds = (at / 1000).toFixed(3).padStart(9);
  return `${seconds} ${(who.split(".")[0] ?? "").padEnd(5)} ${text}`;
}
