import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { LabHost } from "../../src/lab/host.ts";
import { hostLayouts, type NodeHost } from "../../src/lab/layout.ts";
import { tandem, tandemd } from "../../src/lab/paths.ts";
import { summarizePings } from "../../src/lab/probe/outage.ts";
import { type Probe, startProbe } from "../../src/lab/probe/probe.ts";
import { bootTimeMs } from "../../src/linux/clock.ts";
import { MixedCluster } from "./mixed-cluster.ts";
import { standInForSystemd, typedSystemctlCalls } from "./systemd-stand-in.ts";

/** A pair of real Heartbeats becomes a pair of Tandems, and is one again, by nothing but what `tandem migrate` prints. */
let cluster: MixedCluster;
let pings: Probe;

/** What starts daemons on both machines. */
type Manager = "init scripts" | "systemd";

async function heartbeatsServe(autoFailback: "on" | "legacy", manager: Manager): Promise<void> {
  cluster = await MixedCluster.start("hera", { autoFailback });
  pings = await startProbe(cluster.lab.host("client"), { kinds: ["pings"] });
  await Promise.all(nodes.map((node) => makeBootable(node)));
  if (manager === "systemd") {
    await Promise.all(nodes.map((node) => standInForSystemd(cluster.lab.host(node))));
  }
  await Promise.all(nodes.map((node) => typed(node, START_HEARTBEAT[manager])));
  await cluster.servedBy("zeus");
  await cluster.heartbeat.log.line(/Status update for node hera\.example\.com: status active/);
}
afterEach(async (test) => {
  await pings?.stop().catch(() => {});
  await cluster?.close(test);
});

const START_HEARTBEAT: Readonly<Record<Manager, string>> = {
  "init scripts": "/etc/init.d/heartbeat start",
  systemd: "systemctl enable --now heartbeat",
};

test("each step is typed as it is printed, to two Tandems and back: the client loses nothing but the planned moves", {
  timeout: 240_000,
}, async () => {
  await heartbeatsServe("on", "init scripts");
  await bothChangeToTandem();
  await bothChangeBack();
});

test("by systemd, and with auto_failback legacy: the same to two Tandems", async () => {
  await heartbeatsServe("legacy", "systemd");
  await bothChangeToTandem();
  for (const node of nodes) {
    expect(await typedSystemctlCalls(cluster.lab.host(node))).toEqual([
      "enable --now heartbeat",
      "disable --now heartbeat",
      "daemon-reload",
      "enable --now tandem",
    ]);
  }
});

test("by systemd, the way back is typed as each step prints it, from the last to the first", async () => {
  await heartbeatsServe("on", "systemd");
  await taken("hera", 2);
  const started = await taken("hera", 3);
  const moved = await taken("hera", 4, { thenServes: "hera" });
  for (const command of moved.back) await typed("hera", command);
  await cluster.servedBy("zeus");
  for (const command of started.back) await typed("hera", command);
  await cluster.heartbeat.log.mark();
  await cluster.heartbeat.log.line(/Status update for node hera\.example\.com: status active/);
  await cluster.keptBy("zeus", 3_000);
  expect(await nextOn("hera")).toMatchObject({ number: 2, node: nameOf("hera") });
  expect((await typedSystemctlCalls(cluster.lab.host("hera"))).slice(-2)).toEqual([
    "disable --now tandem",
    "enable --now heartbeat",
  ]);
  expect(cluster.doubles()).toEqual([]);
});

async function bothChangeToTandem(): Promise<void> {
  expect(await nextOn("zeus")).toMatchObject({ number: 1, node: nameOf("hera") });

  await taken("hera", 2, { movesNothingOf: "zeus" });
  await taken("hera", 3, { movesNothingOf: "zeus" });
  await taken("hera", 4, { thenServes: "hera" });

  await taken("zeus", 5, { seenFrom: "hera", movesNothingOf: "hera" });
  await taken("zeus", 2, { movesNothingOf: "hera" });
  // Tandem on hera has heard that Heartbeat stop.
  expect(await nextOn("hera")).toMatchObject({ number: 7, node: nameOf("zeus") });
  await taken("zeus", 3, { thenServes: "zeus" });

  for (const node of nodes) {
    const { status, report } = await migrate(node);
    expect([status, report.state]).toEqual([0, "done"]);
  }
  await nobodyComplained();
}

async function bothChangeBack(): Promise<void> {
  const way = "back";
  expect(await nextOn("zeus", way)).toMatchObject({ number: 1, node: nameOf("hera") });

  await taken("hera", 2, { way, movesNothingOf: "zeus" });
  // Tandem on zeus has heard that one stop.
  expect(await nextOn("zeus", way)).toMatchObject({ number: 3, node: nameOf("hera") });
  await taken("hera", 3, { way, movesNothingOf: "zeus" });
  await taken("zeus", 4, { way, thenServes: "hera" });

  await taken("zeus", 5, { way, seenFrom: "hera", movesNothingOf: "hera" });
  await taken("zeus", 6, { way, movesNothingOf: "hera" });
  await taken("zeus", 3, { way, thenServes: "zeus" });

  // Two Heartbeats that serve, as before the first step; neither sees that the other one is back.
  expect(await nextOn("zeus")).toMatchObject({ number: 1, node: nameOf("hera") });
  expect(await nextOn("hera")).toMatchObject({ number: 2, node: nameOf("hera") });
  await nobodyComplained();
}

