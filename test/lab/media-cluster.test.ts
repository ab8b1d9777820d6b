import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Status } from "../../src/control/client/index.ts";
import type { NodeHost } from "../../src/lab/layout.ts";
import { Cluster, nodeHosts } from "../../src/lab/story/cluster.ts";
import { agreeMs, isAgreed, linkStatus, untilAtRest } from "../../src/lab/story/conditions.ts";

/**
 * The pair of the tutorial with other media instead of its own: to hosts by name, and by multicast; with
 * ping nodes; and with two media that cannot work: the lab has no IPv6, and no host has an eth7.
 */
const haCf = `ucast eth0 zeus.example.com
ucast eth0 hera.example.com
mcast eth1 225.0.0.1 694 1 0
ucast eth7 10.77.0.2
mcast6 eth1 ff02::694 694 1 1
ping client.example.com
ping_group lan 192.168.43.201 192.168.43.200
keepalive 500ms
warntime 2
deadtime 6
deadping 3
initdead 10
auto_failback on
node zeus.example.com
node hera.example.com
`;
const onLan = ["eth0"];
const onCrossover = ["eth1"];
const broken = ["eth7: eth7: no such interface", "eth1/mcast6: eth1: send EADDRNOTAVAIL"];
const pings = ["client.example.com", "lan"];
const testMs = 120_000;

let cluster: Cluster;

const until = (what: string, holds: () => boolean) => cluster.until(what, holds, 2 * agreeMs);
const links = (node: NodeHost, media: readonly string[]) =>
  media.map((medium) => linkStatus(cluster, node, medium));
const areAll = (node: NodeHost, media: readonly string[], status: string) =>
  links(node, media).every((one) => one === status);
const pingsOf = (status: Status | undefined) =>
  (status?.pings ?? []).map((ping) => `${ping.name} ${ping.status}`);
const pingsAre = (node: NodeHost, status: string) =>
  pingsOf(cluster.nodes[node].status).join() === pings.map((name) => `${name} ${status}`).join();

describe("a pair without broadcast and serial line", () => {
  beforeAll(async () => {
    cluster = await Cluster.start({
      timers: { keepaliveMs: 500, warntimeMs: 2000, deadtimeMs: 6000, initdeadMs: 10_000 },
    });
    for (const node of nodeHosts) {
      await cluster.lab.host(node).writeFile("/etc/ha.d/ha.cf", haCf);
      await cluster.lab.host(node).startDaemon();
    }
  });
  afterAll(() => cluster.close());

  test(
    "hears each other over both, and its ping nodes answer",
    async () => {
      await untilAtRest(cluster, "zeus", [...onLan, ...onCrossover]);
      for (const node of nodeHosts) await until("ping nodes", () => pingsAre(node, "up"));
      const status = await cluster.tandem("zeus", "status");
      expect(status.stdout).toMatch(/PING NODE +STATUS/);
    },
    testMs,
  );

  test("shows a medium that cannot work, and runs without it", () => {
    for (const node of nodeHosts) {
      const { degraded = [] } = cluster.nodes[node].status ?? {};
      for (const words of broken) expect(degraded.join("\n")).toContain(words);
    }
  });

  test(
    "goes on over the LAN when the crossover is pulled, and finds it again",
    async () => {
      await cluster.cutCable("zeus", "eth1");
      for (const node of nodeHosts)
        await until("the crossover is dead", () => areAll(node, onCrossover, "dead"));
      for (const node of nodeHosts) expect(links(node, onLan)).toEqual(["up"]);
      expect(isAgreed(cluster, "zeus")).toBe(true);
      await cluster.plugCable("zeus", "eth1");
      await untilAtRest(cluster, "zeus", [...onLan, ...onCrossover]);
    },
    testMs,
  );

  test(
    "tells which node is cut off from the ping nodes, and moves nothing for it",
    async () => {
      await cluster.cutCable("hera", "eth0");
      await until("hera's ping nodes are dead", () => pingsAre("hera", "dead"));
      await until("the LAN is dead", () => areAll("hera", onLan, "dead"));
      expect(pingsAre("zeus", "up")).toBe(true);
      expect(cluster.nodes.hera.status?.degraded).toContain(
        "ping node client.example.com does not answer",
      );
      await cluster.plugCable("hera", "eth0");
      await until("hera's ping nodes are up", () => pingsAre("hera", "up"));
      await untilAtRest(cluster, "zeus", [...onLan, ...onCrossover]);
    },
    testMs,
  );
});
