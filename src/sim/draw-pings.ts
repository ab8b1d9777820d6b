import type { ClusterConfig, PingNodeConfig } from "../config/types.ts";
import type { Chance } from "./chance.ts";
import type { Harm } from "./draw-fault.ts";
import type { Fault } from "./fault-words.ts";
import { SIDES } from "./station.ts";
import type { World } from "./world.ts";

/**
 * More than half of all pairs have ping nodes, and most of those the line for ipfail. Dice of their own:
 * everything else falls as it would without.
 */
export function withPings(config: ClusterConfig, dice: Chance): ClusterConfig {
  if (!dice.happens(0.6)) return config;
  const nodes = NODES.slice(0, dice.integer(1, NODES.length));
  return {
    ...config,
    pings: { nodes, deadMs: drawDeadMs(config, dice) },
    ipfail: dice.happens(0.8),
  };
}

const NODES: readonly PingNodeConfig[] = [
  { kind: "ping", name: "192.168.43.1", hosts: ["192.168.43.1"] },
  { kind: "ping_group", name: "routers", hosts: ["192.168.43.2", "192.168.43.3"] },
  { kind: "ping", name: "192.168.43.4", hosts: ["192.168.43.4"] },
];

/** What ha.cf says without `deadping`, or more than two keepalives, which is all that is asked of it. */
function drawDeadMs({ timers }: ClusterConfig, dice: Chance): number {
  const { keepaliveMs, deadtimeMs } = timers;
  if (dice.happens(0.4)) return deadtimeMs;
  return Math.round(Math.max(DEAD_MS_MIN, keepaliveMs * dice.betweenMagnitudes(2.2, 8)));
}

/** Some times what a process may be late. */
const DEAD_MS_MIN = 300;

/**
 * What makes the two reach a different number of ping nodes, or both fewer; and now and then nothing
 * mends it before everything is, so that the pair has the time to act on it.
 */
export function drawPingHarm({ config }: World, dice: Chance): Harm {
  const side = dice.pick(SIDES);
  const names = config.pings.nodes.map(({ name }) => name);
  const node = dice.pick(names);
  const harm = drawOne({ side, node, names }, dice.integer(0, 6));
  return dice.happens(0.3) ? { ...harm, repairs: [] } : harm;
}

function drawOne(
  { side, node, names }: { side: 0 | 1; node: string; names: readonly string[] },
  which: number,
): Harm {
  switch (which) {
    case 0:
      return harm([{ kind: "ping-node-off", node }], [{ kind: "ping-node-on", node }]);
    case 1:
      return harm([{ kind: "ping-nodes-off" }], [{ kind: "ping-nodes-on" }]);
    case 2:
      return harm(
        names.map((name) => ({ kind: "hide-ping-node", node: name, side })),
        names.map((name) => ({ kind: "show-ping-node", node: name, side })),
      );
    case 3:
      return harm(
        [{ kind: "cut-cable", medium: LAN, side }],
        [{ kind: "mend-cable", medium: LAN, side }],
      );
    default:
      return harm(
        [{ kind: "hide-ping-node", node, side }],
        [{ kind: "show-ping-node", node, side }],
      );
  }
}

const LAN = "eth0";

function harm(faults: readonly Fault[], repairs: readonly Fault[]): Harm {
  return { faults, repairs };
}
