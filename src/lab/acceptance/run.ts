import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { summarizePings } from "../probe/outage.ts";
import { Cluster, NotWithin } from "../story/cluster.ts";
import { untilAtRest } from "../story/conditions.ts";
import { sentencesBetween } from "../story/play.ts";
import { Refused } from "../story/steps.ts";
import type { Evidence, RunResult } from "./results.ts";
import type { Variant } from "./scenario.ts";

/** So long the pair is watched at rest before the event: the noise floor of this run. */
const quietMs = 2000;

/** One run on a lab of its own, so that no run knows of the last one. What does not happen is a result. */
export async function runOnce(
  variant: Variant,
  index: number,
  options: { readonly rootless: boolean },
): Promise<RunResult> {
  const cluster = await Cluster.start({ timers: variant.timers, rootless: options.rootless });
  const load = readFileSync("/proc/loadavg", "utf8").trim();
  let begun = cluster.now();
  try {
    const noise = variant.fromNothing ? {} : { noiseMs: await bringToRest(cluster) };
    begun = cluster.now();
    const figures = await variant.run(cluster, index);
    return { figures, ...noise, load, evidence: evidenceSince(cluster, begun) };
  } catch (error) {
    if (!(error instanceof NotWithin || error instanceof Refused)) throw error;
    return { problem: error.message, load, evidence: evidenceSince(cluster, begun) };
  } finally {
    await cluster.close();
  }
}

/** Both daemons up, zeus serving; then a while in which nothing happens. @returns the longest gap in that while */
async function bringToRest(cluster: Cluster): Promise<number> {
  await cluster.lab.host("hera").startDaemon();
  await cluster.lab.host("zeus").startDaemon();
  await untilAtRest(cluster, "zeus");
  const from = cluster.now();
  // A random phase of the beat is part of the measurement.
  await cluster.untilTime(from + quietMs + randomInt(cluster.timers.keepaliveMs));
  const quiet = cluster.probe.pings.filter((ping) => ping.sentAt >= from);
  return summarizePings(quiet).longestGapMs;
}

/** What happened, for whoever wants to know why a run is worse than the others. */
function evidenceSince(cluster: Cluster, from: number): Evidence {
  const { losses } = summarizePings(cluster.probe.pings.filter((ping) => ping.sentAt >= from));
  const sentences = sentencesBetween(cluster, { from, until: cluster.now() });
  return {
    losses: losses.map((loss) => ({
      fromMs: loss.from - from,
      untilMs: loss.until - from,
      count: loss.count,
    })),
    sentences: sentences.map(
      ({ node, at, text }) => `${(at - from).toFixed(0)} ms ${node}: ${text}`,
    ),
  };
}
