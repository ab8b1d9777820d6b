import type { Diagnostic } from "../config/types.ts";

/** Room for the source line on a terminal of 100 columns. */
const EXCERPT_MAX = 88;

/**
 * A diagnostic for people: place, sentence and code, the line with a caret under what is meant, and
 * the mend. `source` is the line; undefined where the file as a whole is meant.
 */
export function formatDiagnostic(diagnostic: Diagnostic, source: string | undefined): string {
  const { file, line, column, severity, code, message, mend } = diagnostic;
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const head = `${place}: ${severity}: ${message} [${code}]`;
  const excerpt = line === 0 || source === undefined ? [] : excerptOf(diagnostic, source);
  return [head, ...excerpt, `      = ${mend}`, ""].join("\n");
}

/** `1 error`, `2 hints`: how many of this severity there are. */
export function countOf(
  diagnostics: readonly Diagnostic[],
  severity: Diagnostic["severity"],
): string {
  const { length } = diagnostics.filter((one) => one.severity === severity);
  return `${length} ${severity}${length === 1 ? "" : "s"}`;
}

function excerptOf({ line, column, length }: Diagnostic, source: string): readonly string[] {
  // The caret is always in view, whatever the length of the line.
  const from = Math.max(0, Math.min(column - 1 - 20, source.length - EXCERPT_MAX));
  const shown = [...source.slice(from, from + EXCERPT_MAX)].map(printable).join("");
  const before = column - 1 - from;
  const carets = "^".repeat(Math.max(1, Math.min(length, EXCERPT_MAX - before)));
  const number = String(line).padStart(5);
  return [`${number} | ${shown}`, `      | ${" ".repeat(before)}${carets}`];
}

/** One column for each character: no tab, no escape sequence, nothing of a garbled file reaches the terminal. */
function printable(character: string): string {
  if (/[\t\v\f\r\u00a0]/.test(character)) return " ";
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character) ? "\ufffd" : character;
}
