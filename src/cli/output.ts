import type { CommanderError } from "commander";
import { MachineError } from "../base/errors.ts";

/** EX_USAGE of sysexits(3): no command means anything else by it. */
const EXIT_USAGE = 64;

/** Where a command writes; tests give their own. */
export interface Output {
  write(text: string): void;
}

export const standardOutput: Output = {
  write: (text) => {
    process.stdout.write(text);
  },
};

/** One JSON document, for programs. */
export function writeJson(output: Output, document: unknown): void {
  output.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** Words of files and of a peer are shown as they are, but for what would steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, "?");
}

/** A reader that went away (`tandem … | head`) is no error of ours: end quietly. */
export function guardOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
}

/** A failure of the machine in a sentence with its next step, exit 1; a bug of ours with its trace, exit 70 (EX_SOFTWARE). */
export function reportFailure(error: unknown): void {
  if (error instanceof MachineError) {
    process.stderr.write(`tandem: ${error.message} [${error.code}]\n${error.nextStep}\n`);
    process.exitCode = 1;
    return;
  }
  const trace = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`tandem: this is a bug: please report it with what follows\n${trace}\n`);
  process.exitCode = 70;
}

/** After commander has shown the help, or what is wrong with the words: 1 is what a command says of the pair. */
export function exitAfterUsage({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : EXIT_USAGE);
}
