import type { Diagnostic } from "../../config/types.ts";
import { countOf } from "../diagnostic-format.ts";
import { printable } from "../output.ts";
import { alignColumns } from "../table.ts";
import { placeOf } from "./differences.ts";
import type { MigrationReport } from "./report.ts";
import { statusOfPeer } from "./situation.ts";
import type { Step } from "./step.ts";

/** The report for people, the verdict first. */
export function migrationText(report: MigrationReport): string {
  const { facts, problems, differences, steps, obstacles } = report;
  const parts = [
    [`${facts.own}: ${report.verdict}`],
    listed(
      "To be mended first",
      obstacles.map(({ what, mend }) => `${what}\n    = ${mend}`),
    ),
    listed("Found on this machine", foundLines(report)),
    listed("Problems of the files", problems.map(problemLine)),
    listed(
      "What will differ",
      differences.map(({ subject, text }) => `${subject}: ${text}`),
    ),
    steps.length === 0 ? [] : [WAYS[report.way], ...steps.flatMap(stepLines)],
    steps.length === 0 ? [] : [lastWord(report)],
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.map(printable).join("\n\n")}\n`;
}

const WAYS = {
  "to-tandem": "The way of this pair:",
  back: "The way of this pair back to Heartbeat:",
} as const;

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function foundLines({ facts, judgement, situation }: MigrationReport): readonly string[] {
  const { tandem } = facts;
  const { diagnostics } = judgement;
  const problems = `${countOf(diagnostics, "error")}, ${countOf(diagnostics, "warning")}`;
  const usable = judgement.config === undefined ? "not usable" : "usable";
  const starts = judgement.heartbeatStarts ? "would start with them" : "would refuse them";
  return alignColumns([
    ["files", `${facts.configDir}: ${usable} (${problems}); Heartbeat 3.0.6 ${starts}`],
    ["Heartbeat", heartbeatWords(facts)],
    ["Tandem", `${DAEMON_WORDS[facts.daemon.kind]}${bootWords(tandem.start.atBoot)}`],
    ["identity", identityWords(facts)],
    ...(situation === undefined ? [] : [[situation.peer, peerWords(facts, situation)]]),
    ...(situation?.groups ?? []).map(({ config, where }) => [
      config.name,
      `prefers ${config.preferred}: ${PLACES[where]}`,
    ]),
  ]);
}

const DAEMON_WORDS = {
  status: "runs",
  stopped: "does not run",
  mute: "cannot be asked",
} as const;

function bootWords(atBoot: boolean): string {
  return atBoot ? ", started at boot" : ", not started at boot";
}

function heartbeatWords({ heartbeat }: MigrationReport["facts"]): string {
  const { pid, program, start } = heartbeat;
  if (pid === undefined && program === undefined) return "not installed";
  const running = pid === undefined ? "does not run" : `runs (pid ${pid})`;
  return `${running}${bootWords(start.atBoot)}; ${startWords(start.service)}`;
}

type Service = MigrationReport["facts"]["heartbeat"]["start"]["service"];

function startWords(service: Service): string {
  switch (service.kind) {
    case "systemd":
      return `systemd unit ${service.unit}`;
    case "init-script":
      return service.path;
    default:
      return "started by hand";
  }
}

function identityWords({ heartbeat, tandem }: MigrationReport["facts"]): string {
  const { uuid, generation } = heartbeat.identity;
  if (uuid === undefined)
    return tandem.identity.uuid === undefined
      ? "none that can be read in /var/lib/heartbeat: Tandem makes one"
      : `uuid ${tandem.identity.uuid}, Tandem's own`;
  const taken = "Tandem goes on with both, so that the other node sees the same one";
  return `uuid ${uuid}, generation ${generation ?? "unknown"}: ${taken}`;
}

function peerWords(
  facts: MigrationReport["facts"],
  situation: NonNullable<MigrationReport["situation"]>,
): string {
  const node = statusOfPeer(facts, situation.peer);
  const seen = node?.status ?? "";
  switch (situation.there) {
    case "heartbeat":
      return `a Heartbeat, ${seen}${situation.joined ? ", joined" : ""}`;
    case "tandem":
      return `a Tandem, ${seen}${situation.joined ? ", joined" : ""}`;
    case "silent":
      return `not heard (${seen})`;
    default:
      return "what it runs is seen once Tandem runs here, or by `tandem migrate` there";
  }
}

const PLACES = {
  here: "on this node",
  elsewhere: "not on this node",
  nobody: "served by nobody",
  both: "claimed by both",
  unknown: "no address to tell by",
} as const;

function problemLine(diagnostic: Diagnostic): string {
  const { severity, message, code, mend } = diagnostic;
  return `${placeOf(diagnostic)}: ${severity}: ${message} [${code}]\n    = ${mend}`;
}

const MARKS = { done: "done", next: "NEXT", waiting: "waiting" } as const;

function stepLines(step: Step): readonly string[] {
  const head = `${String(step.number).padStart(3)}. ${MARKS[step.state].padEnd(7)} on ${step.node}: ${step.what}`;
  if (step.state === "done") return [head];
  const indent = " ".repeat(5);
  return [
    head,
    ...step.commands.map((command) => `${indent}# ${command}`),
    `${indent}check: ${step.check.command}`,
    ...step.back.map((command, at) => `${indent}${at === 0 ? "back:  " : "       "}${command}`),
    `${indent}${step.note}.`,
  ];
}

/** Steps of the other machine are told in full, and seen there. */
function lastWord({ way, facts, situation, steps }: MigrationReport): string {
  const isOver = steps.every(({ state }) => state === "done");
  if (situation === undefined || isOver)
    return "`tandem migrate --back` prints the way back; keep Heartbeat installed until you are sure.";
  const again = "After each step type the check: it says which one is next.";
  const unseen =
    situation.there === "tandem"
      ? ""
      : ` What is done on ${situation.peer}, \`tandem migrate${way === "back" ? " --back" : ""}\` there sees.`;
  return `${again}${unseen}${facts.init.hasSystemd ? "" : KEEPERS[way]}`;
}

const KEEPERS = {
  "to-tandem":
    " Without systemd let a supervisor run tandemd, one that starts it again at once, and stop it there, too.",
  back: " Without systemd stop tandemd at the supervisor that runs it, or it is started again.",
} as const;
