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

/** A pair of real Heartbeats becomes a pair of Tandems, by nothing but what `tandem migrate` prints. */
let cluster: MixedCluster;
let pings: Probe;

async function heartbeatsServe(autoFailback: "on" | "off" | "legacy"): Promise<void> {
  cluster = await MixedCluster.start("hera", { autoFailback });
  pings = await startProbe(cluster.lab.host("client"), { kinds: ["pings"] });
  await Promise.all(nodes.map((node) => makeBootable(node)));
  await Promise.all(nodes.map((node) => typed(node, "/etc/init.d/heartbeat start")));
  await cluster.servedBy("zeus");
  await cluster.heartbeat.log.line(/Status update for node hera\.example\.com: status active/);
}
afterEach(async (test) => {
  await pings?.stop().catch(() => {});
  await cluster?.close(test);
});

test.each(["on", "legacy"] as const)(
  "auto_failback %s: each step is typed as it is printed; the client loses nothing but the one planned move",
  async (mode) => {
    await heartbeatsServe(mode);
    expect(await nextOn("zeus")).toMatchObject({ number: 1, node: nameOf("hera") });

    await taken("hera", 2, { movesNothingOf: "zeus" });
    await taken("hera", 3, { movesNothingOf: "zeus" });
    await taken("hera", 4);
    await cluster.servedBy("hera");

    await taken("zeus", 5, { seenFrom: "hera", movesNothingOf: "hera" });
    await taken("zeus", 2, { movesNothingOf: "hera" });
    // Tandem on hera has heard that Heartbeat stop.
    expect(await nextOn("hera")).toMatchObject({ number: 7, node: nameOf("zeus") });
    await taken("zeus", 3);
    await cluster.servedBy("zeus");

    for (const node of nodes) {
      const { status, report } = await migrate(node);
      expect([status, report.state]).toEqual([0, "done"]);
    }
    const log = await cluster.heartbeat.log.whole();
    expect(log).not.toMatch(/changed its uuid|replay attack|partition/);
    expect(cluster.doubles()).toEqual([]);
  },
);

test("the way back is typed as it is printed, from the last step to the first", async () => {
  await heartbeatsServe("on");
  const steps = [await taken("hera", 2), await taken("hera", 3), await taken("hera", 4)];
  await cluster.servedBy("hera");
  const [, started, moved] = steps;
  for (const command of moved?.back ?? []) await typed("hera", command);
  await cluster.servedBy("zeus");
  for (const command of started?.back ?? []) await typed("hera", command);
  await cluster.heartbeat.log.mark();
  await cluster.heartbeat.log.line(/Status update for node hera\.example\.com: status active/);
  await cluster.keptBy("zeus", 3_000);
  expect(await nextOn("hera")).toMatchObject({ number: 2, node: nameOf("hera") });
  expect(cluster.doubles()).toEqual([]);
});

const nodes: readonly NodeHost[] = ["zeus", "hera"];
const nameOf = (node: NodeHost): string => hostLayouts[node].fullName;

interface PrintedStep {
  readonly number: number;
  readonly node: string;
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

async function migrate(
  node: NodeHost,
): Promise<{ readonly status: number | null; readonly report: PrintedReport }> {
  const { code, stdout } = await cluster.lab.host(node).run([tandem, "migrate", "--json"]);
  return { status: code, report: JSON.parse(stdout) as PrintedReport };
}

/** The step that is next there, once nothing has to be mended or waited for. */
async function nextOn(node: NodeHost): Promise<PrintedStep> {
  for (;;) {
    const { status, report } = await migrate(node);
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
  options: { readonly seenFrom?: NodeHost; readonly movesNothingOf?: NodeHost } = {},
): Promise<PrintedStep> {
  const { seenFrom = node, movesNothingOf } = options;
  const step = await nextOn(seenFrom);
  expect([step.number, step.node]).toEqual([number, nameOf(node)]);
  const { stdout } = await cluster.lab.host(seenFrom).run([tandem, "migrate"]);
  const from = bootTimeMs();
  for (const command of step.commands) {
    expect(stdout).toContain(`# ${command}\n`);
    await typed(node, command);
  }
  await isDone(node, step);
  const { sent, lost, longestGapMs } = summarizePings(await pings.pingsBetween(from, bootTimeMs()));
  console.log(
    `  step ${number} on ${node}: ${lost} of ${sent} pings lost, longest gap ${Math.round(longestGapMs)} ms`,
  );
  if (movesNothingOf !== undefined) {
    expect(lost).toBe(0);
    await cluster.keptBy(movesNothingOf, 1_000);
  }
  return step;
}

/** By `tandem migrate` itself, or by a command whose exit status tells. */
async function isDone(node: NodeHost, step: PrintedStep): Promise<void> {
  const host = cluster.lab.host(node);
  expect(step.check.node).toBe(nameOf(node));
  if (step.check.command !== `${tandem} migrate`) {
    expect((await host.run(step.check.command.split(" "))).code).toBe(0);
    return;
  }
  for (;;) {
    const { report } = await migrate(node);
    if (report.steps[step.number - 1]?.state === "done") return;
    await sleep(250);
  }
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
