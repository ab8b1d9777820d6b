import type { NodeHost } from "../../layout.ts";
import { quickTimers } from "../../story/files.ts";
import { Refused } from "../../story/steps.ts";
import { bothStart, type PeerEvent, usual } from "./event.ts";
import type { MovedSet, Pair, Verb } from "./pair.ts";

/** Moves that a person asks for, with all packets and with two thirds of them. */

/** Every form from either side, the one group being zeus's: who is asked, for what, and who serves then. */
const moves: readonly (readonly [NodeHost, Verb, MovedSet, NodeHost])[] = [
  ["zeus", "standby", "all", "hera"],
  ["hera", "standby", "all", "zeus"],
  ["zeus", "standby", "local", "hera"],
  ["hera", "standby", "foreign", "zeus"],
  ["hera", "takeover", "all", "hera"],
  ["zeus", "takeover", "all", "zeus"],
  ["hera", "takeover", "foreign", "hera"],
  ["zeus", "takeover", "local", "zeus"],
  // 3.0.6's hook knows no `failback` and moves everything; seen from hera it is the same.
  ["hera", "takeover", "failback", "hera"],
  ["hera", "standby", "failback", "zeus"],
  // Nothing of that kind is to be moved.
  ["zeus", "standby", "foreign", "zeus"],
  ["zeus", "standby", "failback", "zeus"],
  ["hera", "standby", "local", "zeus"],
  ["zeus", "takeover", "foreign", "zeus"],
  ["zeus", "takeover", "failback", "zeus"],
  ["hera", "takeover", "local", "zeus"],
];

export const planned: PeerEvent = {
  ...usual,
  name: "moves",
  settings: { autoFailback: "off" },
  play: async (pair, step) => {
    let owner: NodeHost = "zeus";
    for (const [node, verb, set, to] of moves) {
      const isMoved = owner !== to;
      await step(`${node}-${verb}-${set}`, async () => {
        if (isMoved) await movedTo(pair, to, () => pair.ask(node, verb, set));
        else await pair.ask(node, verb, set);
        // What moves nothing is an exchange of words all the same, of some seconds.
        if (!isMoved) await pair.cluster.untilTime(pair.cluster.now() + exchangeMs);
        await pair.untilRest(to);
      });
      owner = to;
    }
  },
};

const exchangeMs = 2000;
/** A node that says no, or nothing, is asked again after so long. */
const askAgainMs = 15_000;
const asksMax = 4;

async function movedTo(pair: Pair, to: NodeHost, ask: () => Promise<boolean>): Promise<void> {
  const served = pair.untilServedBy(to).then(() => true);
  served.catch(() => {});
  for (let asks = 0; asks < asksMax; asks++) {
    const isTaken = await ask();
    const later = pair.cluster
      .untilTime(pair.cluster.now() + (isTaken ? askAgainMs : 1000))
      .then(() => false);
    if (await Promise.race([served, later])) return;
  }
  throw new Refused(`${to} does not serve, though it was asked for ${asksMax} times`);
}

export const loss: PeerEvent = {
  ...usual,
  name: "loss",
  // Ten beats in a row are lost once in some minutes, twenty are not.
  timers: { ...quickTimers, deadtimeMs: 4000 },
  // Heartbeat's own loss for tests, of what it sends and what it receives: both directions lose it.
  begin: async (pair) => {
    await pair.heartbeats[lossyOf(pair)].loses(0.35);
    await bothStart(pair);
  },
  play: async (pair, step) => {
    const { cluster } = pair;
    const aMinute = () => cluster.untilTime(cluster.now() + 60_000);
    await step("a-minute", aMinute, { beside: true });
    const asked = lossyOf(pair);
    const there = asked === "zeus" ? "standby" : "takeover";
    const back = asked === "zeus" ? "takeover" : "standby";
    await step("there", async () => {
      await movedTo(pair, "hera", () => pair.ask(asked, there, "all"));
      await pair.untilRest("hera");
    });
    await step("back", async () => {
      await movedTo(pair, "zeus", () => pair.ask(asked, back, "all"));
      await pair.untilRest("zeus");
    });
  },
};

/** The one node of the pair that loses: a real one. */
const lossyOf = (pair: Pair): NodeHost => (pair.programs.hera === "heartbeat" ? "hera" : "zeus");
