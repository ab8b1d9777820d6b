/**
 * `npm run bench [-- NAME… --seconds N --rootless]`: measures, prints a table, keeps the result in bench/results.
 * Nothing is asserted: a number is looked at by people, beside its noise floor and the last one.
 */
import { parseArgs } from "node:util";
import { MachineError } from "../src/base/errors.ts";
import { findCircumstances, load, processorTime, shares } from "./circumstances.ts";
import { codec } from "./codec.ts";
import { core } from "./core.ts";
import type { Bench, BenchOptions } from "./measurement.ts";
import { keepResult, lastResult, type Result } from "./results.ts";
import { sim } from "./sim.ts";
import { formatResult } from "./table.ts";

const benches: readonly Bench[] = [codec, core, sim];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "60" },
    rootless: { type: "boolean", default: false },
  },
});

const options: BenchOptions = { seconds: Number(values.seconds), rootless: values.rootless };
const isWanted = ({ name }: Bench): boolean =>
  positionals.length === 0 || positionals.includes("all") || positionals.includes(name);
const unknown = positionals.filter(
  (name) => name !== "all" && !benches.some((bench) => bench.name === name),
);

if (unknown.length > 0 || !(options.seconds >= 1)) {
  console.error(`bench: ${unknown.map((name) => `no bench ${name}`).join(", ") || "--seconds N"}`);
  for (const { name, what } of benches) console.error(`  ${name.padEnd(10)}${what}`);
  process.exitCode = 2;
} else {
  for (const bench of benches.filter(isWanted)) await measure(bench);
}

async function measure(bench: Bench): Promise<void> {
  console.log(`\n${bench.name}: ${bench.what}`);
  const before = { load: load(), time: processorTime() };
  try {
    const measurement = await bench.run(options);
    const result: Result = {
      name: bench.name,
      date: new Date().toISOString(),
      ...findCircumstances(),
      loadBefore: before.load,
      loadAfter: load(),
      ...shares(before.time, processorTime()),
      ...measurement,
    };
    const last = lastResult(bench.name);
    console.log(formatResult(result, last));
    console.log(`kept: ${keepResult(result)}`);
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    console.error(`${bench.name}: not measured: ${error.message}\n${error.nextStep}`);
    process.exitCode = 3;
  }
}
