import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Circumstances } from "./circumstances.ts";
import type { Measurement } from "./measurement.ts";

const folder = fileURLToPath(new URL("results/", import.meta.url));

/** One file of bench/results. */
export interface Result extends Circumstances, Measurement {
  readonly name: string;
  /** UTC, when it ended. */
  readonly date: string;
  readonly loadBefore: readonly number[];
  readonly loadAfter: readonly number[];
  /** Of all cores meanwhile, ours and others. */
  readonly busyPercent: number;
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
  const file = resultFiles()
    .filter((candidate) => candidate.startsWith(`${name}-2`))
    .at(-1);
  return file === undefined ? undefined : JSON.parse(readFileSync(`${folder}${file}`, "utf8"));
}

function resultFiles(): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .sort();
  } catch {
    return [];
  }
}
