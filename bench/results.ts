import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Machine } from "../src/lab/acceptance/machine.ts";
import type { Measurement } from "./measurement.ts";

const folder = fileURLToPath(new URL("results/", import.meta.url));

/** One file of bench/results that this program wrote; `npm run acceptance` keeps its own there. */
export interface Result extends Measurement {
  readonly schema: "tandem.bench/1";
  readonly name: string;
  readonly what: string;
  /** UTC, when it ended. */
  readonly date: string;
  /** With `+` where the tree had changes. */
  readonly commit: string;
  /** With the load average before. */
  readonly machine: Machine;
  readonly loadAfter: string;
  /** Of all cores meanwhile, ours and others. */
  readonly busyPercent: number;
  /** Given by a hypervisor to others. */
  readonly stolenPercent: number;
}

/** Writes NAME-DATE.json. @returns its path within the repository */
export function keepResult(result: Result): string {
  mkdirSync(folder, { recursive: true });
  const file = `${result.name}-${result.date.replace(/:|\.\d+/g, "")}.json`;
  writeFileSync(`${folder}${file}`, `${JSON.stringify(result, null, 2)}\n`);
  return `bench/results/${file}`;
}

/** The newest kept result of this name: dates sort as text. */
export function lastResult(name: string): Result | undefined {
  const file = resultFiles().findLast((candidate) => candidate.startsWith(`${name}-2`));
  return file === undefined ? undefined : (readResult(file) as Result);
}

/** Names of files, oldest first for each name. */
export function resultFiles(): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort();
}

export function readResult(file: string): unknown {
  return JSON.parse(readFileSync(`${folder}${file}`, "utf8"));
}
