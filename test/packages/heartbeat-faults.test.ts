import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { hostLayouts, type NodeHost, serviceAddress } from "../../src/lab/layout.ts";
import { bootTimeMs } from "../../src/linux/clock.ts";
import { MixedCluster } from "./mixed-cluster.ts";

/** A network that loses, restarts, and partitions, beside a real Heartbeat 3.0.6 (protocol.md 5). */
let cluster: MixedCluster;
afterEach((test) => cluster?.close(test));

const excused = /Cannot lock ourselves into memory/;

async function heartbeatComplains(): Promise<readonly string[]> {
  const lines = (await cluster.heartbeat.log.whole()).split("\n");
  return lines.filter((line) => / (ERROR|CRIT): /.test(line) && !excused.test(line));
}

const other = { zeus: "hera", hera: "zeus" } as const;
const nodes: readonly NodeHost[] = ["zeus", "hera"];

/** Forty beats in a deadtime: with a third of them lost, silence is still a fault and no accident. */
const manyBeats = "keepalive 100ms\nwarntime 2500ms\ndeadtime 4\ninitdead 6\n";

describe("more than a third of all packets is lost, both ways", () => {
  test("a move there and a move back, and one owner at the end", async () => {
    cluster = await MixedCluster.start("zeus", { timers: manyBeats });
    await cluster.heartbeat.loses(0.35);
    await bothRun();
    await moves(() => cluster.tandemIsAsked("standby"), "hera");
    await agreedOn("hera");
    await moves(() => cluster.heartbeat.standby("all"), "zeus");
    await agreedOn("zeus");
    // Without acknowledgements it would pause its clients at 250 and complain at 375.
    await cluster.tandemLog.line(
      /lost packet\(s\) for \[hera\.example\.com\] \[\d+:(?:3[89]|4\d)\d\]/,
    );
    expect(await cluster.heartbeat.log.whole()).not.toMatch(/now paused|queue is filling up/);
    expect(await cluster.tandemLog.whole()).not.toMatch(/is dead|acknowledged none/);
    expect(cluster.doubles()).toEqual([]);
    // Where the word of a holding is lost, it hears of the end of the move first.
    const complaints = await heartbeatComplains();
    expect(complaints.filter((line) => !/Both machines own|No one owns/.test(line))).toEqual([]);
  });
});

describe("auto_failback off: a partition, and starts within the deadtime", () => {
  test.each(nodes)(
    "Tandem is %s: it owns after the partition; no start moves anything",
    async (tandem) => {
      cluster = await MixedCluster.start(tandem, { autoFailback: "off" });
      await bothRun();
      expect(await clientStatus("ipfail")).toBe("offline");
      await cutAndHeal();
      // Heartbeat has given up as it always does, and was not given back.
      await startsAnew(tandem);
      const heartbeat = other[tandem];
      await moves(() => cluster.tandemIsAsked("standby"), heartbeat);
      await startsAnew(heartbeat);
    },
  );
});

describe("auto_failback legacy: a partition", () => {
  test.each(nodes)("Tandem is %s: its preferred node owns in the end", async (tandem) => {
    const tandemCf = "auto_failback_now on\n";
    cluster = await MixedCluster.start(tandem, { autoFailback: "legacy", tandemCf });
    await bothRun();
    await cutAndHeal();
    await agreedOn("zeus");
    await cluster.keptBy("zeus", 3_000);
  });
});

/** Whether a client runs on Tandem's node, as Heartbeat's own tool is told. */
async function clientStatus(client: string): Promise<string> {
  const { tandem, lab } = cluster;
  const query = ["cl_status", "clientstatus", hostLayouts[tandem].fullName, client, "10000"];
  return (await lab.host(other[tandem]).run(query, { timeoutMs: 20_000 })).stdout.trim();
}

