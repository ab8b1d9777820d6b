import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { FILE_BYTES_MAX } from "../config/files.ts";
import { reasonOf } from "../config/heartbeat/report.ts";
import { readConfiguration } from "../config/load.ts";
import type { ClusterConfig } from "../config/types.ts";
import { readConfigFile, readConfigFiles } from "../inspect/config-files.ts";
import { playStory } from "../sim/play-story.ts";
import { PINGS_FROM, runSeed, SECONDS_PER_SEED } from "../sim/run.ts";
import { SHIPPED } from "../sim/shipped.ts";
import { parseStory, shortNames } from "../sim/story.ts";
import { describeViolation, Tally } from "../sim/tally.ts";
import { formatDiagnostic } from "./diagnostic-format.ts";
import { type Output, standardOutput } from "./output.ts";

/** `tandem sim`, as commander parses it. */
interface SimOptions {
  readonly story?: string;
  readonly seed?: number;
  readonly runs: number;
  readonly seconds: number;
}

export function registerSim(program: Command): void {
  program
    .command("sim")
    .description(
      "play a story, or storms of faults from a seed, with the shipped loops in virtual time",
    )
    .option("--story <dir>", "a folder with ha.cf, haresources, authkeys and events.txt")
    .option(
      "--seed <number>",
      "one run of this seed, with all that was said; else fresh seeds",
      count,
    )
    .option("--runs <number>", "how many fresh seeds", count, 20)
    .option("--seconds <number>", "simulated seconds of each run", count, SECONDS_PER_SEED)
    .addHelpText(
      "after",
      "\nExit status: 0 every rule held, 1 one did not, 2 the story cannot be read.",
    )
    .action(async (options: SimOptions) => {
      process.exitCode =
        options.story === undefined
          ? simulate(options, standardOutput)
          : await tellStory(options.story, standardOutput);
    });
}

function count(word: string): number {
  if (/^\d{1,15}$/.test(word)) return Number(word);
  throw new InvalidArgumentError("Write a whole number.");
}

function simulate({ seed, runs, seconds }: SimOptions, output: Output): 0 | 1 {
  if (seed !== undefined) {
    const traceMax = 1_000_000;
    const result = runSeed(seed, { programs: SHIPPED, seconds, traceMax });
    output.write(`${result.trace.join("\n")}\n${describeViolation(result)}\n`);
    return result.violation === undefined ? 0 : 1;
  }
  const began = performance.now();
  const first = PINGS_FROM + (Date.now() % 2_000_000_000);
  output.write(`seeds ${first} and following\n`);
  const tally = new Tally();
  for (let run = 0; run < runs; run += 1) {
    tally.add(runSeed(first + run, { programs: SHIPPED, seconds }));
  }
  output.write(`${tally.summary(performance.now() - began)}\n`);
  return tally.violated.length === 0 ? 0 : 1;
}

/** Exit status: 0 every rule held, 1 one did not, 2 the story cannot be read. */
export async function tellStory(folder: string, output: Output): Promise<0 | 1 | 2> {
  const config = await readConfig(folder, output);
  if (config === undefined) return 2;
  const file = await readConfigFile(join(folder, "events.txt"), FILE_BYTES_MAX);
  if (file.kind !== "text") {
    output.write(`${file.name}: ${reasonOf(file)}: a story is a folder with this file in it\n`);
    return 2;
  }
  const { story, mistakes } = parseStory(file.text, shortNames(config));
  for (const { line, text } of mistakes) output.write(`${file.name}:${line}: ${text}\n`);
  if (story === undefined) return 2;
  const { lines, violation } = playStory(story, config, SHIPPED);
  output.write(`${lines.join("\n")}\n`);
  return violation === undefined ? 0 : 1;
}

async function readConfig(folder: string, output: Output): Promise<ClusterConfig | undefined> {
  const files = await readConfigFiles(folder, FILE_BYTES_MAX);
  // A story is no secret: whoever may read it is no mistake.
  const authkeys = files.authkeys.kind === "text" ? { mode: undefined } : {};
  const story = { ...files, authkeys: { ...files.authkeys, ...authkeys } };
  const { config, diagnostics } = readConfiguration(story, undefined);
  if (config !== undefined) return config;
  for (const diagnostic of diagnostics) output.write(formatDiagnostic(diagnostic, undefined));
  return undefined;
}
