import { randomInt } from "node:crypto";
import { firstAnswerAfter } from "../probe/outage.ts";
import { quickTimers } from "../story/files.ts";
import { measureDuring } from "../story/measure.ts";
import { lossOf, untilServedBy } from "./moves.ts";
import type { Scenario } from "./scenario.ts";

/** Both machines start; the owner loses its LAN. */

/** The second machine comes up to so much later than the first. */
const apartMs = 1000;

export const coldStart: Scenario = {
  name: "cold-start",
  what: "both nodes start: served within 2 s of the second's start",
  runs: 20,
  variants: [
    {
      name: "",
      timers: quickTimers,
      fromNothing: true,
      figures: [
        {
          name: "answered",
          meaning: "from the second daemon's start to the first answered ping",
          unit: "ms",
          required: { of: "worst", atMost: 2000 },
        },
        { name: "page", meaning: "from there to the first page", unit: "ms" },
      ],
      run: async (cluster, index) => {
        const order = index % 2 === 0 ? (["zeus", "hera"] as const) : (["hera", "zeus"] as const);
        await cluster.lab.host(order[0]).startDaemon();
        await cluster.untilTime(cluster.now() + randomInt(apartMs));
        const second = cluster.now();
        await cluster.lab.host(order[1]).startDaemon();
        await untilServedBy(cluster, "zeus", cluster.timers.initdeadMs);
        const answered = firstAnswerAfter(cluster.probe.pings, second) ?? Number.NaN;
        const page = cluster.probe.pages.find((one) => one.at >= second && one.status === 200);
        return {
          answered: answered - second,
          page: page === undefined ? Number.NaN : page.at + page.tookMs - answered,
        };
      },
    },
  ],
};

export const lanCable: Scenario = {
  name: "lan-cable",
  what: "the owner's LAN cable is pulled: less than 2 s",
  runs: 20,
  variants: [
    {
      name: "",
      timers: quickTimers,
      figures: [
        {
          name: "silence",
          meaning: "longest time between two answers",
          unit: "ms",
          required: { of: "worst", atMost: 2000 },
        },
        { name: "lost", meaning: "pings lost", unit: "count" },
        { name: "pages-failed", meaning: "pages that failed", unit: "count" },
      ],
      run: async (cluster) =>
        lossOf(
          await measureDuring(cluster, async () => {
            await cluster.cutCable("zeus", "eth0");
            await untilServedBy(cluster, "hera");
          }),
        ),
    },
  ],
};
