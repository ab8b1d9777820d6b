import { readFileSync } from "node:fs";
import { MachineError } from "../base/errors.ts";
import { LinuxPulse } from "./linux-environment.ts";
import { PulseLoop } from "./loop.ts";
import { type PulseOptions, parseOptions, USAGE } from "./options.ts";
import { claimRunDir } from "./pid-file.ts";

const EXIT_USAGE = 2;
/** A second one on the same run directory. */
const EXIT_RUNS_ALREADY = 4;

const command = parseOptions(process.argv.slice(2));
switch (command.kind) {
  case "version":
    process.stdout.write(`tandemd ${version()}\n`);
    break;
  case "help":
    process.stdout.write(USAGE);
    break;
  case "wrong":
    process.stderr.write(`tandemd: ${command.why}\n${USAGE}`);
    process.exitCode = EXIT_USAGE;
    break;
  case "run":
    run(command.options);
}

function run(options: PulseOptions): void {
  try {
    claimRunDir(options.runDir);
  } catch (error) {
    const known = error instanceof MachineError;
    const text = known ? `${error.message}\n${error.nextStep}` : String(error);
    process.stderr.write(`tandemd: ${text}\n`);
    process.exit(known && error.code === "already-running" ? EXIT_RUNS_ALREADY : 1);
  }
  const environment = new LinuxPulse(options, (event) => loop.handle(event));
  const loop = new PulseLoop(environment);
  // A reader of our words that is gone must not end the pulse.
  process.stderr.on("error", () => {});
  process.on("SIGTERM", () => loop.handle({ kind: "stop" }));
  process.on("SIGINT", () => loop.handle({ kind: "stop" }));
  process.on("SIGHUP", () => environment.log("WARN", "reload is not run by this version"));
  loop.handle({ kind: "start" });
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
