import { type Command, Option } from "commander";
import { maskKeys } from "../config/authkeys.ts";
import { type ConfigFile, type ConfigFiles, FILE_BYTES_MAX } from "../config/files.ts";
import { judgeForHeartbeat } from "../config/heartbeat/check.ts";
import { mentionsOf, readConfiguration } from "../config/load.ts";
import type { Diagnostic } from "../config/types.ts";
import { readConfigFiles } from "../inspect/config-files.ts";
import { answerForHeartbeat } from "../inspect/heartbeat-facts.ts";
import { inspectMachine } from "../inspect/machine.ts";
import { countOf, formatDiagnostic } from "./diagnostic-format.ts";
import { type Output, standardOutput, writeJson } from "./output.ts";

/** `tandem check`, as commander parses it. */
export interface CheckOptions {
  readonly configDir: string;
  readonly node?: string;
  readonly offline?: boolean;
  readonly json?: boolean;
  readonly for?: "heartbeat";
}

export function registerCheck(program: Command): void {
  program
    .command("check")
    .description("read the configuration and print every problem")
    .option("--config-dir <dir>", "where ha.cf, haresources and authkeys are", "/etc/ha.d")
    .option("--node <name>", "check as this node (default: what `uname -n` says)")
    .option("--offline", "the files alone, whatever this machine has")
    .option("--json", "for programs: schema tandem.check/1")
    .addOption(
      new Option("--for <program>", "what Heartbeat 3.0.6 would say instead").choices([
        "heartbeat",
      ]),
    )
    .addHelpText("after", "\nExit status: 0 the files are usable, 1 they are not.")
    .action(async (options: CheckOptions) => {
      process.exitCode = await check(options, standardOutput);
    });
}

/** Exit status: 0 the files are usable, 1 they are not. */
export async function check(options: CheckOptions, output: Output): Promise<0 | 1> {
  const { configDir } = options;
  const files = await readConfigFiles(configDir, FILE_BYTES_MAX);
  const answer = options.for === "heartbeat" ? askHeartbeat : askTandem;
  const { isUsable, own, diagnostics } = await answer(files, options);
  if (options.json)
    writeJson(output, {
      schema: "tandem.check/1",
      for: options.for ?? "tandem",
      usable: isUsable,
      configDir,
      node: own?.toLowerCase() ?? null,
      diagnostics: diagnostics.map(toJson),
    });
  else output.write(humanReport(files, diagnostics, verdictOf(isUsable, options)));
  return isUsable ? 0 : 1;
}

interface Answer {
  readonly isUsable: boolean;
  readonly own: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

async function askTandem(files: ConfigFiles, options: CheckOptions): Promise<Answer> {
  const { configDir, offline, node } = options;
  const facts = offline ? undefined : await inspectMachine(mentionsOf(files), { configDir });
  const own = node ?? facts?.nodeName;
  const { config, diagnostics } = readConfiguration(files, facts, own);
  return { isUsable: config !== undefined, own, diagnostics };
}

async function askHeartbeat(files: ConfigFiles, { offline, node }: CheckOptions): Promise<Answer> {
  const { questions } = judgeForHeartbeat(files, undefined, node);
  const facts = offline ? undefined : await answerForHeartbeat(questions);
  const own = node ?? facts?.nodeName;
  const { starts, diagnostics } = judgeForHeartbeat(files, facts, own);
  return { isUsable: starts, own, diagnostics };
}

function verdictOf(isUsable: boolean, options: CheckOptions): string {
  if (options.for === "heartbeat")
    return isUsable ? "Heartbeat 3.0.6 starts with them" : "Heartbeat 3.0.6 refuses them";
  return isUsable ? "usable" : "not usable";
}

/** The document's own shape: the inside may move without it. */
function toJson(diagnostic: Diagnostic): Record<string, string | number> {
  const { file, line, column, length, severity, code, message, mend } = diagnostic;
  return { file, line, column, length, severity, code, message, mend };
}

function humanReport(
  files: ConfigFiles,
  diagnostics: readonly Diagnostic[],
  verdict: string,
): string {
  const sources = new Map(
    [files.hacf, files.haresources, files.authkeys, files.tandemcf].map((file) => [
      file.name,
      linesOf(file, file === files.authkeys),
    ]),
  );
  const blocks = diagnostics.map((diagnostic) =>
    formatDiagnostic(diagnostic, sources.get(diagnostic.file)?.[diagnostic.line - 1]),
  );
  const severities = ["error", "warning", "hint"] as const;
  const sums = severities.map((severity) => countOf(diagnostics, severity)).join(", ");
  return [...blocks, `${verdict}: ${sums}\n`].join("\n");
}

function linesOf(file: ConfigFile, isSecret: boolean): readonly string[] {
  if (file.kind !== "text") return [];
  const lines = file.text.replace(/^\ufeff/, "").split("\n");
  return isSecret ? lines.map(maskKeys) : lines;
}
