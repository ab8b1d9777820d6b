import type { Findings } from "./findings.ts";
import { nearest } from "./nearest.ts";
import { type Line, type Located, quoted, type Word, withoutComment, wordsOf } from "./source.ts";
import { gluedUnit, type ValueKind } from "./values.ts";

/**
 * The grammar of ha.cf and tandem.cf as data: one entry for each directive. The parser walks the
 * table, and the manual page is made from it, so that neither knows what the other does not.
 */
export interface Directive<Draft> {
  readonly name: string;
  /** As the manual writes the line: `keepalive TIME`. */
  readonly syntax: string;
  /** What holds without the line, in words. */
  readonly default: string;
  /** What it does, in sentences. */
  readonly meaning: string;
  /** `once`: the last line counts. `often`: each line adds. `line`: each line adds, with its rest as one word. */
  readonly takes: "once" | "often" | "line";
  /**
   * `no`: understood and not run; `unsafe-without`: said as a warning, since somebody relies on it;
   * `otherwise`: there is nothing to run, and `instead` says what Tandem does.
   */
  readonly runs: "yes" | "no" | "unsafe-without" | "otherwise";
  /** A sentence, there exactly where `runs` is `otherwise`. */
  readonly instead?: string | undefined;
  /** Takes the values of one line, never none, into the draft. False: something was wrong with them. */
  readonly apply: (draft: Draft, values: readonly Word[], line: DirectiveLine) => boolean;
}

/** Where the values stand, for what `apply` has to say. */
export interface DirectiveLine {
  readonly name: Word;
  readonly findings: Findings;
}

/** Blank, tab, vertical tab, form feed, CR, comma (config.md 1.1). */
const SEPARATORS = " \\t\\v\\f\\r,";

/** What came of the lines, beside the draft. */
export interface DirectivesRead {
  /** Directives that had a value nobody can use. */
  readonly failed: ReadonlySet<string>;
  /**
   * What is asked for in vain, by directive: `logfacility local0`. Of a line that is one long value only the
   * name, since passwords of fencing devices stand there.
   */
  readonly notRun: ReadonlyMap<string, string>;
}

/** Reads lines by a table into a draft. */
export function readDirectives<Draft>(
  lines: readonly Line[],
  table: readonly Directive<Draft>[],
  draft: Draft,
  findings: Findings,
): DirectivesRead {
  const byName = new Map(table.map((directive) => [directive.name, directive]));
  const seen = new Map<string, Word>();
  const failed = new Set<string>();
  const notRun = new Map<string, string>();
  for (const line of lines.map(withoutComment)) {
    const [name, ...words] = wordsOf(line, SEPARATORS);
    if (name === undefined) continue;
    const directive = byName.get(name.text);
    if (directive === undefined) {
      reportUnknown(name, byName.keys(), findings);
      continue;
    }
    const values = directive.takes === "line" ? restOf(line, name) : words;
    if (values.length === 0) {
      findings.warning(name, "no-value", `${name.text} without a value does nothing`);
      continue;
    }
    reportTwice(directive, name, seen, findings);
    const isGood = directive.apply(draft, values, { name, findings });
    if (!isGood) failed.add(directive.name);
    if (directive.runs === "yes") continue;
    if (directive.runs === "otherwise") {
      if (isGood) reportOtherwise(directive, name, values, findings);
      continue;
    }
    reportNotRun(directive, name, findings);
    notRun.delete(directive.name);
    const value = directive.takes === "once" ? values.at(-1)?.text : undefined;
    // What holds anyway is not asked for in vain.
    if (value === directive.default) continue;
    notRun.set(directive.name, value === undefined ? directive.name : `${directive.name} ${value}`);
  }
  return { failed, notRun };
}

function restOf(line: Line, name: Word): readonly Word[] {
  const from = name.column - 1 + name.length;
  const text = line.text.slice(from).replace(/^[\s,]+/, "");
  const column = line.text.length - text.length + 1;
  const trimmed = text.trimEnd();
  return trimmed === ""
    ? []
    : [{ text: trimmed, line: line.number, column, length: trimmed.length }];
}

