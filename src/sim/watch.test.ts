import { expect, test } from "vitest";
import { groupName } from "../base/names.ts";
import type { DaemonEnvironment } from "../daemon/environment.ts";
import type { PulseEnvironment } from "../pulse/environment.ts";
import { Chance } from "./chance.ts";
import { drawConfig } from "./draw-config.ts";
import type { NodeProgram, Programs } from "./programs.ts";
import { runSeed } from "./run.ts";
import { Trace } from "./trace.ts";
import { Watch } from "./watch.ts";

/** Stand-ins: a pulse that beats and starts its child, a node that does at boot what it is told. */
function programs(atBoot: (environment: DaemonEnvironment) => void): Programs {
  return {
    pulse: (environment: PulseEnvironment) => ({
      handle: (event) => {
        if (event.kind === "start") environment.startDaemon();
        if (event.kind === "daemon-gone") environment.startDaemon();
      },
    }),
    node: (environment): NodeProgram => ({
      handle: (event) => {
        if (event.kind === "boot") atBoot(environment);
        if (event.kind === "pulse-gone") environment.exit(1);
      },
      status: () => ({
        schema: "tandem.status/1",
        node: "stand-in",
        state: "up",
        verdict: "",
        health: "healthy",
        degraded: [],
        nodes: [],
        groups: [],
        media: [],
        pings: [],
        discarded: {},
        realtime: "",
        notRun: [],
      }),
    }),
  };
}

const GROUP = groupName("192.168.43.53");
const start = (environment: DaemonEnvironment): void =>
  environment.operate(1, { group: GROUP, index: 0, op: "start" });

function watchOf(atBoot: (environment: DaemonEnvironment) => void, seed = 1) {
  const config = drawConfig(new Chance(seed));
  const timers = { keepaliveMs: 500, warntimeMs: 1_500, deadtimeMs: 3_000, initdeadMs: 6_000 };
  const trace = new Trace(100);
  const watch = new Watch({
    config: { ...config, timers, tandem: { ...config.tandem, mode: "availability" } },
    programs: programs(atBoot),
    seed,
    carrierFollowsPower: false,
    trace,
  });
  return { watch, trace };
}

test("two machines that both answer for the address are seen", () => {
  const { watch } = watchOf(start);
  watch.apply({ kind: "power-on", side: 0 });
  watch.apply({ kind: "power-on", side: 1 });
  watch.live(10_000);
  expect(watch.violation?.rule).toBe("two-owners");
});

test("two that were cut apart for their deadtime are allowed", () => {
  const { watch } = watchOf(start);
  watch.apply({ kind: "split-lan" });
  watch.apply({ kind: "cut-cable", medium: "eth1", side: 0 });
  watch.apply({ kind: "power-on", side: 0 });
  watch.live(20_000);
  watch.apply({ kind: "power-on", side: 1 });
  watch.live(3_600);
  expect(watch.violation).toBeUndefined();
});

test("an address that nobody takes is missed, and one that nobody renews ends by itself", () => {
  const { watch } = watchOf(start);
  watch.apply({ kind: "power-on", side: 0 });
  watch.live(4_000);
  expect(watch.world.hosts[0].answersFor(GROUP)).toBe(true);
  watch.live(4_000);
  expect(watch.world.hosts[0].answersFor(GROUP)).toBe(false);
  watch.live(300_000);
  expect(watch.violation?.rule).toBe("nowhere");
});

test("a loop that throws is a violation with its stack", () => {
  const { watch, trace } = watchOf(() => {
    throw new Error("planted");
  });
  watch.apply({ kind: "power-on", side: 0 });
  watch.live(10_000);
  expect(watch.violation?.rule).toBe("crashed");
  expect(trace.lines.at(-1)).toContain("planted");
});

test("the same seed gives the same run, another seed another one", () => {
  const options = { programs: programs(() => {}), seconds: 60 };
  const traceOf = (seed: number): string => runSeed(seed, options).trace.join("\n");
  expect(traceOf(7)).toBe(traceOf(7));
  expect(traceOf(7)).not.toBe(traceOf(8));
});
