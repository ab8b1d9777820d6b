import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { NodeHost } from "../../src/lab/layout.ts";
import { MixedCluster, type MixedOptions } from "./mixed-cluster.ts";

/** Beside a real Heartbeat 3.0.6 in the other modes of auto_failback, and standby in all its forms (protocol.md 6, 7). */
let cluster: MixedCluster;
afterEach((test) => cluster?.close(test));

const excused = /Cannot lock ourselves into memory/;

async function heartbeatComplains(): Promise<readonly string[]> {
  const lines = (await cluster.heartbeat.log.whole()).split("\n");
  return lines.filter((line) => / (ERROR|CRIT): /.test(line) && !excused.test(line));
}

describe("auto_failback legacy, Tandem is the preferred node", () => {
  const legacy: MixedOptions = { autoFailback: "legacy", tandemCf: "auto_failback_now on\n" };

  test("it dies, asks on its return for what Heartbeat took, moves on request, stops cleanly", async () => {
    cluster = await MixedCluster.start("zeus", legacy);
    const { heartbeat, lab } = cluster;
    await Promise.all([heartbeat.start(), cluster.startTandem()]);
    await cluster.servedBy("zeus");
    await heartbeat.log.line(/Status update for node zeus\.example\.com: status active/);
    await cluster.keptBy("zeus", 3_000);

    await lab.powerCut("zeus");
    await cluster.servedBy("hera");
    await heartbeat.log.line(/mach_down takeover complete/);
    await lab.powerOn("zeus");
    await cluster.startTandem();
    await cluster.servedBy("zeus");
    await heartbeat.log.line(/Running \/etc\/ha\.d\/\/rc\.d\/ip-request ip-request/);

    await cluster.tandemMoves("standby");
    await cluster.servedBy("hera");
    await cluster.tandemMoves("takeover");
    await cluster.servedBy("zeus");

    await heartbeat.takeover("all");
    await cluster.servedBy("hera");

    await cluster.tandemMoves("takeover", "local");
    await cluster.servedBy("zeus");
    await lab.host("zeus").stopDaemon();
    await cluster.servedBy("hera");
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });
});

describe("auto_failback legacy, Heartbeat is the preferred node", () => {
  const legacy: MixedOptions = { autoFailback: "legacy", tandemCf: "auto_failback_now on\n" };

  test("it dies and asks on its return; stops cleanly, and starts again", async () => {
    cluster = await MixedCluster.start("hera", legacy);
    const { heartbeat, lab } = cluster;
    await Promise.all([heartbeat.start(), cluster.startTandem()]);
    await cluster.servedBy("zeus");
    await cluster.tandemLog.line(/Status update for node zeus\.example\.com: status active/);
    await cluster.keptBy("zeus", 3_000);

    await lab.powerCut("zeus");
    await cluster.servedBy("hera");
    await lab.powerOn("zeus");
    await cluster.tandemLog.mark();
    await heartbeat.start();
    await cluster.servedBy("zeus");
    await cluster.tandemLog.line(/zeus\.example\.com asks for it/);

    await heartbeat.stop();
    await cluster.servedBy("hera");
    await cluster.tandemLog.mark();
    await heartbeat.start();
    await cluster.servedBy("zeus");
    await cluster.tandemLog.line(/zeus\.example\.com asks for it/);
    await cluster.keptBy("zeus", 6_000);
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });
});

describe("auto_failback off: every form of standby and takeover, from either side", () => {
  test("Tandem is the preferred node; after its death the group stays until a person moves it", async () => {
    await zeusServes("zeus");
    const { heartbeat, lab } = cluster;
    await moves(() => cluster.tandemIsAsked("standby", "local"), "hera");
    await moves(() => heartbeat.standby("failback"), "zeus");
    await moves(() => heartbeat.takeover("foreign"), "hera");
    await moves(() => cluster.tandemIsAsked("takeover", "local"), "zeus");
    await moves(() => heartbeat.takeover("all"), "hera");
    await moves(() => heartbeat.standby("foreign"), "zeus");
    await moves(() => cluster.tandemIsAsked("standby", "all"), "hera");
    await moves(() => cluster.tandemIsAsked("takeover", "all"), "zeus");

    await lab.powerCut("zeus");
    await cluster.servedBy("hera");
    await lab.powerOn("zeus");
    await heartbeat.log.mark();
    await cluster.tandemLog.mark();
    await cluster.startTandem();
    await heartbeat.log.line(/remote resource transition completed/);
    await cluster.tandemLog.line(/this node has joined/);
    await cluster.keptBy("hera", 5_000);
    await moves(() => heartbeat.standby("failback"), "zeus");
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });

  test("Heartbeat is the preferred node; after its clean stop the group stays until a person moves it", async () => {
    await zeusServes("hera");
    const { heartbeat } = cluster;
    await moves(() => heartbeat.standby("local"), "hera");
    await moves(() => cluster.tandemIsAsked("standby", "foreign"), "zeus");
    await moves(() => cluster.tandemIsAsked("takeover", "foreign"), "hera");
    await moves(() => heartbeat.takeover("local"), "zeus");
    await moves(() => heartbeat.standby("all"), "hera");
    await moves(() => heartbeat.takeover("failback"), "zeus");

    await heartbeat.stop();
    await cluster.servedBy("hera");
    await heartbeat.log.mark();
    await heartbeat.start();
    await heartbeat.log.line(/remote resource transition completed/);
    await cluster.keptBy("hera", 5_000);
    await moves(() => cluster.tandemIsAsked("standby", "failback"), "zeus");
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });
});

/** Both run, zeus serves, and each knows that the other is stable. */
async function zeusServes(tandem: NodeHost): Promise<void> {
  cluster = await MixedCluster.start(tandem, { autoFailback: "off" });
  await Promise.all([cluster.heartbeat.start(), cluster.startTandem()]);
  await cluster.servedBy("zeus");
  await cluster.heartbeat.log.line(/remote resource transition completed/);
  await cluster.tandemLog.line(/is stable/);
}

/** Asks until it is done: a node ignores, or refuses, while it knows the other to be in flux. */
async function moves(begin: () => Promise<unknown>, to: NodeHost): Promise<void> {
  const served = cluster.servedBy(to).then(() => true);
  do {
    await begin();
  } while (!(await Promise.race([served, sleep(10_000, false)])));
}
