import type { Findings } from "./findings.ts";
import { type Line, type Word, withoutComment, wordsOf } from "./source.ts";

/** Heartbeat's script squeezes blanks; commas belong to words. */
const SEPARATORS = " \\t\\v\\f\\r";

/** A group's words, gathered over the lines that end in a backslash; each knows where it stands. */
export type LogicalLine = readonly Word[];

/**
 * Joins the lines of haresources. Comments go first, so a comment ends a continuation; the backslash
 * must be the very last character (config.md 3.1).
 */
export function joinLines(lines: readonly Line[], findings: Findings): readonly LogicalLine[] {
  const joined: LogicalLine[] = [];
  let open: Word[] = [];
  let goesOn = false;
  let endsInWord = false;
  for (const line of lines.map(withoutComment)) {
    if (goesOn && endsInWord && /^[^\s]/.test(line.text)) {
      const at = { line: line.number, column: 1, length: 1 };
      const message = "the line above ends and this one begins without a blank between";
      findings.warning(at, "continuation-without-blank", message);
    }
    goesOn = line.text.endsWith("\\");
    const text = goesOn ? line.text.slice(0, -1) : line.text;
    endsInWord = /\S$/.test(text);
    const words = wordsOf({ number: line.number, text }, SEPARATORS);
    open.push(...words.filter((word) => !isStray(word, findings)));
    if (goesOn) continue;
    if (open.length > 0) joined.push(open);
    open = [];
  }
  if (open.length > 0) joined.push(open);
  return joined;
}

function isStray(word: Word, findings: Findings): boolean {
  if (!word.text.endsWith("\\")) return false;
  const at = { line: word.line, column: word.column + word.length - 1, length: 1 };
  findings.error(at, "stray-backslash", "a backslash that is not the last character of its line");
  return true;
}
