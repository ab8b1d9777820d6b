import type { Directive } from "./grammar.ts";
import { type Located, quoted, type Span, type Word } from "./source.ts";
import type { Reading, ValueKind } from "./values.ts";

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
  /** Any number of these behind them, one at least; undefined: none. */
  readonly more?: Part<string> & { readonly name: string };
  readonly default: string;
  readonly meaning: string;
  readonly set: (draft: Draft, line: Located<ValuesOf<P>>, more: readonly string[]) => void;
}

/** A directive whose line has parts of different kinds: `mcast eth1 225.0.0.1 694 1 0`. Each line adds. */
export function inParts<Draft, P extends Parts>(
  name: string,
  entry: PartsEntry<Draft, P>,
): Directive<Draft> {
  const { parts, more } = entry;
  const words = [...Object.keys(parts), ...(more === undefined ? [] : [more.name])];
  const syntax = `${name} ${words.map((word) => word.toUpperCase()).join(" ")}`;
  return {
    name,
    syntax: more === undefined ? syntax : `${syntax} …`,
    default: entry.default,
    meaning: entry.meaning,
    takes: "line",
    runs: "yes",
    apply: (draft, [rest], line) => {
      if (rest === undefined) return false;
      const given = wordsIn(rest);
      const values = readParts(parts, given, line);
      const others = more && readMore(more.kind, given.slice(Object.keys(parts).length), line);
      const isWhole = checkNumber(entry, given, line);
      if (!isWhole || values === undefined || (more && others === undefined)) return false;
      entry.set(draft, { value: values, at: rest }, others ?? []);
      return true;
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

type LineOf = Parameters<Directive<unknown>["apply"]>[2];

/** Undefined: one of them is missing, or cannot be read. */
function readParts<P extends Parts>(
  parts: P,
  given: readonly Word[],
  line: LineOf,
): ValuesOf<P> | undefined {
  const wanted = Object.entries(parts);
  const values: Record<string, unknown> = {};
  for (const [at, [part, { kind }]] of wanted.entries()) {
    const word = given[at];
    const reading = word && readWord(kind, word, line);
    if (reading?.ok) values[part] = reading.value;
  }
  return Object.keys(values).length === wanted.length ? (values as ValuesOf<P>) : undefined;
}

function readMore(
  kind: ValueKind<string>,
  words: readonly Word[],
  line: LineOf,
): readonly string[] | undefined {
  const readings = words.map((word) => readWord(kind, word, line));
  const values = readings.flatMap((reading) => (reading.ok ? [reading.value] : []));
  return values.length === words.length ? values : undefined;
}

function readWord<T>(kind: ValueKind<T>, word: Word, { findings }: LineOf): Reading<T> {
  const reading = kind.read(word.text);
  if (!reading.ok) findings.error(word, reading.code, reading.message, reading.mend);
  return reading;
}

/** As many words as there are parts. */
function checkNumber(
  { parts, more }: Pick<PartsEntry<never, Parts>, "parts" | "more">,
  given: readonly Word[],
  { name, findings }: LineOf,
): boolean {
  const wanted: readonly (readonly [string, Part<unknown>])[] = [
    ...Object.entries(parts),
    ...(more === undefined ? [] : [[more.name, more] as const]),
  ];
  const missing = wanted.slice(given.length).map(([part]) => part);
  const extra = more === undefined ? given[wanted.length] : undefined;
  if (missing.length > 0) {
    const whole = wanted.map(([, { example }], at) => given[at]?.text ?? example).join(" ");
    const message = `${name.text} without ${missing.join(", ")}`;
    findings.error(endOf(given, name), "part-missing", message, `Write \`${name.text} ${whole}\`.`);
  }
  if (extra !== undefined) {
    const message = `${quoted(extra.text)} is one word more than ${name.text} takes`;
    findings.error(extra, "part-too-many", message);
  }
  return missing.length === 0 && extra === undefined;
}

/** Right behind the last word: that is where the missing one belongs. */
function endOf(given: readonly Word[], name: Word): Span {
  const last = given.at(-1) ?? name;
  return { line: last.line, column: last.column + last.length - 1, length: 1 };
}
