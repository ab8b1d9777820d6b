import type { TextFile } from "./files.ts";
import type { Findings } from "./findings.ts";

/** A place in a file, 1-based, in characters. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A word and where it stands. */
export interface Word extends Span {
  readonly text: string;
}

/** A value and the word that set it. */
export interface Located<T> {
  readonly value: T;
  readonly at: Span;
}

/** One line, without its end. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** Heartbeat's own bound on a line (config.md 1.1). */
const LINE_CHARACTERS_MAX = 5119;

/** The whole of a line, for a caret under all of it. */
export function spanOf(line: Line): Span {
  return { line: line.number, column: 1, length: Math.max(1, line.text.length) };
}

/**
 * Splits a file into the lines that can be read, and reports what no text file should hold. A line
 * with such bytes is left out: half of it would be a guess. `comment`: what nobody reads of a line.
 */
export function readLines(
  file: TextFile,
  findings: Findings,
  comment: RegExp = /#.*/,
): readonly Line[] {
  const raw = file.text.replace(/^\ufeff/, "").split("\n");
  reportForm(file.text, raw, findings);
  // What follows the last newline is a line only if there is something.
  if (raw.at(-1) === "") raw.pop();
  return raw
    .map((text, index) => ({ number: index + 1, text: text.replace(/\r$/, "") }))
    .filter((line) => isReadable(line, comment, findings));
}

function reportForm(text: string, raw: readonly string[], findings: Findings): void {
  if (text.startsWith("\ufeff"))
    findings.hint(undefined, "byte-order-mark", "the file begins with a byte order mark");
  const crlf = raw.findIndex((line) => line.endsWith("\r"));
  if (crlf !== -1) {
    const at = { line: crlf + 1, column: raw[crlf]?.length ?? 1, length: 1 };
    findings.warning(at, "crlf", "the line ends in CR LF; so may others");
  }
  const last = raw.at(-1) ?? "";
  if (last !== "") {
    const at = { line: raw.length, column: last.length, length: 1 };
    findings.hint(at, "no-final-newline", "the last line has no newline at its end");
  }
}

function isReadable(line: Line, comment: RegExp, findings: Findings): boolean {
  const { number, text } = line;
  if (text.length > LINE_CHARACTERS_MAX) {
    const at = { line: number, column: LINE_CHARACTERS_MAX + 1, length: 1 };
    const message = `the line has ${text.length} characters, at most ${LINE_CHARACTERS_MAX} are read`;
    findings.error(at, "line-too-long", message);
    return false;
  }
  const nul = text.indexOf("\0");
  const index = nul === -1 ? text.replace(comment, "").search(INVISIBLE) : nul;
  if (index === -1) return true;
  const at = { line: number, column: index + 1, length: 1 };
  const character = text.charAt(index);
  if (character === "\0") findings.error(at, "nul-byte", "the line holds a NUL byte");
  else if (character === "\ufffd")
    findings.error(at, "not-utf-8", "the line holds bytes that are not UTF-8");
  else findings.error(at, "control-character", `the line holds ${nameOf(character)}`);
  return false;
}

/**
 * What becomes part of a word unseen: control characters (but tab, VT, FF, which are blanks), the
 * no-break space of copied web pages, zero widths and marks of direction. U+FFFD stands for bytes
 * that are not UTF-8. In comments they harm nobody.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\x01-\x08\x0a\x0d-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufffd]/;

function nameOf(character: string): string {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return character === "\xa0"
    ? "a no-break space (U+00A0), often copied from a web page"
    : `the invisible character U+${code}`;
}

/** The words of a line, from a column on; `separators` as the inside of a character class. */
export function wordsOf(line: Line, separators: string, from = 0): readonly Word[] {
  const pattern = new RegExp(`[^${separators}]+`, "g");
  pattern.lastIndex = from;
  return [...line.text.matchAll(pattern)].map((match) => ({
    text: match[0],
    line: line.number,
    column: match.index + 1,
    length: match[0].length,
  }));
}

/** A line without its comment. */
export function withoutComment(line: Line): Line {
  const hash = line.text.indexOf("#");
  return hash === -1 ? line : { number: line.number, text: line.text.slice(0, hash) };
}

/** What a file says, short and in backquotes, for a message. */
export function quoted(text: string): string {
  return text.length <= QUOTED_MAX ? `\`${text}\`` : `\`${text.slice(0, QUOTED_MAX)}…\``;
}

/** Enough for any real word; garbage must not fill the screen. */
const QUOTED_MAX = 48;
