import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { FILE_BYTES_MAX } from "../config/files.ts";
import { readConfiguration } from "../config/load.ts";
import type { ClusterConfig } from "../config/types.ts";
import { readConfigFiles } from "../inspect/config-files.ts";
import { playStory } from "../sim/play-story.ts";
import { runSeed, SECONDS_PER_SEED } from "../sim/run.ts";
import { SHIPPED } from "../sim/shipped.ts";
import { parseStory, shortNames } from "../sim/story.ts";
import { describeViolation, Tally } from "../sim/tally.ts";
import { formatDiagnostic } from "./diagnostic-format.ts";
import { type Output, standardOutput } from "./output.ts";

/** `tandem sim`, as commander parses it. */
interface SimOptions {
  readonly story?: string;
  readonly seed?: string;
  readonly runs: string;
  readonly seconds: string;
}

export function registerSim(program: Command): void {
  program
    .command("sim")
    .description(
      "play a story, or storms of faults from a seed, with the shipped loops in virtual time",
    )
    .option("--story <dir>", "a folder with ha.cf, haresources, authkeys and events.txt")
    .option("--seed <number>", "one run of this seed, with all that was said; else fresh seeds")
    .option("--runs <number>", "how many fresh seeds", "20")
    .option("--seconds <number>", "simulated seconds of each run", String(SECONDS_PER_SEED))
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

function simulate(options: SimOptions, output: Output): 0 | 1 {
  const seconds = Number(options.seconds);
  if (options.seed !== undefined) {
    const traceMax = 1_000_000;
    const result = runSeed(Number(options.seed), { programs: SHIPPED, seconds, traceMax });
    output.write(`${result.trace.join("\n")}\n${describeViolation(result)}\n`);
    return result.violation === undefined ? 0 : 1;
  }
  const began = performance.now();
  const first = Date.now() % 2_000_000_000;
  output.write(`seeds ${first} and following\n`);
  const tally = new Tally();
  for (let run = 0; run < Number(options.runs); run += 1) {
    tally.add(runSeed(first + run, { programs: SHIPPED, seconds }));
  }
  output.write(`${tally.summary(performance.now() - began)}\n`);
  return tally.violated.length === 0 ? 0 : 1;
}

async function tellStory(folder: string, output: Output): Promise<0 | 1 | 2> {
  const config = await readConfig(folder, output);
  if (config === undefined) return 2;
  const file = join(folder, "events.txt");
  const { story, mistakes } = parseStory(await readFile(file, "utf8"), shortNames(config));
  for (const { line, text } of mistakes) output.write(`${file}:${line}: ${text}\n`);
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
