import { DIRECTIVE_ERRORS } from "./errors/config/directives.ts";
import { FILE_ERRORS } from "./errors/config/files.ts";
import { HEARTBEAT_ERRORS } from "./errors/config/heartbeat.ts";
import { KEY_ERRORS } from "./errors/config/keys.ts";
import { MEDIUM_ERRORS } from "./errors/config/media.ts";
import { OWNERSHIP_ERRORS } from "./errors/config/ownership.ts";
import { PRESENT_ERRORS } from "./errors/config/present.ts";
import { TIME_ERRORS } from "./errors/config/times.ts";
import { LAB_ERRORS } from "./errors/lab.ts";
import { MACHINE_ERRORS } from "./errors/machine.ts";

/** What the registry says of a code; docs/errors.md is made from it and from nothing else. */
export interface ErrorEntry {
  /** A few words, as a heading. */
  readonly title: string;
  /** What happened, and why it matters. */
  readonly explanation: string;
  /** What to do next. */
  readonly nextStep: string;
}

/** Stable: scripts and searches go by it. A code is never given a second meaning. */
export type ErrorCode =
  | keyof typeof FILE_ERRORS
  | keyof typeof DIRECTIVE_ERRORS
  | keyof typeof TIME_ERRORS
  | keyof typeof MEDIUM_ERRORS
  | keyof typeof PRESENT_ERRORS
  | keyof typeof OWNERSHIP_ERRORS
  | keyof typeof KEY_ERRORS
  | keyof typeof HEARTBEAT_ERRORS
  | keyof typeof MACHINE_ERRORS
  | keyof typeof LAB_ERRORS;

/**
 * Every code that Tandem ever prints, in the order of docs/errors.md: first what the configuration files
 * can have wrong with them, which is a diagnostic and never thrown.
 */
export const ERRORS: Readonly<Record<ErrorCode, ErrorEntry>> = {
  ...FILE_ERRORS,
  ...DIRECTIVE_ERRORS,
  ...TIME_ERRORS,
  ...MEDIUM_ERRORS,
  ...PRESENT_ERRORS,
  ...OWNERSHIP_ERRORS,
  ...KEY_ERRORS,
  ...HEARTBEAT_ERRORS,
  ...MACHINE_ERRORS,
  ...LAB_ERRORS,
};

/**
 * A failure of the machine (no such device, no permission, a second daemon): thrown, caught where a
 * process meets its user, and shown as code, sentence and next step instead of a stack trace.
 */
export class MachineError extends Error {
  readonly code: ErrorCode;
  readonly nextStep: string;

  /** `nextStep` where the registry's own sentence can be made more exact. */
  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly nextStep?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "MachineError";
    this.code = code;
    this.nextStep = options.nextStep ?? ERRORS[code].nextStep;
  }
}

/** The page docs/errors.md. */
export function errorsPage(): string {
  const entries = Object.entries(ERRORS).map(
    ([code, { title, explanation, nextStep }]) =>
      `## ${code}\n\n*${title}.* ${explanation}\n\n${nextStep}\n`,
  );
  return `# Error codes\n\nMade from \`src/base/errors.ts\`; a test keeps the two equal.\n\n${entries.join("\n")}`;
}
