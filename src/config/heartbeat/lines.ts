import { type Line, type Word, wordsOf } from "../source.ts";

/** fgets into a buffer of 5120: what is longer goes on as a line of its own (seen with 3.0.6). */
const LINE_CHARACTERS_MAX = 5119;

/** Blank, tab, CR, form feed; a vertical tab is part of a word. */
export const BLANKS = " \\t\\r\\f";

/** The lines as 3.0.6 reads them: nothing is refused for its bytes, a NUL ends the line. */
export function rawLines(text: string): readonly Line[] {
  return text
    .split("\n")
    .flatMap((whole, index) => cut(whole).map((piece) => ({ number: index + 1, text: piece })))
    .map(({ number, text: piece }) => ({ number, text: piece.split("\0", 1)[0] ?? "" }));
}

/** Each piece keeps its column: what is before it is blank. */
function cut(whole: string): readonly string[] {
  const pieces = [whole.slice(0, LINE_CHARACTERS_MAX)];
  for (let from = LINE_CHARACTERS_MAX; from < whole.length; from += LINE_CHARACTERS_MAX)
    pieces.push(" ".repeat(from) + whole.slice(from, from + LINE_CHARACTERS_MAX));
  return pieces;
}

/** A directive with what stands behind it, its comment gone. */
export interface DirectiveLine {
  readonly name: Word;
  /** Separated by blanks or commas. */
  readonly values: readonly Word[];
  /** Separated by blanks alone, for directives that get their line whole. */
  readonly words: readonly Word[];
}

/** Undefined: nothing is on the line. */
export function directiveOf(line: Line): DirectiveLine | undefined {
  const bare = { number: line.number, text: line.text.replace(/#.*/s, "") };
  const [name, ...words] = wordsOf(bare, BLANKS);
  if (name === undefined) return undefined;
  const values = wordsOf(bare, `${BLANKS},`, name.column - 1 + name.length);
  return { name, values, words };
}
