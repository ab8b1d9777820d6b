import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { NodeHost } from "../../src/lab/layout.ts";
import { MixedCluster, type MixedOptions } from "./mixed-cluster.ts";

/** Tandem and a real Heartbeat 3.0.6 form one cluster (protocol.md 3 to 6). */
let cluster: MixedCluster;
afterEach((test) => cluster?.close(test));

/** Heartbeat complains of these on any machine like the lab's; what else it calls an error is ours. */
const excused = /Cannot lock ourselves into memory/;

async function heartbeatComplains(): Promise<readonly string[]> {
  const lines = (await cluster.heartbeat.log.whole()).split("\n");
  return lines.filter((line) => / (ERROR|CRIT): /.test(line) && !excused.test(line));
}

describe("Tandem joins a running Heartbeat", () => {
  test("it is `up`, then `active`; every planned move works from either side", async () => {
    cluster = await MixedCluster.start("hera");
    const { heartbeat } = cluster;
    await heartbeat.start();
    await cluster.servedBy("zeus");
    await heartbeat.log.line(/local resource transition completed/);
    await cluster.startTandem();
    await heartbeat.log.line(/Status update for node hera\.example\.com: status up/);
    await heartbeat.log.line(/Status update for node hera\.example\.com: status active/);
    await heartbeat.log.line(/remote resource transition completed/);
    await cluster.keptBy("zeus", 3_000);

    await heartbeat.standby("all");
    await cluster.servedBy("hera");
    await heartbeat.log.line(/Other node completed standby takeover of all resources/);

    await cluster.tandemMoves("standby");
    await cluster.servedBy("zeus");
    await heartbeat.log.line(/hera\.example\.com wants to go standby \[all\]/);
    await heartbeat.log.line(/Standby resource acquisition done \[all\]/);

    await cluster.tandemMoves("takeover");
    await cluster.servedBy("hera");

    await heartbeat.takeover("all");
    await cluster.servedBy("zeus");

    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });
});

describe("both start together", () => {
  test.each(["zeus", "hera"] as const)("Tandem is %s: zeus serves", async (tandem) => {
    cluster = await MixedCluster.start(tandem);
    await Promise.all([cluster.heartbeat.start(), cluster.startTandem()]);
    await cluster.servedBy("zeus");
    await cluster.heartbeat.log.line(/remote resource transition completed/);
    await cluster.keptBy("zeus", 3_000);
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });
});

describe("they understand each other", () => {
  test.each<[string, MixedOptions]>([
    ["md5", { authkeys: "auth 1\n1 md5 Bicycle-lamp\n" }],
    ["sha1", { authkeys: "auth 3\n3 sha1 Hi!quiet-river\n" }],
    ["netstrings", { media: "bcast eth1\nmsgfmt netstring" }],
    ["the serial line alone", { media: "baud 9600\nserial /dev/ttyS1" }],
  ])("by %s: a move there and back", async (_, options) => {
    await zeusServes("zeus", options);
    await cluster.tandemMoves("standby");
    await cluster.servedBy("hera");
    await cluster.tandemMoves("takeover");
    await cluster.servedBy("zeus");
    expect(cluster.doubles()).toEqual([]);
  });

  test("while Heartbeat loses a fifth of what it sends and hears: a move there and back", async () => {
    cluster = await MixedCluster.start("hera");
    await cluster.heartbeat.loses(0.2);
    await Promise.all([cluster.heartbeat.start(), cluster.startTandem()]);
    await cluster.servedBy("zeus");
    await cluster.heartbeat.log.line(/remote resource transition completed/);
    await heartbeatInsistsOnStandby();
    // It refuses ours too while its view of us is in flux; Tandem says so to the person who asked.
    while (!(await cluster.tandemIsAsked("standby"))) await sleep(1_000);
    await cluster.servedBy("zeus");
    expect(cluster.doubles()).toEqual([]);
  });
});

/** It ignores a request while it knows the other side to be in flux, which under loss may take a while. */
async function heartbeatInsistsOnStandby(): Promise<void> {
  const served = cluster.servedBy("hera").then(() => true);
  do {
    await cluster.heartbeat.standby("all");
  } while (!(await Promise.race([served, sleep(15_000, false)])));
}