/** Once each has given the other up. Ends when Heartbeat has given all it had and is back. */
async function cutAndHeal(): Promise<void> {
  const { lab, heartbeat, tandemLog } = cluster;
  await heartbeat.log.mark();
  await lab.cutCable("zeus", "eth1");
  await Promise.all([
    heartbeat.log.line(/mach_down takeover complete/),
    tandemLog.line(/silent, but no medium works here/),
  ]);
  await lab.plugCable("zeus", "eth1");
  await heartbeat.log.line(/Performing heartbeat restart exec/);
  await heartbeat.log.mark();
  await heartbeat.log.line(/Status update for node .* status active/);
}

/** Heartbeat, within its deadtime: with what it holds, and without knowing what it left running. */
async function startsAnew(owner: NodeHost): Promise<void> {
  const { heartbeat, tandemLog } = cluster;
  await agreedOn(owner);
  await tandemLog.mark();
  const from = bootTimeMs();
  let complaints = await heartbeatComplains();
  for (const begin of [reload, killAndStart]) {
    await heartbeat.log.mark();
    await begin();
    await heartbeat.log.line(/remote resource transition completed/);
    await agreedOn(owner);
  }
  expect(servedSince(from)).toEqual([owner]);
  expect(await tandemLog.text()).not.toMatch(/is dead/);
  complaints = (await heartbeatComplains()).slice(complaints.length);
  expect(complaints).toEqual([]);
}

/** Both run, zeus serves, and each knows it. */
async function bothRun(): Promise<void> {
  await Promise.all([cluster.heartbeat.start(), cluster.startTandem()]);
  await agreedOn("zeus");
}

/** As after a change of ha.cf: it executes itself anew, and keeps what it holds (`-R -C`). */
async function reload(): Promise<void> {
  const changed = "touch /etc/ha.d/ha.cf && /usr/libexec/heartbeat/heartbeat -r";
  const { code, stderr } = await cluster.lab.host(other[cluster.tandem]).run(["sh", "-c", changed]);
  expect(code, stderr).toBe(0);
}

async function killAndStart(): Promise<void> {
  await cluster.heartbeat.kill();
  await cluster.heartbeat.start();
}

/** Asks until it is done: a node ignores, or refuses, while it knows the other to be in flux. */
async function moves(begin: () => Promise<unknown>, to: NodeHost): Promise<void> {
  const served = cluster.servedBy(to).then(() => true);
  do {
    await begin();
  } while (!(await Promise.race([served, sleep(10_000, false)])));
}

/** Who has answered for the address, or served a page, since then. */
function servedSince(from: number): readonly (NodeHost | undefined)[] {
  const { arp, pages } = cluster.probe;
  const answered = arp
    .filter(({ askedAt }) => askedAt > from)
    .flatMap(({ answers }) => answers.map(({ mac }) => mac))
    .map((mac) => nodes.find((node) => hostLayouts[node].interfaces[0]?.mac === mac));
  const served = pages
    .filter(({ at }) => at > from)
    .map(({ server }) => nodes.find((node) => hostLayouts[node].fullName === server));
  return [...new Set([...answered, ...served])];
}

/** The client is served by this host alone, only it has the address, and both nodes know it. */
async function agreedOn(owner: NodeHost): Promise<void> {
  const { tandem, lab } = cluster;
  const heartbeat = other[tandem];
  const isTheirs = heartbeat === owner;
  await cluster.servedBy(owner);
  for (;;) {
    const { stdout: word } = await lab.host(heartbeat).run(["cl_status", "rscstatus"]);
    const { stdout: addresses } = await lab.host(heartbeat).run(["ip", "-4", "address"]);
    // In legacy mode it has no such word, and says `none` for ever.
    const knowsIt = cluster.autoFailback === "legacy" || holds(heartbeat, word.trim()) === isTheirs;
    const hasIt = addresses.includes(serviceAddress) === isTheirs;
    if (knowsIt && hasIt && (await cluster.ownerByTandem()) === hostLayouts[owner].fullName) return;
    await sleep(200);
  }
}

/** By Heartbeat's own word of its holdings; undefined while it moves. */
function holds(host: NodeHost, word: string): boolean | undefined {
  if (word === "transition") return undefined;
  return word === "all" || word === (host === "zeus" ? "local" : "foreign");
}
