import { ERRORS, type ErrorCode } from "../base/errors.ts";
import type { Span } from "./source.ts";
import type { Diagnostic } from "./types.ts";

/** Per file and severity; what comes after is only counted. A person mends a screenful at a time. */
export const PROBLEMS_MAX = 100;

/** Collects what is wrong with one file. Nothing is ever thrown: all problems are told together. */
export class Findings {
  readonly file: string;
  readonly #kept: Diagnostic[] = [];
  readonly #count: Record<Diagnostic["severity"], number> = { error: 0, warning: 0, hint: 0 };

  constructor(file: string) {
    this.file = file;
  }

  /** The file cannot be used as it is. `at` undefined: the file as a whole. */
  error(at: Span | undefined, code: ErrorCode, message: string, mend?: string): void {
    this.#add("error", at, code, message, mend);
  }

  /** Usable, but probably not what was meant. */
  warning(at: Span | undefined, code: ErrorCode, message: string, mend?: string): void {
    this.#add("warning", at, code, message, mend);
  }

  /** Worth knowing. */
  hint(at: Span | undefined, code: ErrorCode, message: string, mend?: string): void {
    this.#add("hint", at, code, message, mend);
  }

  get hasErrors(): boolean {
    return this.#count.error > 0;
  }

  /** No further error is listed: a costly sentence need not be made. */
  get isFull(): boolean {
    return this.#count.error >= PROBLEMS_MAX;
  }

  /** In the order of the file; the last one says how many are not listed. */
  list(): readonly Diagnostic[] {
    const sorted = this.#kept.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const { error, warning, hint } = this.#count;
    const left = error + warning + hint - sorted.length;
    if (left === 0) return sorted;
    const code = "too-many-problems";
    const { nextStep: mend } = ERRORS[code];
    const message = `and ${left} more problems in this file`;
    const severity = error > 0 ? "error" : "warning";
    return [
      ...sorted,
      { file: this.file, line: 0, column: 0, length: 1, severity, code, message, mend },
    ];
  }

  #add(
    severity: Diagnostic["severity"],
    at: Span | undefined,
    code: ErrorCode,
    message: string,
    mend: string | undefined,
  ): void {
    this.#count[severity] += 1;
    // What concerns the whole file is never crowded out: there are only a few such sentences.
    if (at !== undefined && this.#count[severity] > PROBLEMS_MAX) return;
    this.#kept.push({
      file: this.file,
      line: at?.line ?? 0,
      column: at?.column ?? 0,
      length: at === undefined ? 1 : Math.max(1, at.length),
      severity,
      code,
      message,
      mend: mend ?? ERRORS[code].nextStep,
    });
  }
}
