import { quoted, type Span, type Word } from "../source.ts";
import { BOOLEAN } from "../values.ts";
import type { DirectiveLine } from "./lines.ts";
import type { Report } from "./report.ts";

/** What the lines read so far have said, where a later line or the whole file depends on it. */
export interface State {
  /** This machine as Heartbeat knows it; undefined when nobody asks. */
  readonly own: string | undefined;
  readonly nodes: Map<string, Span>;
  readonly pingNodes: Set<string>;
  readonly times: Map<string, { readonly ms: number; readonly at: Span }>;
  readonly seen: Map<string, Span>;
  /** Where those stand that may stand once. */
  readonly once: Map<string, Span>;
  readonly apiClients: Set<string>;
  readonly media: Span[];
  pacemaker: "off" | "instead" | undefined;
  autojoin: Span | undefined;
}

/** One directive of 3.0.6: says what it would say of one line, and remembers what is needed later. */
export type Rule = (line: DirectiveLine, state: State, report: Report) => void;

/** Most directives go through their values one by one; without any they do nothing at all. */
export function each(
  check: (value: Word, line: DirectiveLine, state: State, report: Report) => void,
): Rule {
  return (line, state, report) => {
    if (line.values.length === 0)
      report.warn(line.name, `${line.name.text} without a value does nothing`, "Write a value.");
    for (const value of line.values) check(value, line, state, report);
  };
}

/** Many refusals name neither line nor reason: that is said, since the log will not help. */
export const SILENT = "and does not say why";

/** on and off in any case. */
export function booleanRule(): Rule {
  return each((value, { name }, _state, report) => {
    if (BOOLEAN.read(value.text).ok) return;
    const why = `${quoted(value.text)} is neither on nor off: 3.0.6 refuses it ${SILENT}`;
    report.refuse(value, why, `Write \`${name.text} on\` or \`${name.text} off\`.`);
  });
}

/** A number as atoi(3) reads it: `9600x` is 9600, and a word is 0. */
export function numberRule(min: number, max: number): Rule {
  return each((value, { name }, _state, report) => {
    const number = atoi(value.text);
    if (number < min || number > max) {
      const range = max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
      const why = `${quoted(value.text)} is not within ${range}`;
      report.refuse(value, why, `Write \`${name.text} ${Math.max(min, 1)}\`, say.`);
    } else if (!/^\d+$/.test(value.text))
      report.warn(
        value,
        `3.0.6 reads ${quoted(value.text)} as ${number}`,
        `Write \`${name.text} ${number}\`.`,
      );
  });
}

/** One of a few words, case and all. */
export function wordRule(...words: readonly string[]): Rule {
  return each((value, { name }, _state, report) => {
    if (words.includes(value.text)) return;
    const lower = words.find((word) => word === value.text.toLowerCase());
    const why =
      lower === undefined
        ? `${quoted(value.text)} is none of ${words.join(", ")}`
        : `${quoted(value.text)} has capitals, and 3.0.6 knows the word without`;
    report.refuse(value, why, `Write \`${name.text} ${lower ?? words[0]}\`.`);
  });
}

/** A time of at least `minMs`, kept under its name. */
export function timeRule(minMs: number): Rule {
  return each((value, { name }, { times }, report) => {
    const ms = timeMs(value.text);
    if (ms === undefined) {
      const why = `${quoted(value.text)} is not a time: 3.0.6 refuses it ${SILENT}`;
      const mend = `Write seconds as a number alone, or milliseconds as \`500ms\`.`;
      report.refuse(value, why, mend);
    } else if (ms < minMs) {
      const why = `${name.text} is 0: 3.0.6 refuses it ${SILENT}`;
      report.refuse(value, why, `Write \`${name.text} 2\`, say.`);
    } else times.set(name.text, { ms, at: value });
  });
}

/** Seconds, or with `ms` or `us`; what follows these does not count. No sign, no other unit. */
function timeMs(word: string): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+)(?:(ms|us).*)?$/i.exec(word);
  if (match === null) return undefined;
  const factor = { ms: 1, us: 0.001 }[match[2]?.toLowerCase() ?? ""] ?? 1000;
  return Math.round(Number(match[1]) * factor);
}

/** A second value is refused, on the same line or another, under this name or one that means the same. */
export function onlyOnce(name: string, value: Word, { once }: State, report: Report): void {
  const first = once.get(name);
  if (first === undefined) once.set(name, value);
  else {
    const why = `${name} is set in line ${first.line} already: 3.0.6 takes it once`;
    report.refuse(value, why, "Remove one of the two.");
  }
}

/** atoi(3). */
export function atoi(word: string): number {
  return Number(/^[+-]?\d+/.exec(word)?.[0] ?? 0);
}
