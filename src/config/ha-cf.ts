import type { NodeName } from "../base/names.ts";
import { isIpfail } from "./built-in.ts";
import { HA_CF_DIRECTIVES } from "./directives.ts";
import { emptyDraft, type HaCfDraft } from "./draft.ts";
import type { MachineFacts, TextFile } from "./files.ts";
import type { Findings } from "./findings.ts";
import { readDirectives } from "./grammar.ts";
import { checkMediaHere, explainLineTime, mediaOf } from "./media.ts";
import { nodesOf } from "./nodes.ts";
import { pingsOf } from "./pings.ts";
import { readLines } from "./source.ts";
import { timersOf } from "./timers.ts";
import type { ClusterConfig } from "./types.ts";

/** Not run either, but read into the configuration with its value. */
const TOLD_WHOLE: ReadonlySet<string> = new Set(["watchdog"]);

/** What ha.cf alone decides. */
export type HaCf = Omit<ClusterConfig, "groups" | "keys" | "tandem">;

/** ha.cf read: its draft is kept for what it mentions. */
export interface ReadHaCf {
  readonly config: HaCf;
  readonly draft: HaCfDraft;
}

/**
 * Reads ha.cf. The result is whole even where the findings have errors, so that the other files can
 * be checked against as much as is known. `own`: this machine's name, undefined when nobody asks.
 */
export function readHaCf(
  file: TextFile,
  facts: MachineFacts | undefined,
  own: string | undefined,
  findings: Findings,
): ReadHaCf {
  const draft = emptyDraft();
  const lines = readLines(file, findings);
  const { failed, notRun } = readDirectives(lines, HA_CF_DIRECTIVES, draft, findings);
  const timers = timersOf(draft, failed, findings);
  const media = mediaOf(draft, failed, findings);
  const nodes: readonly NodeName[] = failed.has("node")
    ? draft.nodes.map((node) => node.value)
    : nodesOf(draft.nodes, own, findings);
  explainLineTime(media, timers, findings);
  checkFailback(draft, findings);
  checkIpfail(draft, findings);
  if (facts !== undefined) {
    checkMediaHere(media, facts, findings);
    checkWatchdogHere(draft, facts, findings);
    checkProgramsHere(draft, facts, findings);
  }
  return {
    draft,
    config: {
      nodes,
      timers,
      media: media.map((medium) => medium.value),
      pings: pingsOf(draft, timers, facts, findings),
      autoFailback: draft.autoFailback?.value ?? "legacy",
      watchdog: draft.watchdog?.value,
      respawn: draft.respawn.map(({ value }) => value).filter((program) => !isIpfail(program)),
      ipfail: draft.respawn.some(({ value }) => isIpfail(value)),
      notRun: [...notRun].flatMap(([name, text]) => (TOLD_WHOLE.has(name) ? [] : [text])),
      log: {
        logfile: draft.log.logfile,
        debugfile: draft.log.debugfile,
        logfacility: draft.log.logfacility,
      },
      hopfudge: draft.hopfudge ?? 1,
      msgfmt: draft.msgfmt ?? "classic",
      realtime: draft.realtime ?? true,
    },
  };
}

function checkFailback({ autoFailback }: HaCfDraft, findings: Findings): void {
  if (autoFailback !== undefined && autoFailback.value !== "legacy") return;
  const message =
    autoFailback === undefined
      ? "no auto_failback line: `legacy` holds, Heartbeat's default"
      : "`legacy` is deprecated";
  findings.hint(autoFailback?.at, "legacy-failback", message);
}

function checkIpfail({ respawn, pings }: HaCfDraft, findings: Findings): void {
  const line = respawn.find(({ value }) => isIpfail(value));
  if (line === undefined || pings.length > 0) return;
  const message = "ipfail compares what the two nodes reach, and no ping node is named";
  findings.hint(line.at, "ipfail-without-ping", message);
}

function checkWatchdogHere({ watchdog }: HaCfDraft, facts: MachineFacts, findings: Findings): void {
  if (watchdog === undefined) return;
  const kind = facts.devices.get(watchdog.value);
  if (kind === "missing")
    findings.warning(
      watchdog.at,
      "watchdog-missing",
      `${watchdog.value} is not there: a machine that hangs stays as it is`,
    );
  if (kind === "other")
    findings.warning(watchdog.at, "not-a-device", `${watchdog.value} is no character device`);
}

function checkProgramsHere({ respawn }: HaCfDraft, facts: MachineFacts, findings: Findings): void {
  for (const { value, at } of respawn) {
    if (isIpfail(value)) continue;
    const [program = ""] = value.command.split(/\s+/);
    const where = facts.programs.get(program);
    if (where === program) continue;
    if (where === undefined)
      findings.warning(
        at,
        "respawn-missing",
        `${program} is not there, nor under the other usual directories`,
      );
    else
      findings.warning(
        at,
        "respawn-elsewhere",
        `${program} is not there, but ${where} is`,
        `Write \`respawn ${value.user} ${value.command.replace(program, () => where)}\`.`,
      );
  }
}
