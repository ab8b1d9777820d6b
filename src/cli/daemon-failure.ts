import { ControlError } from "../control/client/index.ts";

/** Exit status where the daemon does not run or does not answer. */
export const EXIT_NOT_RUNNING = 3;
/** Exit status where the daemon may run, but we may not ask it, or cannot. */
export const EXIT_CANNOT_ASK = 4;

/** Says on standard error why the daemon gave no answer; the exit status. Anything else is thrown on. */
export function reportControlFailure(error: unknown): number {
  if (!(error instanceof ControlError)) throw error;
  process.stderr.write(`tandem: ${error.message} [${error.code}]\n${error.next}\n`);
  return exitOf(error);
}

function exitOf({ code }: ControlError): number {
  const noAnswer = code === "not-running" || code === "disconnected" || code === "unavailable";
  if (noAnswer) return EXIT_NOT_RUNNING;
  return code === "refused" ? 1 : EXIT_CANNOT_ASK;
}
