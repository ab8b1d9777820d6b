import { CLUSTER_DIRECTIVES } from "../../src/config/directives/cluster.ts";
import { LOGGING_DIRECTIVES } from "../../src/config/directives/logging.ts";
import { MEDIA_DIRECTIVES } from "../../src/config/directives/media.ts";
import { NOT_RUN_DIRECTIVES } from "../../src/config/directives/not-run.ts";
import { OTHERWISE_DIRECTIVES } from "../../src/config/directives/otherwise.ts";
import { TIMING_DIRECTIVES } from "../../src/config/directives/timing.ts";
import type { Directive } from "../../src/config/grammar.ts";
import { TANDEM_CF_DIRECTIVES } from "../../src/config/tandem-cf.ts";
import { HEARTBEAT_TABLE } from "./heartbeat-table.ts";
import { readText } from "./repository.ts";

/** What a page says of a directive; the table of any draft has it. */
export type Entry = Pick<
  Directive<unknown>,
  "name" | "syntax" | "default" | "meaning" | "takes" | "runs" | "instead"
>;

interface Section {
  readonly title: string;
  readonly directives: readonly Entry[];
}

/** ha.cf's directives as the page groups them. */
export const HA_CF_SECTIONS: readonly Section[] = [
  { title: "The pair", directives: CLUSTER_DIRECTIVES },
  { title: "Times", directives: TIMING_DIRECTIVES },
  { title: "Media", directives: MEDIA_DIRECTIVES },
  { title: "Log", directives: LOGGING_DIRECTIVES },
  { title: "Done in Tandem's own way", directives: OTHERWISE_DIRECTIVES },
  { title: "Known, and not run", directives: NOT_RUN_DIRECTIVES },
];

/** The page docs/ha.cf.md. */
export function haCfPage(): string {
  const sections = HA_CF_SECTIONS.map(
    ({ title, directives }) => `## ${title}\n\n${directives.map(entryOf).join("\n")}`,
  );
  return `# ha.cf

${MADE("src/config/directives.ts")}

\`/etc/ha.d/ha.cf\` says who the pair is, how the two hear each other, and when silence is a death. It is
Heartbeat's file: Tandem reads it and never writes it. Keep it the same on both machines.

${GRAMMAR}

${TIMES}

${NOT_RUN}

${FOR_HEARTBEAT}

An example, the tutorial's file:

\`\`\`
${readText("test/tutorial/ha.cf")}\`\`\`

${sections.join("\n")}
## Beside Heartbeat

What Heartbeat 3.0.6 does with each directive, what Tandem does, and the test that shows it.

${tableBesideHeartbeat()}`;
}

/** The page docs/tandem.cf.md. */
export function tandemCfPage(): string {
  return `# tandem.cf

${MADE("src/config/tandem-cf.ts")}

\`/etc/ha.d/tandem.cf\` holds what is Tandem's own, so that the other three files stay fit for a Heartbeat
node. It need not exist: every default is good, and most users never write it.

The grammar is that of [ha.cf](ha.cf.md).

## Directives

${TANDEM_CF_DIRECTIVES.map(entryOf).join("\n")}`;
}

const MADE = (source: string): string => `Made from \`${source}\`; a test keeps the two equal.`;

const GRAMMAR = `One directive stands on each line, its values behind it. Blanks, tabs and commas separate words.
\`#\` begins a comment. Directives are written in lower case. A line has at most 5119 characters and a
file at most 256 KiB.`;

const TIMES = `A \`TIME\` is a number of seconds (\`2\`, \`0.5\`), or has \`ms\` or \`us\` right behind it (\`500ms\`).
\`s\` is no unit. \`on|off\` also reads true, yes, y, 1 and false, no, n, 0, in any case.`;

const NOT_RUN = `\`tandem check\` prints what it does not like, with line, caret and mend; a directive that is "not run by this
version" is read and checked, and nothing is done about it: [not-run](errors.md#not-run).`;

const FOR_HEARTBEAT = `While one node is still a Heartbeat, both must be able to read the files, and Heartbeat is the stricter of the two:
\`tandem check --for heartbeat\` says whether Heartbeat 3.0.6 would start with them and, where it would not, which line
it is and what to write. \`--node NAME\` says on which machine; with \`--offline\` interfaces, devices, users, programs
and host names are not looked for. What the parameters of a fencing device come to, only Heartbeat's plugin can say.`;

function tableBesideHeartbeat(): string {
  const rows = HA_CF_SECTIONS.flatMap(({ directives }) => directives).map((entry) => {
    const row = HEARTBEAT_TABLE[entry.name];
    const { file, title } = testOf(row?.test ?? "");
    const test = title === "" ? `\`${file}\`` : `\`${file}\`: ${title.replaceAll("`", "")}`;
    return `| ${[`\`${entry.name}\``, row?.heartbeat, tandemDoes(entry), test].join(" | ")} |`;
  });
  const head = "| directive | Heartbeat 3.0.6 | Tandem | shown by |";
  return [head, "| --- | --- | --- | --- |", ...rows, ""].join("\n");
}

/** The file of a test, and its title behind the first colon. */
export function testOf(test: string): { readonly file: string; readonly title: string } {
  const [file = "", ...title] = test.split(": ");
  return { file, title: title.join(": ") };
}

/** What the table of directives says of it goes first. */
export function tandemDoes({ name, runs, instead }: Entry): string | undefined {
  if (instead !== undefined) return `accepted: ${instead}`;
  if (runs === "no") return "read; not run by this version";
  if (runs === "unsafe-without") return "read, with a warning; not run by this version";
  return HEARTBEAT_TABLE[name]?.tandem;
}

function entryOf(entry: Entry): string {
  const facts = [
    // A dash: the line is another name of a directive, which has the default.
    ...(entry.default === "–" ? [] : [`Default: ${entry.default}.`]),
    ...(entry.takes === "once" ? [] : ["May stand on several lines: each adds."]),
    ...(entry.instead === undefined ? [] : [`**Instead:** ${entry.instead}`]),
    ...(entry.runs === "no" || entry.runs === "unsafe-without" ? [NOT_RUN_WORDS[entry.runs]] : []),
  ];
  return `### ${entry.name}\n\n\`${entry.syntax}\`\n\n${[entry.meaning, ...facts].join(" ")}\n`;
}

const NOT_RUN_WORDS = {
  no: "**Not run by this version.**",
  "unsafe-without":
    "**Not run by this version**, and `tandem check` warns of it, since somebody may rely on it.",
} as const;
