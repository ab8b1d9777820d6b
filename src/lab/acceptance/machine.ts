import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { projectRoot } from "../paths.ts";

/** What figures depend on besides the program. */
export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  readonly kernel: string;
  readonly node: string;
  readonly load: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cpus: cpus().length,
    kernel: release(),
    node: process.version,
    load: readFileSync("/proc/loadavg", "utf8").trim(),
  };
}

/** The commit that is measured, with `+` where the tree has changes; "unknown" outside of a clone. */
export function currentCommit(): string {
  const git = (...args: readonly string[]) =>
    spawnSync("git", args, { cwd: projectRoot, encoding: "utf8" });
  const head = git("rev-parse", "HEAD");
  if (head.status !== 0) return "unknown";
  const isChanged = git("status", "--porcelain", "--untracked-files=no").stdout.trim() !== "";
  return `${head.stdout.trim()}${isChanged ? "+" : ""}`;
}
