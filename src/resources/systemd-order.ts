import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEADLINES } from "./deadlines.ts";
import { howItEnded, run } from "./runner.ts";

/**
 * Runtime units: gone at the next boot, as an order that only our running needs should be. Left there
 * when we stop: an order counts only where both are started or stopped at once.
 */
const RUNTIME_UNITS = "/run/systemd/system";

/**
 * `shutdown` stops our services beside us (safety.md 9). Ordered before tandem.service in the start,
 * they are stopped after it: we hand over while they still run. Nothing is enabled or disabled:
 * `tandem check` and the log say what is enabled and should not be.
 */
const DROP_IN = `# Written by tandemd: stop order is the reverse of start order, so that a shutdown
# lets tandem hand the service over before systemd stops this unit.
[Unit]
Before=tandem.service
`;

/**
 * Writes the drop-in of each unit and lets systemd read it. Answers a sentence for the log when that
 * failed; undefined: done, or nothing to do.
 */
export async function orderUnitsBehindUs(
  units: readonly string[],
  options: { unitsDir?: string; systemctl?: string } = {},
): Promise<string | undefined> {
  try {
    const written = units.filter((unit) => writeDropIn(options.unitsDir ?? RUNTIME_UNITS, unit));
    if (written.length === 0) return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `cannot order units behind tandem.service: ${why}`;
  }
  const words = ["--no-ask-password", "daemon-reload"];
  const result = await run(options.systemctl ?? "systemctl", words, {
    deadlineMs: DEADLINES.startMs,
  });
  return result.code === 0 ? undefined : `systemctl daemon-reload: ${howItEnded(result)}`;
}

/** True when the file is new: an unchanged one needs no reload of all units. */
function writeDropIn(unitsDir: string, unit: string): boolean {
  const dir = join(unitsDir, `${unit}.d`);
  const path = join(dir, "50-tandem.conf");
  if (existsSync(path) && readFileSync(path, "utf8") === DROP_IN) return false;
  // Not recursive: where systemd does not run there is no such directory, and none is to be made.
  if (!existsSync(dir)) mkdirSync(dir);
  writeFileSync(path, DROP_IN);
  return true;
}