describe("Tandem is the preferred node", () => {
  test("it dies: Heartbeat takes over, and gives back when it returns", async () => {
    await zeusServes("zeus");
    await cluster.lab.powerCut("zeus");
    await cluster.servedBy("hera");
    await cluster.heartbeat.log.line(/node zeus\.example\.com: is dead/);
    await cluster.lab.powerOn("zeus");
    await cluster.startTandem();
    await cluster.servedBy("zeus");
    await cluster.heartbeat.log.line(/Other node completed standby takeover of foreign resources/);
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });

  test("it stops cleanly: Heartbeat takes at once, and gives back when it returns", async () => {
    await zeusServes("zeus");
    await cluster.lab.host("zeus").stopDaemon();
    await cluster.servedBy("hera");
    const log = await cluster.heartbeat.log.text();
    expect(log).toMatch(/Received shutdown notice from 'zeus\.example\.com'/);
    expect(log).not.toMatch(/node zeus\.example\.com: is dead/);
    await cluster.startTandem();
    await cluster.servedBy("zeus");
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });

  test("its daemon is killed and started again: nothing moves, not a question is missed", async () => {
    await zeusServes("zeus");
    await cluster.tandemLog.mark();
    await cluster.lab.host("zeus").killDaemon("daemon");
    await cluster.tandemLog.line(/this node has joined hera\.example\.com/);
    await cluster.keptBy("zeus", 3_000);
    expect(await cluster.tandemLog.text()).toMatch(/adopted/);
    expect(await heartbeatComplains()).toEqual([]);
  });

  test("pulse and daemon are killed and started again: Heartbeat takes nothing", async () => {
    await zeusServes("zeus");
    await cluster.tandemLog.mark();
    await cluster.lab.host("zeus").killDaemon("both");
    await cluster.tandemLog.line(/this node has joined hera\.example\.com/);
    await cluster.servedBy("zeus");
    await cluster.keptBy("zeus", 3_000);
    expect(await cluster.heartbeat.log.text()).not.toMatch(/is dead/);
    // A new pulse goes on in the next block of numbers: Heartbeat forgets the gap and goes on (safety.md 1).
    const complaints = await heartbeatComplains();
    expect(complaints.filter((line) => !line.includes("lost a lot of packets"))).toEqual([]);
  });

  test("the crossover is cut and heals: Tandem keeps, Heartbeat gives up and joins anew", async () => {
    await zeusServes("zeus");
    await cluster.lab.cutCable("zeus", "eth1");
    await cluster.heartbeat.log.line(/mach_down takeover complete/);
    await cluster.lab.plugCable("zeus", "eth1");
    await cluster.heartbeat.log.line(
      /Performing heartbeat restart exec|Heartbeat restart triggered/,
    );
    await cluster.servedBy("zeus");
    await cluster.heartbeat.log.mark();
    await cluster.heartbeat.log.line(/remote resource transition completed/);
    await cluster.keptBy("zeus", 3_000);
  });
});

describe("Heartbeat is the preferred node", () => {
  test("it dies: Tandem takes over, and gives back when it returns", async () => {
    await zeusServes("hera", { tandemCf: "auto_failback_now on\n" });
    await cluster.lab.powerCut("zeus");
    await cluster.servedBy("hera");
    await cluster.lab.powerOn("zeus");
    await cluster.heartbeat.start();
    await cluster.servedBy("zeus");
    await cluster.heartbeat.log.line(/Standby resource acquisition done \[foreign\]/);
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });

  test("it stops cleanly: Tandem takes at once, and gives back when it returns", async () => {
    await zeusServes("hera");
    await cluster.heartbeat.stop();
    await cluster.servedBy("hera");
    expect(await cluster.tandemLog.text()).not.toMatch(/node zeus\.example\.com: is dead/);
    await cluster.heartbeat.start();
    await cluster.servedBy("zeus");
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });

  test("the crossover is cut: it still answers on the LAN, so Tandem leaves it alone", async () => {
    await zeusServes("hera");
    await cluster.lab.cutCable("hera", "eth1");
    await cluster.tandemLog.line(/is still answered by zeus\.example\.com/);
    await cluster.keptBy("zeus", 6_000);
    // Healed: it restarts itself, as always after a partition, and its groups are served meanwhile.
    await cluster.lab.plugCable("hera", "eth1");
    await cluster.servedBy("hera");
    await cluster.servedBy("zeus");
    expect(cluster.doubles()).toEqual([]);
  });

  test("its processes are killed, its services are not: Tandem leaves them alone", async () => {
    await zeusServes("hera");
    await cluster.heartbeat.kill();
    await cluster.tandemLog.line(/is still answered by zeus\.example\.com/);
    await cluster.keptBy("zeus", 6_000);
    await cluster.heartbeat.start();
    await cluster.heartbeat.log.line(/remote resource transition completed/);
    await cluster.keptBy("zeus", 6_000);
    expect(cluster.doubles()).toEqual([]);
  });
});

/** Both run, zeus serves, and each knows that the other is stable. */
async function zeusServes(tandem: NodeHost, options: MixedOptions = {}): Promise<void> {
  cluster = await MixedCluster.start(tandem, options);
  await Promise.all([cluster.heartbeat.start(), cluster.startTandem()]);
  await cluster.servedBy("zeus");
  await cluster.heartbeat.log.line(/remote resource transition completed/);
  await cluster.tandemLog.line(/is stable/);
  if (tandem === "zeus") await cluster.tandemLog.line(/served by this node/);
  await cluster.heartbeat.log.mark();
}
