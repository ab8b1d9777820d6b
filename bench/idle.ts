import type { Lab } from "../src/lab/lab.ts";
import type { HostName } from "../src/lab/layout.ts";
import { printedTimers } from "../src/lab/story/files.ts";
import { runAgent } from "./lab/agent.ts";
import { fastTimers, nodes, withPairAtRest } from "./lab/pair-at-rest.ts";
import type { Usage, UsageReport } from "./lab/usage.ts";
import { type Bench, type Measurement, median, type Row } from "./measurement.ts";
import { rowOf } from "./rate.ts";

/** The time is cut into so many, to see how much they differ. */
const windows = 4;

export const idle: Bench = {
  name: "idle",
  what: "processor time and memory of all processes of a pair at rest (the service's own are left out)",
  run: async ({ seconds, rootless }) => {
    const parts: Part[] = [];
    for (const timers of [printedTimers, fastTimers]) {
      parts.push(
        await withPairAtRest({ timers, rootless }, (lab) =>
          watchPair(lab, { keepaliveMs: timers.keepaliveMs, seconds }),
        ),
      );
    }
    return {
      rows: parts.flatMap((part) => part.rows),
      noiseFloor: {
        what: "a Node process that wakes every keepalive and does nothing, at the faster one",
        value: Math.max(...parts.map((part) => part.bareTimer)),
        unit: "CPU s/hour",
      },
      conditions: { seconds, windows, ...parts[0]?.facts },
    };
  },
};

interface Part {
  readonly rows: readonly Row[];
  /** CPU seconds an hour. */
  readonly bareTimer: number;
  readonly facts: Measurement["conditions"];
}

interface Watched {
  /** `zeus pulse` */
  readonly name: string;
  readonly cpuSecondsPerHour: readonly number[];
  readonly usage: Usage;
}

async function watchPair(
  lab: Lab,
  { keepaliveMs, seconds }: { keepaliveMs: number; seconds: number },
): Promise<Part> {
  const watch = async (name: HostName, pid: number): Promise<readonly Watched[]> => {
    const args = [pid, seconds / windows, windows];
    const agent = { program: "usage-main.ts", args, realtime: false } as const;
    const { windowsMs, processes } = await runAgent<UsageReport>(lab.host(name), agent);
    return processes.map((usage) => ({
      name: `${name} ${usage.role}`,
      cpuSecondsPerHour: usage.cpuMs.map((ms, index) => (ms / (windowsMs[index] ?? 1)) * 3600),
      usage,
    }));
  };
  const bare = `setInterval(() => {}, ${keepaliveMs})`;
  const timer = await lab
    .host("client")
    .spawn([process.execPath, "--single-threaded-gc", "-e", bare]);
  const pulses = await Promise.all(
    nodes.map(async (node) => ({ node, ...(await lab.host(node).daemonProcesses()) })),
  );
  const [floor, ...pair] = await Promise.all([
    watch("client", timer.pid),
    ...pulses.map(({ node, pulse = 0 }) => watch(node, pulse)),
  ]);
  const { realtime, rootless, web } = lab.facts;
  return {
    rows: rowsOf(`keepalive ${keepaliveMs / 1000} s`, pair.flat()),
    bareTimer: median(floor?.[0]?.cpuSecondsPerHour ?? []),
    facts: { realtime, rootless, web },
  };
}

function rowsOf(condition: string, processes: readonly Watched[]): readonly Row[] {
  const rows = processes.flatMap(({ name, cpuSecondsPerHour, usage }): readonly Row[] => [
    rowOf(`${condition}, ${name}: processor time`, "CPU s/hour", cpuSecondsPerHour),
    { what: `${condition}, ${name}: RSS`, value: usage.rssKiB / 1024, unit: "MiB" },
    {
      what: `${condition}, ${name}: private dirty`,
      value: usage.privateDirtyKiB / 1024,
      unit: "MiB",
    },
  ]);
  const total = (kind: string): number =>
    rows.reduce((sum, row) => sum + (row.what.endsWith(kind) ? row.value : 0), 0);
  const totals = [
    ["processor time", "CPU s/hour"],
    // Shared pages are counted once for each process that has them.
    ["RSS", "MiB"],
    ["private dirty", "MiB"],
  ] as const;
  return [
    ...rows,
    ...totals.map(([kind, unit]) => ({
      what: `${condition}, all ${processes.length}: ${kind}`,
      value: total(`: ${kind}`),
      unit,
    })),
  ];
}
