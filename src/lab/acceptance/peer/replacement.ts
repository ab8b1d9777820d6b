import type { NodeHost } from "../../layout.ts";
import { bothStart, fromNothing, type PeerEvent, startsBeside } from "./event.ts";
import { type Pairing, real } from "./pair.ts";

/** Both nodes get another program (in the real pair: a new one of the same), one after the other. */
export const replacement = (first: NodeHost, mixed: Pairing): PeerEvent => ({
  ...fromNothing,
  name: `replacement-${first === "zeus" ? "preferred" : "other"}-first`,
  pairings: [real, mixed],
  begin: async (pair) => {
    pair.programs.zeus = "heartbeat";
    pair.programs.hera = "heartbeat";
    await bothStart(pair);
  },
  play: async (pair, step) => {
    const successor = pair.pairing === mixed ? "tandem" : "heartbeat";
    for (const node of [first, first === "zeus" ? "hera" : "zeus"] as const) {
      const other = node === "zeus" ? "hera" : "zeus";
      await step(`${node}-stops`, async () => {
        await pair.stop(node);
        await pair.untilRest(other, [other]);
      });
      pair.programs[node] = successor;
      await step(`${node}-returns`, () => startsBeside(pair, node));
    }
  },
});