async function nobodyComplained(): Promise<void> {
  const logs = [cluster.heartbeat.log, cluster.tandemLog];
  const texts = await Promise.all(logs.map((log) => log.whole()));
  expect(texts.join("\n")).not.toMatch(/changed its uuid|replay attack|partition/);
  expect(cluster.doubles()).toEqual([]);
}

const nodes: readonly NodeHost[] = ["zeus", "hera"];
const nameOf = (node: NodeHost): string => hostLayouts[node].fullName;

interface PrintedStep {
  readonly number: number;
  readonly node: string;
  readonly what: string;
  readonly commands: readonly string[];
  readonly check: { readonly node: string; readonly command: string };
  readonly back: readonly string[];
  readonly state: "done" | "next" | "waiting";
}

interface PrintedReport {
  readonly state: "mend" | "next" | "done";
  readonly obstacles: readonly { readonly what: string }[];
  readonly steps: readonly PrintedStep[];
}

type Way = "to-tandem" | "back";

async function migrate(
  node: NodeHost,
  way: Way = "to-tandem",
): Promise<{ readonly status: number | null; readonly report: PrintedReport }> {
  const { code, stdout } = await cluster.lab.host(node).run([...MIGRATE[way], "--json"]);
  return { status: code, report: JSON.parse(stdout) as PrintedReport };
}

const MIGRATE: Readonly<Record<Way, readonly string[]>> = {
  "to-tandem": [tandem, "migrate"],
  back: [tandem, "migrate", "--back"],
};

/** The step that is next there, once nothing has to be mended or waited for. */
async function nextOn(node: NodeHost, way: Way = "to-tandem"): Promise<PrintedStep> {
  for (;;) {
    const { status, report } = await migrate(node, way);
    const next = report.steps.find(({ state }) => state === "next");
    if (next !== undefined) {
      expect(status).toBe(0);
      return next;
    }
    expect(status).toBe(1);
    await sleep(250);
  }
}

/** Does the step that `seenFrom` calls the next one, as it is printed, and sees by its check that it is done. */
async function taken(
  node: NodeHost,
  number: number,
  options: {
    readonly way?: Way;
    readonly seenFrom?: NodeHost;
    readonly movesNothingOf?: NodeHost;
    readonly thenServes?: NodeHost;
  } = {},
): Promise<PrintedStep> {
  const { way = "to-tandem", seenFrom = node, movesNothingOf, thenServes } = options;
  const step = await nextOn(seenFrom, way);
  expect([step.number, step.node]).toEqual([number, nameOf(node)]);
  const { stdout } = await cluster.lab.host(seenFrom).run(MIGRATE[way]);
  const from = bootTimeMs();
  for (const command of step.commands) {
    expect(stdout).toContain(`# ${command}\n`);
    await typed(node, command);
  }
  await isDone(node, step, way);
  if (thenServes !== undefined) await cluster.servedBy(thenServes);
  const { sent, lost, longestGapMs } = summarizePings(await pings.pingsBetween(from, bootTimeMs()));
  console.log(
    `  ${way}: step ${number} on ${node}: ${lost} of ${sent} pings lost, longest gap ${Math.round(longestGapMs)} ms`,
  );
  if (movesNothingOf !== undefined) {
    expect(lost).toBe(0);
    await cluster.keptBy(movesNothingOf, 1_000);
  }
  return step;
}

/** By `tandem migrate` itself, or by a command whose exit status tells. */
async function isDone(node: NodeHost, step: PrintedStep, way: Way): Promise<void> {
  const host = cluster.lab.host(node);
  expect(step.check.node).toBe(nameOf(node));
  if (step.check.command !== MIGRATE[way].join(" ")) {
    expect((await host.run(step.check.command.split(" "))).code).toBe(0);
    return;
  }
  for (;;) {
    const { report } = await migrate(node, way);
    // Its number is another one where Tandem no longer tells what the other node is.
    const same = report.steps.find((one) => one.node === step.node && verbOf(one) === verbOf(step));
    if (same?.state === "done") return;
    await sleep(250);
  }
}

/** Each node has one step of a kind. */
function verbOf({ what }: PrintedStep): string | undefined {
  return what.split(" ")[0];
}

/** As root at the machine. The supervisor that the report asks for is the lab's. */
async function typed(node: NodeHost, command: string): Promise<void> {
  const host = cluster.lab.host(node);
  if (command === tandemd) {
    await host.startDaemon({ keep: false });
    return;
  }
  const { code, stdout, stderr } = await host.run(["sh", "-c", command], { timeoutMs: 100_000 });
  expect(code, `${command}: ${stdout}${stderr}`).toBe(0);
}

/** The init script, and links of its own to boot by: `update-rc.d` must not reach the real ones. */
async function makeBootable(node: NodeHost): Promise<void> {
  const host: LabHost = cluster.lab.host(node);
  const script = readFileSync("/etc/init.d/heartbeat", "utf8");
  await host.writeFile("/etc/init.d/heartbeat", script, 0o755);
  const copy = `
for d in /etc/rc?.d /etc/systemd; do
  [ -L $d ] || continue
  real=$(readlink -f $d); rm $d; cp -a $real $d
done
[ ! -L /etc/rc2.d ] && [ ! -L /etc/systemd ]
`;
  const { code, stderr } = await host.run(["sh", "-ec", copy]);
  expect(code, stderr).toBe(0);
}
