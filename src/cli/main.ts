import { readFileSync } from "node:fs";
import { Command } from "commander";
import { registerCheck } from "./check.ts";
import { guardOutput, reportFailure } from "./output.ts";

/** The program `tandem`: one file for each command, each registering itself. */
const program = new Command("tandem")
  .description("Keeps a service alive on a pair of Linux machines.")
  .version(packageVersion())
  .showHelpAfterError("(tandem --help shows what there is)");

registerCheck(program);

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
