import { ControlError } from "../control/client/index.ts";
import { type Output, writeJson } from "./output.ts";

/** Exit status where the daemon does not run or does not answer. */
export const EXIT_NOT_RUNNING = 3;
/** Exit status where the daemon may run, but we may not ask it, or cannot. */
export const EXIT_CANNOT_ASK = 4;

/**
 * Says on standard error why the daemon gave no answer, and to `programs`, where there are any, in a document of
 * its own; the exit status. Anything else is thrown on.
 */
export function reportControlFailure(error: unknown, programs?: Output): number {
  if (!(error instanceof ControlError)) throw error;
  if (programs !== undefined) writeJson(programs, failureJson(error));
  process.stderr.write(`tandem: ${error.message} [${error.code}]\n${error.next}\n`);
  return exitOf(error);
}

/** `tandem.error/1`: what a command says to programs in the place of its own document. */
export function failureJson({ code, message, next }: ControlError): object {
  return { schema: "tandem.error/1", code, message, next };
}

function exitOf({ code }: ControlError): number {
  const noAnswer = code === "not-running" || code === "disconnected" || code === "unavailable";
  if (noAnswer) return EXIT_NOT_RUNNING;
  return code === "refused" ? 1 : EXIT_CANNOT_ASK;
}
