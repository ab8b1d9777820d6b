import { afterEach, describe, expect, test } from "vitest";
import { hostLayouts, type NodeHost } from "../../src/lab/layout.ts";
import { MixedCluster } from "./mixed-cluster.ts";

/** Tandem beside a real Heartbeat 3.0.6 with its own ipfail (protocol.md 9). */
let cluster: MixedCluster;
afterEach((test) => cluster?.close(test));

const PING_NODE = "192.168.43.201";
const media = `bcast eth1
deadping 3
ping ${PING_NODE}
respawn hacluster /usr/libexec/heartbeat/ipfail`;

async function onClient(...argv: readonly string[]): Promise<void> {
  const { code, stderr } = await cluster.lab.host("client").run(argv);
  expect(code, stderr).toBe(0);
}

/** The ping node sends its answers to this host to nobody; clients of the service notice nothing. */
async function cutOff(host: NodeHost): Promise<void> {
  await onClient("ip", "neigh", "replace", ...neighbour(host), "lladdr", "02:00:00:00:99:99");
}

async function reachable(host: NodeHost): Promise<void> {
  await onClient("ip", "neigh", "del", ...neighbour(host));
}

function neighbour(host: NodeHost): readonly string[] {
  const address = hostLayouts[host].interfaces[0]?.address ?? "";
  return [address.replace(/\/.*/, ""), "dev", "eth0"];
}

describe.each(["zeus", "hera"] as const)("Tandem is %s", (tandem) => {
  test("the owner that loses the ping node gives its group, and gets it back", async () => {
    cluster = await MixedCluster.start(tandem, { media });
    const { heartbeat, tandemLog } = cluster;
    await onClient("ip", "address", "add", `${PING_NODE}/24`, "dev", "eth0");
    await Promise.all([heartbeat.start(), cluster.startTandem()]);
    await cluster.servedBy("zeus");
    await heartbeat.log.line(/remote resource transition completed/);
    await heartbeat.log.line(/ipfail: .*(Ping node count is balanced|No giveup timer to abort)/);
    await cluster.keptBy("zeus", 5_000);

    await cutOff("zeus");
    await cluster.servedBy("hera");
    const given =
      tandem === "zeus"
        ? /giving our all resources to hera\.example\.com: this node reaches fewer ping nodes/
        : /zeus\.example\.com reaches 0 ping nodes, this node 1/;
    await tandemLog.line(given);
    await cluster.keptBy("hera", 5_000);

    await reachable("zeus");
    await cluster.servedBy("zeus");
    await cluster.keptBy("zeus", 5_000);
    expect(cluster.doubles()).toEqual([]);
  });

  test("the ping node itself is off: nothing moves", async () => {
    cluster = await MixedCluster.start(tandem, { media });
    const { heartbeat, tandemLog } = cluster;
    await onClient("ip", "address", "add", `${PING_NODE}/24`, "dev", "eth0");
    await Promise.all([heartbeat.start(), cluster.startTandem()]);
    await cluster.servedBy("zeus");
    await heartbeat.log.line(/remote resource transition completed/);
    await onClient("ip", "address", "del", `${PING_NODE}/24`, "dev", "eth0");
    await tandemLog.line(/ping node 192\.168\.43\.201: is dead/);
    await heartbeat.log.line(/node 192\.168\.43\.201: is dead/);
    await cluster.keptBy("zeus", 10_000);
    expect(cluster.doubles()).toEqual([]);
  });
});