function reportUnknown(name: Word, known: Iterable<string>, findings: Findings): void {
  const near = findings.isFull ? undefined : nearest(name.text, known);
  findings.error(
    name,
    "unknown-directive",
    `${quoted(name.text)} is not a directive${near === undefined ? "" : `; did you mean \`${near}\`?`}`,
    near === undefined ? undefined : `Write \`${near}\`.`,
  );
}

function reportTwice<Draft>(
  directive: Directive<Draft>,
  name: Word,
  seen: Map<string, Word>,
  findings: Findings,
): void {
  const first = seen.get(directive.name);
  if (directive.takes === "once" && first !== undefined)
    findings.warning(
      name,
      "set-twice",
      `${name.text} stands in line ${first.line} already; this line counts`,
    );
  seen.set(directive.name, name);
}

function reportOtherwise<Draft>(
  { default: otherwise, instead }: Directive<Draft>,
  name: Word,
  values: readonly Word[],
  findings: Findings,
): void {
  // What Heartbeat does without the line is what Tandem's own way amounts to: nothing to say.
  if (instead !== undefined && values.at(-1)?.text !== otherwise)
    findings.hint(name, "done-otherwise", `${name.text}: ${instead}`);
}

function reportNotRun<Draft>(directive: Directive<Draft>, name: Word, findings: Findings): void {
  const message = `${name.text} is not run by this version`;
  if (directive.runs === "no") findings.hint(name, "not-run", message);
  if (directive.runs === "unsafe-without") findings.warning(name, "not-run", message);
}

/** What the entry of a directive with values of one kind says. */
export interface Entry<Draft, T> {
  readonly kind: ValueKind<T>;
  readonly default: string;
  readonly meaning: string;
  readonly runs?: Exclude<Directive<Draft>["runs"], "otherwise">;
  /** What Tandem does in the place of what the line asks for. */
  readonly instead?: string;
  /** Puts a good value into the draft. */
  readonly set: (draft: Draft, value: Located<T>, line: DirectiveLine) => void;
}

/** A directive with one value: the last word that can be read counts, as in Heartbeat. */
export function single<Draft, T>(name: string, entry: Entry<Draft, T>): Directive<Draft> {
  return {
    ...common(name, entry),
    syntax: `${name} ${entry.kind.syntax}`,
    takes: "once",
    apply: (draft, values, line) => {
      const [first, second] = values;
      const glued = second && first && gluedUnit(first.text, second.text);
      if (second !== undefined && glued !== undefined) {
        const message = `a blank before the unit ${quoted(second.text)}`;
        line.findings.error(second, "bad-time", message, `\`${name} ${glued}\``);
        return false;
      }
      if (second !== undefined) {
        const message = `${name} has one value; of ${values.length} the last one counts`;
        line.findings.warning(second, "too-many-values", message);
      }
      return setEach(entry, draft, values, line);
    },
  };
}

/** A directive with any number of values, on one line or several. */
export function several<Draft, T>(name: string, entry: Entry<Draft, T>): Directive<Draft> {
  return {
    ...common(name, entry),
    syntax: `${name} ${entry.kind.syntax} …`,
    takes: "often",
    apply: (draft, values, line) => setEach(entry, draft, values, line),
  };
}

/** A directive that gets the rest of its line as one value. */
export function wholeLine<Draft, T>(name: string, entry: Entry<Draft, T>): Directive<Draft> {
  return {
    ...common(name, entry),
    syntax: `${name} ${entry.kind.syntax}`,
    takes: "line",
    apply: (draft, values, line) => setEach(entry, draft, values, line),
  };
}

function common<Draft, T>(
  name: string,
  entry: Entry<Draft, T>,
): Pick<Directive<Draft>, "name" | "default" | "meaning" | "runs" | "instead"> {
  const { default: otherwise, meaning, instead } = entry;
  const runs = instead === undefined ? (entry.runs ?? "yes") : "otherwise";
  return { name, default: otherwise, meaning, runs, instead };
}

function setEach<Draft, T>(
  entry: Entry<Draft, T>,
  draft: Draft,
  values: readonly Word[],
  line: DirectiveLine,
): boolean {
  let isGood = true;
  for (const at of values) {
    const reading = entry.kind.read(at.text);
    if (reading.ok) entry.set(draft, { value: reading.value, at }, line);
    else line.findings.error(at, reading.code, reading.message, reading.mend);
    isGood &&= reading.ok;
  }
  return isGood;
}
