import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

/** What a measurement has to be read beside. */
export interface Circumstances {
  readonly commit: string;
  /** There were changes that no commit holds. */
  readonly changed: boolean;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryMiB: number;
    readonly kernel: string;
    readonly node: string;
  };
}

export function findCircumstances(): Circumstances {
  return {
    commit: git("rev-parse", "--short=12", "HEAD"),
    // New results change nothing that is measured.
    changed: git("status", "--porcelain", "--", ".", ":!bench/results") !== "",
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryMiB: Math.round(totalmem() / 2 ** 20),
      kernel: release(),
      node: process.version,
    },
  };
}

function git(...args: readonly string[]): string {
  try {
    return execFileSync("git", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
}

/** Load averages over 1, 5 and 15 minutes. */
export function load(): readonly number[] {
  return loadavg().map((value) => Math.round(value * 100) / 100);
}

/** Processor time of the whole machine so far, in its own ticks: all of it, and what a hypervisor gave to others. */
export interface ProcessorTime {
  readonly all: number;
  readonly idle: number;
  readonly stolen: number;
}

export function processorTime(): ProcessorTime {
  const line = readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "";
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, waiting = 0, , , stolen = 0] = ticks;
  return { all: ticks.reduce((sum, one) => sum + one, 0), idle: idle + waiting, stolen };
}

/** Between two readings, in per cent. */
export function shares(
  before: ProcessorTime,
  after: ProcessorTime,
): { readonly busyPercent: number; readonly stolenPercent: number } {
  const all = Math.max(1, after.all - before.all);
  const percent = (ticks: number): number => Math.round((ticks / all) * 1000) / 10;
  const stolen = after.stolen - before.stolen;
  return {
    busyPercent: percent(all - (after.idle - before.idle) - stolen),
    stolenPercent: percent(stolen),
  };
}
