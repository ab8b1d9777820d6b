import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { NodeHost } from "../../src/lab/layout.ts";
import { doublyAnswered } from "../../src/lab/probe/outage.ts";
import { Cluster, nodeHosts } from "../../src/lab/story/cluster.ts";
import {
  agreeMs,
  crossover,
  isAgreed,
  isHeardOver,
  isServedBy,
  linkStatus,
  nullModem,
  untilAtRest,
} from "../../src/lab/story/conditions.ts";
import { measureDuring } from "../../src/lab/story/measure.ts";
import { logsOf } from "./cluster-logs.ts";

/**
 * The pair of product.md with its own files, only the timers shortened: over the serial line alone, over
 * the crossover alone, and over both, of which either is pulled, then both.
 */
const testMs = 120_000;

let cluster: Cluster;

async function open(): Promise<void> {
  cluster = await Cluster.start();
}

afterEach(({ task }) => {
  if (task.result?.state === "fail") console.log(logsOf(cluster));
});

async function start(media: readonly string[]): Promise<void> {
  for (const node of nodeHosts) await cluster.lab.host(node).startDaemon();
  await untilAtRest(cluster, "zeus", media);
}

/** The client is served by this node, and every node in `who` knows it. */
async function untilServed(node: NodeHost, who: readonly NodeHost[] = nodeHosts): Promise<void> {
  const since = cluster.now();
  await cluster.until(
    `${node} serves`,
    () => isServedBy(cluster, node, since) && isAgreed(cluster, node, who),
    cluster.timers.deadtimeMs + agreeMs,
  );
}

async function move(command: "standby" | "takeover", to: NodeHost): Promise<void> {
  const done = await cluster.tandem("zeus", command);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  await untilServed(to);
}

/** The times in which two nodes answered the client, up to now. */
const doubles = () => doublyAnswered(cluster.probe.arp);

describe.each([
  { only: "the serial line", medium: nullModem, without: "eth1" },
  { only: "the crossover", medium: crossover, without: "serial" },
] as const)("with $only alone", ({ medium, without }) => {
  beforeAll(async () => {
    await open();
    await cluster.cutCable("zeus", without);
  });
  afterAll(() => cluster?.close());

  test(
    "the pair starts, moves there and back without a lost ping, and a dead owner is followed",
    async () => {
      await start([medium]);
      const moves = await measureDuring(cluster, async () => {
        await move("standby", "hera");
        await move("takeover", "zeus");
      });
      expect(moves).toMatchObject({ lost: 0 });
      await cluster.powerCut("zeus");
      await untilServed("hera", ["hera"]);
      expect(doubles()).toEqual([]);
      expect(cluster.nodes.hera.said(/taking it: zeus\.example\.com is dead/, 0)).toBeDefined();
    },
    testMs,
  );
});

describe("with both", () => {
  const media = { eth1: crossover, serial: nullModem } as const;
  const cables = ["eth1", "serial"] as const;

  beforeAll(async () => {
    await open();
    await start(Object.values(media));
  });
  afterAll(() => cluster?.close());

  /** Both say that these are dead. */
  async function pull(...pulled: readonly (keyof typeof media)[]): Promise<void> {
    const since = cluster.now();
    for (const cable of pulled) await cluster.cutCable("zeus", cable);
    const isSaid = (node: NodeHost, cable: keyof typeof media) =>
      linkStatus(cluster, node, media[cable]) === "dead" &&
      cluster.nodes[node].said(new RegExp(`Link .*:${media[cable]} dead`), since) !== undefined;
    await cluster.until(
      `both find ${pulled} dead`,
      () => nodeHosts.every((node) => pulled.every((cable) => isSaid(node, cable))),
      cluster.timers.deadtimeMs + agreeMs,
    );
  }

  async function plug(...plugged: readonly (keyof typeof media)[]): Promise<void> {
    for (const cable of plugged) await cluster.plugCable("zeus", cable);
  }

  const untilVerdict = (node: NodeHost, pattern: RegExp) =>
    cluster.until(
      `${node} says ${pattern}`,
      () => pattern.test(cluster.nodes[node].status?.verdict ?? ""),
      agreeMs,
    );

  test.each(cables)(
    "%s is pulled: both say so, nothing moves",
    async (cable) => {
      const measured = await measureDuring(cluster, async () => {
        await pull(cable);
        // Whoever would take this for a death, would have by then.
        await cluster.untilTime(cluster.now() + cluster.timers.deadtimeMs);
        const [other] = cables.filter((one) => one !== cable).map((one) => media[one]);
        expect(isHeardOver(cluster, [other ?? ""])).toBe(true);
        expect(isAgreed(cluster, "zeus")).toBe(true);
        await plug(cable);
        await untilAtRest(cluster, "zeus");
      });
      expect(measured).toMatchObject({ lost: 0, servedBy: ["zeus"] });
    },
    testMs,
  );

  test(
    "both are pulled: hera sees that zeus still answers, and leaves it alone",
    async () => {
      const since = cluster.now();
      const measured = await measureDuring(cluster, async () => {
        await pull(...cables);
        await cluster.until(
          "hera says why it takes nothing",
          () =>
            cluster.nodes.hera.said(/is still answered by zeus\.example\.com/, since) !== undefined,
          agreeMs,
        );
        for (const node of nodeHosts)
          await untilVerdict(
            node,
            /^degraded: 192\.168\.43\.53 on zeus\.example\.com; .* not heard/,
          );
        await plug(...cables);
        await untilAtRest(cluster, "zeus");
      });
      expect(measured).toMatchObject({ lost: 0, servedBy: ["zeus"] });
      const givenUp = (node: NodeHost) => cluster.nodes[node].said(/given up|keeps it/, since);
      expect(nodeHosts.map(givenUp)).toEqual([undefined, undefined]);
    },
    testMs,
  );

  test(
    "both and the owner's LAN cable are pulled: hera takes; healed, zeus alone gives up, and takes it home",
    async () => {
      const since = cluster.now();
      await pull(...cables);
      await cluster.cutCable("zeus", "eth0");
      await untilServed("hera", ["hera"]);
      expect(cluster.nodes.zeus.group?.state).toBe("holding");
      expect(cluster.nodes.zeus.status?.degraded).toContain(
        "192.168.43.53: eth0 has no carrier here",
      );
      await plug(...cables);
      await untilServed("hera");
      const givenUp = (node: NodeHost) => cluster.nodes[node].said(/given up/, since)?.text;
      // The log is read a little behind the status.
      await cluster.until("zeus says so", () => givenUp("zeus") !== undefined, agreeMs);
      expect(nodeHosts.map(givenUp)).toEqual([
        expect.stringMatching(/given up: hera\.example\.com keeps it: /),
        undefined,
      ]);
      const home = await measureDuring(cluster, async () => {
        await cluster.plugCable("zeus", "eth0");
        await untilAtRest(cluster, "zeus");
      });
      expect(home).toMatchObject({ lost: 0 });
      expect(doubles()).toEqual([]);
    },
    testMs,
  );
});
