import { readFileSync } from "node:fs";
import { release } from "node:os";
import type { Cluster } from "../lab/story/cluster.ts";
import type { StepResult } from "../lab/story/play.ts";

/** `tandem demo --json`: schema tandem.demo/1. Times are milliseconds of CLOCK_BOOTTIME. */
export function demoDocument(cluster: Cluster, results: readonly StepResult[]): object {
  return {
    schema: "tandem.demo/1",
    ok: results.every((result) => result.ok),
    machine: {
      ...cluster.lab.facts,
      kernel: release(),
      node: process.version,
      load: readFileSync("/proc/loadavg", "utf8").trim(),
    },
    timers: cluster.timers,
    steps: results.map(({ step, ok, problem, slow, measured, owner, sentences }) => ({
      name: step.name,
      title: step.title,
      expected: step.expected,
      ok,
      problem: problem ?? null,
      slow: slow ?? null,
      ownerAfter: owner ?? null,
      measured: measured === undefined ? null : { ...measured, silence: measured.silence ?? null },
      sentences,
    })),
  };
}
