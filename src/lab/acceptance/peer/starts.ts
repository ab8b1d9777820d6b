import type { NodeHost } from "../../layout.ts";
import { bothStart, fromNothing, type PeerEvent, startsBeside, usual } from "./event.ts";
import type { Pair } from "./pair.ts";

/** Cold starts, and nothing at all. */

export const together: PeerEvent = {
  ...fromNothing,
  name: "cold-start-together",
  play: async (pair, step) => {
    await step("start", () => bothStart(pair), { fromNothing: true });
  },
};

export const preferredFirst: PeerEvent = {
  ...fromNothing,
  name: "cold-start-preferred-first",
  play: async (pair, step) => {
    await step("alone", () => startsAlone(pair, "zeus"), { fromNothing: true });
    await step("joined", () => startsBeside(pair, "hera"));
  },
};

export const otherFirst: PeerEvent = {
  ...fromNothing,
  name: "cold-start-other-first",
  play: async (pair, step) => {
    await step("alone", () => startsAlone(pair, "hera"), { fromNothing: true });
    await step("joined", () => startsBeside(pair, "zeus"));
  },
};

export const steady: PeerEvent = {
  ...usual,
  name: "steady",
  runsMax: 1,
  play: async (pair, step, { steadyMs }) => {
    await step("steady", () => pair.cluster.untilTime(pair.cluster.now() + steadyMs), {
      beside: true,
    });
  },
};

async function startsAlone(pair: Pair, node: NodeHost): Promise<void> {
  await pair.start(node);
  await pair.untilRest(node, [node]);
}
