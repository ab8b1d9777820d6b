import { readFileSync } from "node:fs";

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
