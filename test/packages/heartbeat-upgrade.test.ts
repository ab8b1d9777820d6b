import { afterEach, describe, expect, test } from "vitest";
import { HeartbeatNode } from "../../src/lab/heartbeat-node.ts";
import { MixedCluster } from "./mixed-cluster.ts";

/** What an operator does with a pair of real Heartbeat 3.0.6 nodes on a Monday. */
let cluster: MixedCluster;
afterEach((test) => cluster?.close(test));

describe("a node of a Heartbeat pair", () => {
  test("is replaced by Tandem, and Tandem by Heartbeat again: the other sees one and the same node", async () => {
    cluster = await MixedCluster.start("zeus");
    const { heartbeat, lab } = cluster;
    const before = new HeartbeatNode(lab.host("zeus"));
    await Promise.all([heartbeat.start(), before.start()]);
    await cluster.servedBy("zeus");
    await heartbeat.log.line(/remote resource transition completed/);

    await before.stop();
    await cluster.servedBy("hera");
    await cluster.startTandem();
    await cluster.servedBy("zeus");
    await cluster.tandemLog.line(/uuid [0-9a-f]{32} taken over from/);
    await cluster.keptBy("zeus", 3_000);

    await lab.host("zeus").stopDaemon();
    await cluster.servedBy("hera");
    await heartbeat.log.mark();
    await before.start();
    await heartbeat.log.line(/Status update for node zeus\.example\.com: status active/);
    await cluster.servedBy("zeus");
    // The same generation again would be a partition to it, a lower one a replay.
    expect(await heartbeat.log.whole()).not.toMatch(/changed its uuid|replay attack|partition/);
    expect(cluster.doubles()).toEqual([]);
  });
});

describe("two nodes that have both keys, each with another one active", () => {
  test("understand each other: keys can be changed one node at a time", async () => {
    const keys = "1 md5 Bicycle-lamp\n2 sha1 Hi!quiet-river\n";
    cluster = await MixedCluster.start("zeus", { authkeys: `auth 1\n${keys}` });
    const { heartbeat, lab } = cluster;
    await lab.host("hera").writeFile("/etc/ha.d/authkeys", `auth 2\n${keys}`, 0o600);
    await Promise.all([heartbeat.start(), cluster.startTandem()]);
    await cluster.servedBy("zeus");
    await heartbeat.log.line(/remote resource transition completed/);
    await cluster.keptBy("zeus", 3_000);
    await heartbeat.takeover("all");
    await cluster.servedBy("hera");
    expect(cluster.doubles()).toEqual([]);
  });
});
