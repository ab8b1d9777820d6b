import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../../src/lab/lab.ts";
import type { NodeHost } from "../../src/lab/layout.ts";
import { Cluster } from "../../src/lab/story/cluster.ts";
import { untilAtRest } from "../../src/lab/story/conditions.ts";
import type { StoryTimers } from "../../src/lab/story/files.ts";

/** The fastest keepalive that is measured. */
export const fastTimers: StoryTimers = {
  keepaliveMs: 100,
  warntimeMs: 500,
  deadtimeMs: 2000,
  initdeadMs: 10_000,
};

export const nodes: readonly NodeHost[] = ["zeus", "hera"];

/** What starting left to do: code to compile, memory to give back. */
const settleMs = 10_000;

/** Brings the tutorial's pair up, takes everything away that looked at it, and uses it. */
export async function withPairAtRest<Result>(
  options: { timers: StoryTimers; rootless: boolean },
  use: (lab: Lab) => Promise<Result>,
): Promise<Result> {
  const cluster = await Cluster.start(options);
  try {
    for (const node of nodes) await cluster.lab.host(node).startDaemon();
    await untilAtRest(cluster, "zeus");
    await cluster.probe.stop();
    for (const node of nodes) await cluster.lab.host(node).signal("watch-main.js", "SIGKILL");
    await sleep(settleMs);
    return await use(cluster.lab);
  } finally {
    await cluster.close();
  }
}
