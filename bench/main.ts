/**
 * `npm run bench [-- NAME… --seconds N --rootless]`: measures, prints a table, keeps the result in bench/results.
 * Nothing is asserted: a number is looked at by people, beside its noise floor and the last one.
 */
import { parseArgs } from "node:util";
import { MachineError } from "../src/base/errors.ts";
import { currentCommit, describeMachine } from "../src/lab/acceptance/machine.ts";
import { NotWithin } from "../src/lab/story/cluster.ts";
import { codec } from "./codec.ts";
import { core } from "./core.ts";
import { flood } from "./flood.ts";
import { idle } from "./idle.ts";
import { lateness } from "./lateness.ts";
import type { Bench, BenchOptions } from "./measurement.ts";
import { formatOutages } from "./outage.ts";
import { processorTime, shares } from "./processor-time.ts";
import { keepResult, lastResult, type Result } from "./results.ts";
import { sim } from "./sim.ts";
import { formatResult } from "./table.ts";

const benches: readonly Bench[] = [codec, core, sim, idle, lateness, flood];

const names = [...benches.map(({ name }) => name), "outage"];

const asked = readArguments();
if (typeof asked === "string") {
  console.error(`bench: ${asked}\nusage: npm run bench [-- NAME… --seconds N --rootless]`);
  for (const { name, what } of benches) console.error(`  ${name.padEnd(10)}${what}`);
  console.error(`  ${"outage".padEnd(10)}shows what \`npm run acceptance -- NAME\` measured last`);
  process.exitCode = 2;
} else {
  const isWanted = (name: string): boolean => asked.wanted.includes(name);
  for (const bench of benches) if (isWanted(bench.name)) await measure(bench, asked.options);
  if (isWanted("outage")) console.log(`\n${formatOutages()}`);
}

/** What is wanted, or in words why that cannot be told. */
function readArguments(): { wanted: readonly string[]; options: BenchOptions } | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        seconds: { type: "string", default: "60" },
        rootless: { type: "boolean", default: false },
      },
    });
    const unknown = positionals.filter((name) => name !== "all" && !names.includes(name));
    if (unknown.length > 0) return unknown.map((name) => `no bench ${name}`).join(", ");
    const seconds = Number(values.seconds);
    if (!(seconds >= 1)) return `--seconds ${values.seconds}: a number from 1 on`;
    const isAll = positionals.length === 0 || positionals.includes("all");
    return { wanted: isAll ? names : positionals, options: { seconds, rootless: values.rootless } };
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

async function measure(bench: Bench, options: BenchOptions): Promise<void> {
  console.log(`\n${bench.name}: ${bench.what}`);
  const machine = describeMachine();
  const before = processorTime();
  try {
    const measurement = await bench.run(options);
    const result: Result = {
      schema: "tandem.bench/1",
      name: bench.name,
      what: bench.what,
      date: new Date().toISOString(),
      commit: currentCommit(),
      machine,
      loadAfter: describeMachine().load,
      ...shares(before, processorTime()),
      ...measurement,
    };
    const last = lastResult(bench.name);
    console.log(formatResult(result, last));
    console.log(`kept: ${keepResult(result)}`);
  } catch (error) {
    if (error instanceof MachineError) {
      console.error(`${bench.name}: not measured: ${error.message}\n${error.nextStep}`);
      process.exitCode = 3;
    } else if (error instanceof NotWithin) {
      console.error(`${bench.name}: not measured: ${error.message}`);
      process.exitCode = 1;
    } else throw error;
  }
}
