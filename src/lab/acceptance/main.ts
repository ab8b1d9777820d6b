import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { projectRoot } from "../paths.ts";
import { LabUnavailable } from "../unavailable.ts";
import { bothDeath, daemonDeath, partition, powerCut } from "./deaths.ts";
import { currentCommit, describeMachine } from "./machine.ts";
import { cleanStop, failback, standby } from "./moves.ts";
import { heartbeatPeer } from "./peer/scenario.ts";
import { medianOf, type RunResult, type Summary, summarize, summaryTable } from "./results.ts";
import { runOnce } from "./run.ts";
import type { ComparedVariant, Scenario, Variant } from "./scenario.ts";
import { coldStart, lanCable } from "./starts.ts";

/**
 * `npm run acceptance -- NAME [--runs N] [--rootless] [--variant TEXT] [--steady SECONDS]`: the repetitions behind the
 * promises of product.md 4. Prints a table, keeps every run in bench/results/. Exit status: 0 every requirement holds, 1 one does
 * not, 2 usage, 3 this machine cannot give us a lab.
 */
const scenarios: readonly Scenario[] = [
  powerCut,
  standby,
  cleanStop,
  failback,
  daemonDeath,
  bothDeath,
  coldStart,
  lanCable,
  partition,
  // Last: it needs Heartbeat's packages, and the machine may not have them.
  heartbeatPeer,
];

interface Options {
  readonly runs: number | undefined;
  readonly rootless: boolean;
  /** Only the variants with this in their names. */
  readonly variant: string;
  /** How long heartbeat-peer's event `steady` lasts. */
  readonly steadyMs: number;
}

/** As the acceptance of a Heartbeat peer wants it. */
const steadySeconds = 300;

interface VariantResult {
  readonly variant: string;
  readonly timers: Variant["timers"];
  readonly summaries: readonly Summary[];
  readonly runs: readonly RunResult[];
}

async function main(): Promise<number> {
  const { chosen, options, problem } = readArguments();
  if (chosen.length === 0) {
    process.stderr.write(
      `${problem}\nusage: npm run acceptance -- NAME [--runs N] [--rootless] [--variant TEXT] [--steady SECONDS]\nNAME: ${[...scenarios.map((one) => one.name), "all"].join(", ")}\n`,
    );
    return 2;
  }
  let holds = true;
  for (const scenario of chosen) holds = (await measureScenario(scenario, options)) && holds;
  return holds ? 0 : 1;
}

interface Asked {
  readonly chosen: readonly Scenario[];
  readonly options: Options;
  /** Why nothing is chosen. */
  readonly problem: string;
}

function readArguments(): Asked {
  try {
    return readArgumentsOf(
      parseArgs({
        allowPositionals: true,
        options: {
          runs: { type: "string" },
          rootless: { type: "boolean", default: false },
          variant: { type: "string", default: "" },
          steady: { type: "string", default: `${steadySeconds}` },
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const options = { runs: undefined, rootless: false, variant: "", steadyMs: 0 };
    return { chosen: [], options, problem: error.message };
  }
}

function readArgumentsOf({
  values,
  positionals,
}: {
  values: { runs?: string; rootless: boolean; variant: string; steady: string };
  positionals: readonly string[];
}): Asked {
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  const steady = Number(values.steady);
  const isSensible = (runs === undefined || (Number.isInteger(runs) && runs > 0)) && steady > 0;
  const [name] = positionals;
  const { rootless, variant } = values;
  const chosen = scenarios.filter(
    (one) =>
      (name === "all" || one.name === name) &&
      one.variants.some((each) => each.name.includes(variant)),
  );
  return {
    chosen: isSensible ? chosen : [],
    options: { runs, rootless, variant, steadyMs: 1000 * steady },
    problem: isSensible
      ? "there is nothing of this name to play"
      : "--runs takes a whole number, --steady seconds: above 0",
  };
}

async function measureScenario(scenario: Scenario, options: Options): Promise<boolean> {
  const machine = describeMachine();
  say(`${scenario.name}: ${scenario.what}`);
  say(
    `${machine.cpu}, ${machine.cpus} CPUs, Linux ${machine.kernel}, Node ${machine.node}, load ${machine.load}`,
  );
  const variants: VariantResult[] = [];
  for (const variant of scenario.variants) {
    if (!variant.name.includes(options.variant)) continue;
    const count = options.runs ?? scenario.runs;
    const { figures, runs } =
      "compare" in variant
        ? await variant.compare(count, { ...options, say })
        : { figures: variant.figures, runs: await measureVariant(variant, count, options) };
    const summaries = summarize(figures, runs);
    variants.push({ variant: variant.name, timers: variant.timers, summaries, runs });
    report(variant, summaries, runs);
  }
  const file = keep(scenario, { machine, rootless: options.rootless, variants });
  say(`kept in ${file}\n`);
  return variants.every(({ summaries }) => summaries.every((summary) => summary.holds));
}

async function measureVariant(
  variant: Variant,
  count: number,
  options: Options,
): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  for (let index = 0; index < count; index++) {
    const result = await runOnce(variant, index, options);
    results.push(result);
    const told = result.problem ?? JSON.stringify(result.figures, roundedNumbers);
    say(`  ${variant.name} ${index + 1}/${count}: ${told}`);
  }
  return results;
}

function report(
  variant: Variant | ComparedVariant,
  summaries: readonly Summary[],
  runs: readonly RunResult[],
): void {
  const noise = runs.flatMap((run) => run.noiseMs ?? []).sort((one, other) => one - other);
  say(`\n${variant.name}`.trimEnd());
  process.stdout.write(summaryTable(summaries));
  if (noise.length > 0) {
    say(
      `noise floor: longest gap while nothing happened: median ${medianOf(noise).toFixed(1)} ms, worst ${(noise.at(-1) ?? Number.NaN).toFixed(1)} ms`,
    );
  }
  const failed = runs.filter((run) => run.problem !== undefined).length;
  if (failed > 0) say(`${failed} of ${runs.length} runs did not come to their end`);
}

/** Writes the results file. @returns its path, from the project's root */
function keep(
  scenario: Scenario,
  result: {
    readonly machine: object;
    readonly rootless: boolean;
    readonly variants: readonly VariantResult[];
  },
): string {
  const date = new Date().toISOString();
  const [only] = result.variants;
  const isOne = result.variants.length === 1 && only?.variant !== "";
  const part = isOne ? `-${only?.variant.replaceAll(" ", "-")}` : "";
  const suffix = `${part}${result.rootless ? "-rootless" : ""}`;
  const file = `bench/results/${scenario.name}${suffix}-${date.slice(0, 19).replaceAll(":", "")}.json`;
  mkdirSync(`${projectRoot}bench/results`, { recursive: true });
  const document = {
    schema: "tandem.acceptance/1",
    scenario: scenario.name,
    what: scenario.what,
    date,
    commit: currentCommit(),
    ...result,
  };
  writeFileSync(`${projectRoot}${file}`, `${JSON.stringify(document, null, 2)}\n`);
  return file;
}

const roundedNumbers = (_key: string, value: unknown): unknown =>
  typeof value === "number" ? Math.round(value * 10) / 10 : value;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof LabUnavailable)) throw error;
  process.stderr.write(`acceptance: ${error.message} [${error.code}]\n${error.nextStep}\n`);
  process.exitCode = 3;
}
