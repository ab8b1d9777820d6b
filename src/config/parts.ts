import type { Directive } from "./grammar.ts";
import { type Located, quoted, type Span, type Word } from "./source.ts";
import type { ValueKind } from "./values.ts";

/** A part of a line: how it is read, and what stands for it in an advice. */
export interface Part<T> {
  readonly kind: ValueKind<T>;
  readonly example: string;
}

type Parts = Readonly<Record<string, Part<unknown>>>;

/** The values of such parts, by their names. */
export type ValuesOf<P extends Parts> = {
  readonly [Name in keyof P]: P[Name] extends Part<infer T> ? T : never;
};

export interface PartsEntry<Draft, P extends Parts> {
  /** In the order of the line; their names are said to people. */
  readonly parts: P;
  readonly default: string;
  readonly meaning: string;
  readonly set: (draft: Draft, line: Located<ValuesOf<P>>) => void;
}

/** A directive whose line has parts of different kinds: `mcast eth1 225.0.0.1 694 1 0`. Each line adds. */
export function inParts<Draft, P extends Parts>(
  name: string,
  entry: PartsEntry<Draft, P>,
): Directive<Draft> {
  const words = Object.keys(entry.parts).map((part) => part.toUpperCase());
  return {
    name,
    syntax: `${name} ${words.join(" ")}`,
    default: entry.default,
    meaning: entry.meaning,
    takes: "line",
    runs: "yes",
    apply: (draft, [rest], line) => {
      if (rest === undefined) return false;
      const given = wordsIn(rest);
      const values = readParts(entry.parts, given, line);
      if (values !== undefined) entry.set(draft, { value: values, at: rest });
      return values !== undefined;
    },
  };
}

/** The words of what was read as one, each with its own place. */
function wordsIn(rest: Word): readonly Word[] {
  return [...rest.text.matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    line: rest.line,
    column: rest.column + match.index,
    length: match[0].length,
  }));
}

function readParts<P extends Parts>(
  parts: P,
  given: readonly Word[],
  { name, findings }: Parameters<Directive<unknown>["apply"]>[2],
): ValuesOf<P> | undefined {
  const wanted = Object.entries(parts);
  const values: Record<string, unknown> = {};
  let isGood = true;
  for (const [at, [part, { kind }]] of wanted.entries()) {
    const word = given[at];
    const reading = word && kind.read(word.text);
    if (reading?.ok) values[part] = reading.value;
    else isGood = false;
    if (word !== undefined && reading?.ok === false)
      findings.error(word, reading.code, reading.message, reading.mend);
  }
  const missing = wanted.slice(given.length).map(([part]) => part);
  if (missing.length > 0) {
    const whole = wanted.map(([, { example }], at) => given[at]?.text ?? example).join(" ");
    const message = `${name.text} without ${missing.join(", ")}`;
    findings.error(endOf(given, name), "part-missing", message, `Write \`${name.text} ${whole}\`.`);
  }
  const extra = given[wanted.length];
  if (extra !== undefined) {
    const message = `${quoted(extra.text)} is one word more than ${name.text} takes`;
    findings.error(extra, "part-too-many", message);
  }
  // Every name has been read, or one of them was bad.
  return isGood && extra === undefined ? (values as ValuesOf<P>) : undefined;
}

/** Right behind the last word: that is where the missing one belongs. */
function endOf(given: readonly Word[], name: Word): Span {
  const last = given.at(-1) ?? name;
  return { line: last.line, column: last.column + last.length - 1, length: 1 };
}
