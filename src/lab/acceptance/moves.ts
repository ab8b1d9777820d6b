import type { Cluster } from "../story/cluster.ts";
import { agreeMs, isAgreed, isServedBy, untilAtRest } from "../story/conditions.ts";
import { quickTimers } from "../story/files.ts";
import { type Measured, measureDuring } from "../story/measure.ts";
import { Refused } from "../story/steps.ts";
import type { FigureDefinition, Figures, Scenario } from "./scenario.ts";

/** Planned moves: `tandem standby`, the clean stop, the failback. None may lose a ping (product.md 4). */

const figures: readonly FigureDefinition[] = [
  {
    name: "lost",
    meaning: "pings lost, one sent each 10 ms",
    unit: "count",
    required: { of: "worst", atMost: 0 },
  },
  { name: "silence", meaning: "longest time between two answers", unit: "ms" },
  { name: "pages-failed", meaning: "pages that failed, one fetched each 100 ms", unit: "count" },
  { name: "sent", meaning: "pings sent", unit: "count" },
];

export const lossOf = (measured: Measured): Figures => ({
  lost: measured.lost,
  silence: measured.silenceMs,
  "pages-failed": measured.pagesFailed,
  sent: measured.sent,
});

export const standby: Scenario = {
  name: "standby",
  what: "`tandem standby` on the owner: 0 pings lost",
  runs: 20,
  variants: [
    {
      name: "",
      timers: quickTimers,
      figures,
      run: async (cluster) =>
        lossOf(
          await measureDuring(cluster, async () => {
            const { code, stdout, stderr } = await cluster.tandem("zeus", "standby");
            if (code !== 0) throw new Refused(`tandem standby: ${stderr.trim() || stdout.trim()}`);
            await untilMoved(cluster, "hera");
          }),
        ),
    },
  ],
};

export const cleanStop: Scenario = {
  name: "clean-stop",
  what: "SIGTERM to the owner's tandemd: 0 pings lost",
  runs: 20,
  variants: [
    {
      name: "",
      timers: quickTimers,
      figures,
      run: async (cluster) =>
        lossOf(
          await measureDuring(cluster, async () => {
            await cluster.lab.host("zeus").stopDaemon();
            await untilServedBy(cluster, "hera");
            await cluster.until(
              "hera says that it owns the group",
              () => isAgreed(cluster, "hera", ["hera"]),
              agreeMs,
            );
          }),
        ),
    },
  ],
};

export const failback: Scenario = {
  name: "failback",
  what: "the preferred node returns after a power cut (auto_failback_now on): 0 pings lost",
  runs: 20,
  variants: [
    {
      name: "",
      timers: quickTimers,
      figures,
      run: async (cluster) => {
        await cluster.powerCut("zeus");
        await cluster.until(
          "hera serves after the power cut",
          () => isServedBy(cluster, "hera") && isAgreed(cluster, "hera", ["hera"]),
          cluster.timers.deadtimeMs + agreeMs,
        );
        const measured = await measureDuring(cluster, async () => {
          await cluster.powerOn("zeus");
          await cluster.lab.host("zeus").startDaemon();
          await untilServedBy(cluster, "zeus");
          await untilAtRest(cluster, "zeus");
        });
        return lossOf(measured);
      },
    },
  ],
};

async function untilMoved(cluster: Cluster, to: "zeus" | "hera"): Promise<void> {
  await untilServedBy(cluster, to);
  await cluster.until(`both say that ${to} owns it`, () => isAgreed(cluster, to), agreeMs);
}

export async function untilServedBy(
  cluster: Cluster,
  node: "zeus" | "hera",
  boundMs: number = agreeMs,
): Promise<void> {
  const since = cluster.now();
  await cluster.until(
    `${node} serves the client`,
    () => isServedBy(cluster, node, since),
    boundMs + agreeMs,
  );
}
