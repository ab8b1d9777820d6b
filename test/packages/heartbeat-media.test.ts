import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Status } from "../../src/control/client/index.ts";
import type { LabHost } from "../../src/lab/host.ts";
import { type Cable, hostLayouts, type NodeHost } from "../../src/lab/layout.ts";
import { tandem } from "../../src/lab/paths.ts";
import { type Span, summarizePings } from "../../src/lab/probe/outage.ts";
import { type Probe, startProbe } from "../../src/lab/probe/probe.ts";
import { peerOf } from "../../src/lab/story/conditions.ts";
import { bootTimeMs } from "../../src/linux/clock.ts";
import { MixedCluster } from "./mixed-cluster.ts";

/**
 * Tandem and a real Heartbeat 3.0.6 over unicast, then over multicast, with a serial line beside it and
 * with ping nodes (wire.md 7): one ha.cf, the same on both.
 */
let cluster: MixedCluster;
let pings: Probe;
afterEach(async (test) => {
  await pings?.stop().catch(() => {});
  await cluster?.close(test);
});

/** The client, alone and as the one of a group that is there. */
const PING_NODE = "192.168.43.200";
const PING_GROUP = "lan";
const besides = `baud 9600
serial /dev/ttyS1
ping ${PING_NODE}
ping_group ${PING_GROUP} 192.168.43.201 ${PING_NODE}`;
const serial = "/dev/ttyS1";

test.each([
  {
    kind: "ucast",
    tandemIs: "zeus",
    lines: "ucast eth1 10.10.10.1\nucast eth1 10.10.10.2",
    there: "standby",
    back: "takeover",
  },
  {
    kind: "mcast",
    tandemIs: "hera",
    lines: "mcast eth1 225.0.0.1 694 1 0",
    there: "takeover",
    back: "standby",
  },
] as const)(
  "by $kind, Tandem is $tandemIs: a move there and back, and either medium pulled",
  async ({ tandemIs, lines, there, back }) => {
    cluster = await MixedCluster.start(tandemIs, { media: `${lines}\n${besides}` });
    pings = await startProbe(cluster.lab.host("client"), { kinds: ["pings"] });
    await Promise.all([cluster.heartbeat.start(), cluster.startTandem()]);
    await cluster.servedBy("zeus");
    await bothFind("eth1", "up");
    await bothFind(serial, "up");
    await bothKnowThePingNodes();
    await cluster.heartbeat.log.line(/remote resource transition completed/);
    await cluster.tandemLog.line(/is stable/);

    const stages = [
      await during("the serial line is pulled", "none", () => pulled("serial", serial)),
      await during(there, "one", async () => {
        await cluster.tandemMoves(there);
        await cluster.servedBy("hera");
      }),
      await during(back, "one", async () => {
        await cluster.tandemMoves(back);
        await cluster.servedBy("zeus");
      }),
      await during("eth1 is pulled", "none", async () => {
        await cluster.lab.plugCable("zeus", "serial");
        await bothFind(serial, "up");
        await pulled("eth1", "eth1");
      }),
    ];
    await expectLosses(stages);
    expect(cluster.doubles()).toEqual([]);
  },
);

/** Both say that it is dead; who would take that for a death has moved by then. */
async function pulled(cable: Cable, medium: string): Promise<void> {
  await cluster.lab.cutCable("zeus", cable);
  await bothFind(medium, "dead");
  await cluster.keptBy("zeus", 2_000);
  const dead = (node: string) => new RegExp(`Link ${node}\\.example\\.com:${medium} dead`);
  await cluster.tandemLog.line(dead(heartbeatIs()));
  await cluster.heartbeat.log.line(dead(cluster.tandem));
}

interface Stage extends Span {
  readonly what: string;
  /** A move may have the gap between the one's release and the other's taking (protocol.md 6), and nothing around it. */
  readonly gaps: "none" | "one";
}

async function during(
  what: string,
  gaps: Stage["gaps"],
  happens: () => Promise<void>,
): Promise<Stage> {
  const from = bootTimeMs();
  await happens();
  return { what, gaps, from, until: bootTimeMs() };
}

async function expectLosses(stages: readonly Stage[]): Promise<void> {
  for (const { what, gaps, from, until } of stages) {
    const { losses } = summarizePings(await pings.pingsBetween(from, until));
    const lost = losses.map(({ count }) => count);
    console.log(`  ${what}: ${lost.join(" + ") || "no"} pings lost`);
    expect(lost.length, what).toBeLessThanOrEqual(gaps === "one" ? 1 : 0);
  }
}

const heartbeatIs = (): NodeHost => (cluster.tandem === "zeus" ? "hera" : "zeus");

/** `tandem status` on the one, `cl_status` on the other: what each finds of the other's link. */
async function bothFind(medium: string, status: "up" | "dead"): Promise<void> {
  const peer = hostLayouts[cluster.tandem].fullName;
  await until(`Heartbeat finds ${medium} ${status}`, async () => {
    return (await clStatus("hblinkstatus", peer, medium)) === status;
  });
  await until(`Tandem finds ${medium} ${status}`, async () => {
    const links = peerOf(await tandemStatus())?.links;
    return links?.find((link) => link.medium === medium)?.status === status;
  });
}

async function bothKnowThePingNodes(): Promise<void> {
  for (const name of [PING_NODE, PING_GROUP]) {
    await until(`Heartbeat knows ${name}`, async () => {
      return (await clStatus("nodestatus", name)) === "ping";
    });
    await until(`Tandem knows ${name}`, async () => {
      const { pings: told = [] } = await tandemStatus();
      return told.find((ping) => ping.name === name)?.status === "up";
    });
  }
}

async function clStatus(...args: readonly string[]): Promise<string> {
  const host: LabHost = cluster.lab.host(heartbeatIs());
  return (await host.run(["cl_status", ...args])).stdout.trim();
}

async function tandemStatus(): Promise<Status> {
  const { stdout } = await cluster.lab.host(cluster.tandem).run([tandem, "status", "--json"]);
  return JSON.parse(stdout) as Status;
}

/** The test's own time limit ends a vain wait; the log then says what for. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const late = setTimeout(() => console.log(`still waiting: ${what}`), 20_000);
  try {
    while (!(await holds())) await sleep(200);
  } finally {
    clearTimeout(late);
  }
}
