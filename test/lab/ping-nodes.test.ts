import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { hostLayouts, type NodeHost } from "../../src/lab/layout.ts";
import { projectRoot } from "../../src/lab/paths.ts";
import { Cluster, nodeHosts } from "../../src/lab/story/cluster.ts";
import { agreeMs, isAgreed, isServedBy, untilAtRest } from "../../src/lab/story/conditions.ts";
import { type Measured, measureDuring } from "../../src/lab/story/measure.ts";
import { logsOf } from "./cluster-logs.ts";
import { script } from "./lab-scripts.ts";

/**
 * Two Tandem nodes with the tutorial's files, a ping node and ipfail; the ping node is the client, which
 * answers by ICMP like any host.
 */
const addressOf = (host: "client" | NodeHost) => hostLayouts[host].interfaces[0]?.address ?? "";
const more = `deadping 1
ping ${addressOf("client")}
respawn hacluster /usr/lib/heartbeat/ipfail
`;
const testMs = 120_000;

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start();
  for (const node of nodeHosts) {
    const host = cluster.lab.host(node);
    await host.writeFile("/etc/ha.d/ha.cf", `${await host.readFile("/etc/ha.d/ha.cf")}${more}`);
    await host.startDaemon();
  }
  await untilAtRest(cluster, "zeus");
  await untilSeen(nodeHosts, "up");
}, testMs);
afterEach(({ task }) => {
  if (task.result?.state === "fail") console.log(logsOf(cluster));
});
afterAll(() => cluster?.close());

const pingStatus = (node: NodeHost) => cluster.nodes[node].status?.pings?.[0]?.status;

const untilSeen = (who: readonly NodeHost[], status: "up" | "dead") =>
  cluster.until(
    `the ping node is ${status} for ${who}`,
    () => who.every((node) => pingStatus(node) === status),
    agreeMs,
  );

/**
 * A host drops what seems to come from an address of its own: so the client hears and answers nothing of
 * this node's. It says nothing of the address by ARP either, since it has it on another interface.
 */
const clientIsDeafTo = (node: NodeHost, change: "add" | "delete") =>
  onClient(`
    writeFileSync("/proc/sys/net/ipv4/conf/all/arp_ignore", "1");
    addresses.${change}Address({ interface: "lo", address: "${addressOf(node)}", prefix: 32 });`);

/** The client answers nobody's ping. */
const clientAnswers = (isOn: boolean) =>
  onClient(`writeFileSync("/proc/sys/net/ipv4/icmp_echo_ignore_all", "${isOn ? 0 : 1}");`);

async function onClient(text: string): Promise<void> {
  const done = await cluster.lab.host("client").run(
    script(`
      import { writeFileSync } from "node:fs";
      import * as addresses from "${projectRoot}dist/linux/netlink/address.js";
      ${text}`),
  );
  expect(done, done.stderr).toMatchObject({ code: 0 });
}

async function untilServed(node: NodeHost): Promise<void> {
  const since = cluster.now();
  await cluster.until(
    `${node} serves`,
    () => isServedBy(cluster, node, since) && isAgreed(cluster, node),
    agreeMs,
  );
}

/** Longer than counts need to settle, and than what follows from them. */
const stays = () => cluster.untilTime(cluster.now() + 5000);

const gaveIt = (node: NodeHost, since: number): number =>
  cluster.nodes[node].log.filter(({ at, text }) => at >= since && text.includes(": giving it to "))
    .length;

function expectUnharmed(measured: Measured): void {
  expect(measured).toMatchObject({ lost: 0, doubled: [] });
}

test(
  "the owner does not see the ping node: its group goes to the node that does, and home once it does again",
  async () => {
    const since = cluster.now();
    expectUnharmed(
      await measureDuring(cluster, async () => {
        await clientIsDeafTo("zeus", "add");
        await untilServed("hera");
        expect(nodeHosts.map(pingStatus)).toEqual(["dead", "up"]);
        await stays();
        expect(isAgreed(cluster, "hera")).toBe(true);
      }),
    );
    expect(
      cluster.nodes.zeus.said(
        /giving it to hera\.example\.com: zeus\.example\.com reaches 0 of 1 ping node, hera\.example\.com 1/,
        since,
      ),
    ).toBeDefined();

    expectUnharmed(
      await measureDuring(cluster, async () => {
        await clientIsDeafTo("zeus", "delete");
        await untilServed("zeus");
        await stays();
      }),
    );
    expect(isAgreed(cluster, "zeus")).toBe(true);
    expect(nodeHosts.map((node) => gaveIt(node, since))).toEqual([1, 1]);
  },
  testMs,
);

test(
  "the other node does not see it, then neither: nothing moves",
  async () => {
    const since = cluster.now();
    const measured = await measureDuring(cluster, async () => {
      await clientIsDeafTo("hera", "add");
      await untilSeen(["hera"], "dead");
      await clientAnswers(false);
      await untilSeen(["zeus"], "dead");
      await stays();
      await clientAnswers(true);
      await clientIsDeafTo("hera", "delete");
      await untilSeen(nodeHosts, "up");
      await stays();
    });
    expectUnharmed(measured);
    expect(measured.servedBy).toEqual(["zeus"]);
    expect(nodeHosts.map((node) => gaveIt(node, since))).toEqual([0, 0]);
  },
  testMs,
);
