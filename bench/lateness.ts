import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../src/lab/lab.ts";
import { runAgent } from "./lab/agent.ts";
import { gridOrigin, latenessOf } from "./lab/beat-grid.ts";
import type { BeatReport } from "./lab/beat-report.ts";
import { BusyLoops } from "./lab/busy-loops.ts";
import { fastTimers, nodes, withPairAtRest } from "./lab/pair-at-rest.ts";
import { type Bench, quantile, type Row } from "./measurement.ts";

/** None first: the grid of the beats is read off it. */
const loopCounts: readonly number[] = [0, 2, 8];
/** So long the listeners take to start, and a condition to become what it is. */
const leadSeconds = 5;
const { keepaliveMs } = fastTimers;

export const lateness: Bench = {
  name: "lateness",
  what: "how late beats reach the other node while the cores are kept busy",
  run: ({ seconds, rootless }) =>
    withPairAtRest({ timers: fastTimers, rootless }, async (lab) => {
      const { realtime } = lab.facts;
      const [reports, windows] = await Promise.all([
        listen(lab, loopCounts.length * (seconds + leadSeconds) + leadSeconds),
        keepBusy(seconds),
      ]);
      const grids = reports.map(({ beats }) =>
        gridOrigin(beats.filter(isWithin(windows[0])), keepaliveMs),
      );
      const conditions = windows.map((window) => conditionOf(window, reports, grids));
      const floors = conditions.map(({ timer }) => quantile(timer, 0.99));
      return {
        rows: conditions.flatMap(rowsOf),
        noiseFloor: {
          what: "p99 of a timer in a process with nothing else to do, of the same priority, worst condition",
          value: Math.max(...floors),
          unit: "ms",
        },
        conditions: {
          keepaliveMs,
          seconds,
          realtime,
          rootless,
          beats: conditions.map(({ beats }) => beats.length).join(" + "),
        },
      };
    }),
};

interface Window {
  readonly loops: number;
  /** Wall clock, milliseconds. */
  readonly from: number;
  readonly until: number;
}

interface Condition {
  readonly loops: number;
  readonly beats: readonly number[];
  readonly timer: readonly number[];
}

function listen(lab: Lab, seconds: number): Promise<readonly BeatReport[]> {
  const { realtime } = lab.facts;
  const args = [seconds, keepaliveMs];
  return Promise.all(
    nodes.map((node) =>
      runAgent<BeatReport>(lab.host(node), { program: "beats-main.ts", args, realtime }),
    ),
  );
}

/** One condition after the other. @returns when each was */
async function keepBusy(seconds: number): Promise<readonly Window[]> {
  const windows: Window[] = [];
  for (const loops of loopCounts) {
    const busy = new BusyLoops(loops, seconds + 2 * leadSeconds);
    try {
      await sleep(leadSeconds * 1000);
      const from = Date.now();
      await sleep(seconds * 1000);
      windows.push({ loops, from, until: Date.now() });
    } finally {
      await busy.end();
    }
  }
  return windows;
}

/** Both directions together. The listeners know nothing of conditions: their times are sorted into them here. */
function conditionOf(
  window: Window,
  reports: readonly BeatReport[],
  grids: readonly number[],
): Condition {
  const isMeasured = isWithin(window);
  const beats = reports.flatMap((report, index) =>
    latenessOf(report.beats.filter(isMeasured), grids[index] ?? Number.NaN, keepaliveMs),
  );
  const timer = reports.flatMap((report) =>
    report.timer.filter(({ at }) => isMeasured(at)).map(({ lateMs }) => lateMs),
  );
  return { loops: window.loops, beats, timer };
}

function isWithin(window: Window | undefined): (at: number) => boolean {
  return (at) => window !== undefined && at >= window.from && at < window.until;
}

function rowsOf({ loops, beats, timer }: Condition): readonly Row[] {
  const shares = [
    ["p50", 0.5],
    ["p99", 0.99],
    ["worst", 1],
  ] as const;
  const rows = (what: string, values: readonly number[]): readonly Row[] =>
    shares.map(([name, share]) => ({
      what: `${loops} busy loops, ${what}: ${name}`,
      value: quantile(values, share),
      unit: "ms",
    }));
  return [...rows("beats", beats), ...rows("a bare timer", timer)];
}
