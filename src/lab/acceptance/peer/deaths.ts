import { type PeerEvent, startsBeside, usual } from "./event.ts";
import { crossover } from "./pair.ts";

/** Deaths, clean stops and a partition, each with the return. */

export const crash: PeerEvent = {
  ...usual,
  name: "crash",
  play: async (pair, step) => {
    await step("preferred-dies", async () => {
      await pair.cluster.powerCut("zeus");
      await pair.untilRest("hera", ["hera"]);
    });
    await step("failback", async () => {
      await pair.cluster.powerOn("zeus");
      await startsBeside(pair, "zeus");
    });
    await step("other-dies", async () => {
      await pair.cluster.powerCut("hera");
      await pair.untilRest("zeus", ["zeus"]);
      await pair.cluster.untilTime(pair.cluster.now() + 2 * pair.cluster.timers.deadtimeMs);
    });
    await step("other-returns", async () => {
      await pair.cluster.powerOn("hera");
      await startsBeside(pair, "hera");
    });
  },
};

export const cleanStop: PeerEvent = {
  ...usual,
  name: "clean-stop",
  play: async (pair, step) => {
    await step("preferred-stops", async () => {
      await pair.stop("zeus");
      await pair.untilRest("hera", ["hera"]);
    });
    await step("failback", () => startsBeside(pair, "zeus"));
    await step("other-stops", async () => {
      await pair.stop("hera");
      await pair.untilRest("zeus", ["zeus"]);
    });
    await step("other-returns", () => startsBeside(pair, "hera"));
  },
};

export const partition: PeerEvent = {
  ...usual,
  name: "partition",
  play: async (pair, step) => {
    const { cluster } = pair;
    await step("cut", async () => {
      await cluster.cutCable("zeus", crossover);
      await cluster.untilTime(cluster.now() + 3 * cluster.timers.deadtimeMs);
    });
    await step("healed", async () => {
      await cluster.plugCable("zeus", crossover);
      // A real node restarts itself, but not at once: for some seconds it looks as if nothing had to happen.
      await cluster.untilTime(cluster.now() + 2 * cluster.timers.deadtimeMs + 5000);
      await pair.untilRest("zeus");
    });
  },
};
