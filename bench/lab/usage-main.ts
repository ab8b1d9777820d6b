/** On a host: what the process PID and all below it use in WINDOWS windows of SECONDS each. Arguments: PID SECONDS WINDOWS. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { listProcesses, type ProcessEntry } from "../../src/lab/host/processes.ts";
import type { Usage, UsageReport } from "./usage.ts";

const [root = 0, seconds = 0, windows = 1] = process.argv.slice(2).map(Number);
const from = Date.now();
const marks = [performance.now()];
const used = [usedByEach()];
for (let window = 0; window < windows; window++) {
  await sleep(seconds * 1000);
  marks.push(performance.now());
  used.push(usedByEach());
}
const report: UsageReport = {
  from,
  windowsMs: marks.slice(1).map((mark, index) => mark - (marks[index] ?? mark)),
  processes: family().map(usageOf),
};
process.stdout.write(JSON.stringify(report));

function usedByEach(): ReadonlyMap<number, number> {
  return new Map(family().map(({ pid }) => [pid, usedMs(pid)]));
}

function family(): readonly ProcessEntry[] {
  const all = listProcesses();
  const ours = new Set([root]);
  // A child's number may be lower than its parent's: look until nobody is added.
  for (let size = 0; size < ours.size; ) {
    size = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  return all.filter(({ pid }) => ours.has(pid));
}

function usageOf({ pid, argv }: ProcessEntry): Usage {
  const memory = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kiB = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(memory)?.[1]);
  const readings = used.map((reading) => reading.get(pid) ?? 0);
  return {
    role: roleOf(pid, argv),
    argv,
    cpuMs: readings.slice(1).map((reading, index) => reading - (readings[index] ?? 0)),
    rssKiB: kiB("Rss"),
    privateDirtyKiB: kiB("Private_Dirty"),
  };
}

function roleOf(pid: number, argv: readonly string[]): Usage["role"] {
  if (pid === root) return "pulse";
  return argv.some((word) => word.endsWith("/daemon/main.js")) ? "daemon" : "other";
}

/** The first number of /proc/PID/task/TID/schedstat: nanoseconds on a core. The ticks of `stat` are too coarse for rest. */
function usedMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const [onCore = ""] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
    return sum + Number(onCore) / 1e6;
  }, 0);
}
