import { FILE_BYTES_MAX } from "../config/files.ts";
import { type Configuration, mentionsOf, readConfiguration } from "../config/load.ts";
import type { Diagnostic } from "../config/types.ts";
import { readConfigFiles } from "../inspect/config-files.ts";
import { inspectMachine } from "../inspect/machine.ts";

/** The four files, held against this machine. */
export async function readConfigurationHere(configDir: string): Promise<Configuration> {
  const files = await readConfigFiles(configDir, FILE_BYTES_MAX);
  const facts = await inspectMachine(mentionsOf(files), { configDir });
  return readConfiguration(files, { ...facts, isStarting: true });
}

/** One line, as compilers write it; `tandem check` shows the same with the line and a caret. */
export function diagnosticLine(diagnostic: Diagnostic): string {
  const { file, line, column, severity, message, code, mend } = diagnostic;
  const where = line === 0 ? file : `${file}:${line}:${column}`;
  return `${where}: ${severity}: ${message} [${code}]: ${mend}`;
}
