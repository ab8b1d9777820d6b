import type { ConfigFile, ConfigFiles } from "../files.ts";
import { Findings } from "../findings.ts";
import type { Diagnostic } from "../types.ts";
import { judgeAuthKeys } from "./authkeys.ts";
import type { HeartbeatFacts, Question } from "./facts.ts";
import { judgeHaCf } from "./ha-cf.ts";
import { judgeHaResources } from "./haresources.ts";
import { Report } from "./report.ts";

/** What Heartbeat 3.0.6 would say of the files, for a pair of which one node runs it. */
export interface HeartbeatVerdict {
  /** Exactly if no diagnostic is an error. */
  readonly starts: boolean;
  /** In the order ha.cf, haresources, authkeys; tandem.cf it does not know. */
  readonly diagnostics: readonly Diagnostic[];
  /** What it would ask the machine: ask, and judge again with the answers. */
  readonly questions: readonly Question[];
}

/**
 * Judges the files as the daemon does at its start. Never throws. Without `facts` only what the files
 * themselves decide; `own` is the machine's name where that is to be checked.
 */
export function judgeForHeartbeat(
  files: ConfigFiles,
  facts: HeartbeatFacts | undefined,
  own: string | undefined = facts?.nodeName,
): HeartbeatVerdict {
  const asked = new Map<string, Question>();
  const findings: Findings[] = [];
  const reportOf = (file: ConfigFile): Report => {
    const forFile = new Findings(file.name);
    findings.push(forFile);
    return new Report(forFile, facts, asked);
  };
  const state = judgeHaCf(files.hacf, own?.toLowerCase(), reportOf(files.hacf));
  judgeHaResources(files.haresources, state, reportOf(files.haresources));
  judgeAuthKeys(files.authkeys, reportOf(files.authkeys));
  return {
    starts: !findings.some((one) => one.hasErrors),
    diagnostics: findings.flatMap((one) => one.list()),
    questions: [...asked.values()],
  };
}
