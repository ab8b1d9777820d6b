import { readFileSync } from "node:fs";
import { Command } from "commander";
import { registerCheck } from "./check.ts";
import { registerDemo } from "./demo.ts";
import { registerMigrate } from "./migrate.ts";
import { exitAfterUsage, guardOutput, reportFailure } from "./output.ts";
import { registerSim } from "./sim.ts";
import { registerStandby } from "./standby.ts";
import { registerStatus } from "./status.ts";
import { registerTakeover } from "./takeover.ts";

/** The program `tandem`: one file for each command, each registering itself. */
const program = new Command("tandem")
  .description("Keeps a service alive on a pair of Linux machines.")
  .version(packageVersion())
  .showHelpAfterError("(tandem --help shows what there is)")
  .exitOverride(exitAfterUsage);

registerCheck(program);
registerDemo(program);
registerMigrate(program);
registerStatus(program);
registerSim(program);
registerStandby(program);
registerTakeover(program);

guardOutput();
try {
  await program.parseAsync();
} catch (error) {
  reportFailure(error);
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
