import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { NodeHost } from "../../src/lab/layout.ts";
import { MixedCluster, type MixedOptions } from "./mixed-cluster.ts";

/**
 * Each node prefers a group of its own, as most pairs of two services have it, beside a real Heartbeat
 * 3.0.6: only here do `local`, `foreign` and `all` mean different groups (protocol.md 7).
 */
let cluster: MixedCluster;
afterEach((test) => cluster?.close(test));

const addresses = { zeus: "192.168.43.53", hera: "192.168.43.54" } as const;
const twoGroups: MixedOptions = {
  haresources: `zeus.example.com ${addresses.zeus} httpd\nhera.example.com ${addresses.hera}\n`,
  tandemCf: "auto_failback_now on\n",
};
const excused = /Cannot lock ourselves into memory/;

async function heartbeatComplains(): Promise<readonly string[]> {
  const lines = (await cluster.heartbeat.log.whole()).split("\n");
  return lines.filter((line) => / (ERROR|CRIT): /.test(line) && !excused.test(line));
}

/** The hosts that bear hera's address now; one without power bears nothing. */
async function bearers(): Promise<readonly NodeHost[]> {
  const hosts: readonly NodeHost[] = ["zeus", "hera"];
  const lists = await Promise.all(
    hosts.map((host) =>
      cluster.lab
        .host(host)
        .run(["ip", "-o", "-4", "address"])
        .then(({ stdout }) => stdout)
        .catch(() => ""),
    ),
  );
  return hosts.filter((_, at) => lists[at]?.includes(` ${addresses.hera}/`));
}

/** Resolves once zeus's group is served by the first host alone, and the second alone bears hera's address. */
async function settled(zeus: NodeHost, hera: NodeHost): Promise<void> {
  await cluster.servedBy(zeus);
  for (;;) {
    const found = await bearers();
    if (found.length === 1 && found[0] === hera) return;
    await sleep(100);
  }
}

/** Home again, and the real node has done everything that it means to do. */
async function atRest(): Promise<void> {
  await settled("zeus", "hera");
  const host = cluster.lab.host(cluster.tandem === "zeus" ? "hera" : "zeus");
  for (;;) {
    const { code, stdout } = await host.run(["cl_status", "rscstatus"]);
    if (code === 0 && stdout.trim() !== "transition") return;
    await sleep(100);
  }
}

/** Asks until it is done: a node ignores, or refuses, while it knows the other to be in flux. */
async function moves(begin: () => Promise<unknown>, zeus: NodeHost, hera: NodeHost): Promise<void> {
  const done = settled(zeus, hera).then(() => true);
  do {
    await begin();
  } while (!(await Promise.race([done, sleep(10_000, false)])));
}

async function bothStart(tandem: NodeHost, options: MixedOptions): Promise<void> {
  cluster = await MixedCluster.start(tandem, { ...twoGroups, ...options });
  await Promise.all([cluster.heartbeat.start(), cluster.startTandem()]);
  await atRest();
  await cluster.heartbeat.log.line(/remote resource transition completed/);
  await cluster.tandemLog.line(/is stable/);
}

const asks = (verb: "standby" | "takeover", set: "all" | "local" | "foreign" | "failback") => () =>
  cluster.tandemIsAsked(verb, set);

describe("auto_failback on, a group for each node", () => {
  test("Tandem on zeus: each stops and dies, and each group comes home", async () => {
    await bothStart("zeus", { autoFailback: "on" });
    await deathsAndStops("zeus");
  });

  test("Tandem on hera: each stops and dies, and each group comes home", async () => {
    await bothStart("hera", { autoFailback: "on" });
    await deathsAndStops("hera");
  });
});

async function deathsAndStops(tandem: NodeHost): Promise<void> {
  const { heartbeat, lab } = cluster;
  const real = tandem === "zeus" ? "hera" : "zeus";
  await lab.powerCut(tandem);
  await settled(real, real);
  await heartbeat.log.line(/mach_down takeover complete/);
  await lab.powerOn(tandem);
  await cluster.startTandem();
  await atRest();

  await heartbeat.stop();
  await settled(tandem, tandem);
  await heartbeat.start();
  await atRest();

  await lab.host(tandem).stopDaemon();
  await settled(real, real);
  await cluster.startTandem();
  await atRest();

  await lab.powerCut(real);
  await settled(tandem, tandem);
  await lab.powerOn(real);
  await heartbeat.start();
  await atRest();
  expect(cluster.doubles()).toEqual([]);
  expect(await heartbeatComplains()).toEqual([]);
}

describe("auto_failback off, a group for each node: every form of standby and takeover", () => {
  test("Tandem on zeus", async () => {
    await bothStart("zeus", { autoFailback: "off" });
    const { heartbeat } = cluster;
    await moves(asks("standby", "local"), "hera", "hera");
    await moves(asks("takeover", "local"), "zeus", "hera");
    await moves(asks("takeover", "foreign"), "zeus", "zeus");
    await moves(asks("standby", "foreign"), "zeus", "hera");
    await moves(asks("standby", "all"), "hera", "hera");
    await moves(asks("takeover", "all"), "zeus", "zeus");
    await moves(asks("standby", "failback"), "zeus", "hera");

    await moves(() => heartbeat.standby("local"), "zeus", "zeus");
    await moves(() => heartbeat.takeover("local"), "zeus", "hera");
    await moves(() => heartbeat.takeover("foreign"), "hera", "hera");
    await moves(() => heartbeat.standby("foreign"), "zeus", "hera");
    await moves(() => heartbeat.standby("all"), "zeus", "zeus");
    await moves(() => heartbeat.takeover("all"), "hera", "hera");
    await moves(() => heartbeat.standby("failback"), "zeus", "hera");
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });

  test("Tandem on hera", async () => {
    await bothStart("hera", { autoFailback: "off" });
    const { heartbeat } = cluster;
    await moves(asks("standby", "local"), "zeus", "zeus");
    await moves(asks("takeover", "local"), "zeus", "hera");
    await moves(asks("takeover", "foreign"), "hera", "hera");
    await moves(asks("standby", "foreign"), "zeus", "hera");
    await moves(asks("takeover", "all"), "hera", "hera");
    await moves(() => heartbeat.takeover("local"), "zeus", "hera");
    await moves(() => heartbeat.standby("all"), "hera", "hera");
    await moves(() => heartbeat.takeover("all"), "zeus", "zeus");
    await moves(() => heartbeat.standby("failback"), "zeus", "hera");
    await moves(() => heartbeat.takeover("foreign"), "zeus", "zeus");
    // Its other word for `foreign`, in a takeover too: each has the other's now.
    await moves(asks("takeover", "failback"), "hera", "zeus");
    expect(cluster.doubles()).toEqual([]);
    expect(await heartbeatComplains()).toEqual([]);
  });
});
