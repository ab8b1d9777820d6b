import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { listProcesses } from "../../src/lab/host/processes.ts";
import { startLab } from "../../src/lab/lab.ts";
import { projectRoot } from "../../src/lab/paths.ts";
import { script } from "./lab-scripts.ts";

test("close leaves no process and no namespace", async () => {
  const lab = await startLab();
  const inside = familyOf(process.pid);
  const namespaces = inside.flatMap(namespacesOf);
  await lab.host("zeus").spawn(["sleep", "1000"]);
  // unshare, shell and agent of the switch, and of three hosts
  expect(inside.length).toBeGreaterThanOrEqual(12);
  await lab.close();
  expect(inside.filter(isAlive)).toEqual([]);
  const left = new Set(listProcesses().flatMap((entry) => namespacesOf(entry.pid)));
  const ownNow = new Set(namespacesOf(process.pid));
  expect(namespaces.filter((name) => left.has(name) && !ownNow.has(name))).toEqual([]);
});

test("a lab whose owner is killed is gone, too", async () => {
  const [node = "", ...args] = script(`
    import { startLab } from "${projectRoot}dist/lab/lab.js";
    await startLab();
    console.log("up");`);
  const owner = spawn(node, [...args], { stdio: ["ignore", "pipe", "inherit"] });
  await firstOutput(owner);
  const inside = familyOf(owner.pid ?? 0);
  expect(inside.length).toBeGreaterThanOrEqual(12);
  owner.kill("SIGKILL");
  await once(owner, "exit");
  while (inside.some(isAlive)) await sleep(20);
});

test("a closed lab refuses calls instead of leaving them open", async () => {
  const lab = await startLab();
  const open = lab.host("hera").run(["sleep", "1000"]);
  open.catch(() => {});
  await lab.close();
  await expect(open).rejects.toThrow(/is off|is closed/);
  await expect(lab.host("hera").run(["true"])).rejects.toThrow("the lab is closed");
});

async function firstOutput(child: ChildProcess): Promise<void> {
  if (child.stdout !== null) await once(child.stdout, "data");
}

/** All processes that descend from this one. */
function familyOf(pid: number): readonly number[] {
  const all = listProcesses();
  const family = [pid];
  for (const member of family) {
    family.push(...all.filter((entry) => entry.parent === member).map((entry) => entry.pid));
  }
  return family.slice(1).filter((member) => namespacesOf(member).length > 0);
}

/** The net, mount and pid namespaces a process is in; none once it is dead. */
function namespacesOf(pid: number): readonly string[] {
  try {
    return ["net", "mnt", "pid"].map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`));
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  return namespacesOf(pid).length > 0;
}
