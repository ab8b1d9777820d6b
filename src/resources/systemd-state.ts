import { existsSync } from "node:fs";
import { run } from "./runner.ts";

/** There exactly where systemd is the running init (sd_booted(3)). */
const BOOTED = "/run/systemd/system";
/** A start waits for the answer; one that does not come in this time counts as no. */
const ANSWER_MS = 1_000;

/**
 * Whether systemd is shutting the machine down: `stopping` of systemctl(1), is-system-running. What
 * it stops then is not to be started again beside it (safety.md 9). Without systemd: no.
 */
export async function isMachineStopping(
  options: { booted?: string; systemctl?: string } = {},
): Promise<boolean> {
  if (!existsSync(options.booted ?? BOOTED)) return false;
  const words = ["--no-ask-password", "is-system-running"];
  const { output } = await run(options.systemctl ?? "systemctl", words, { deadlineMs: ANSWER_MS });
  return output.trim() === "stopping";
}
