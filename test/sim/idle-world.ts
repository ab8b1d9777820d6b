import type { ClusterConfig } from "../../src/config/types.ts";
import { Chance } from "../../src/sim/chance.ts";
import { drawConfig } from "../../src/sim/draw-config.ts";
import type { Observer } from "../../src/sim/surroundings.ts";
import { World } from "../../src/sim/world.ts";

/** Two machines whose processes do nothing, five seconds after power; `changes` are to a plain pair's configuration. */
export function idleWorld(
  observers: (world: () => World) => readonly Observer[] = () => [],
  changes: Partial<ClusterConfig> = {},
): World {
  const timers = { keepaliveMs: 500, warntimeMs: 1_500, deadtimeMs: 3_000, initdeadMs: 6_000 };
  const world: World = new World({
    config: { ...drawConfig(new Chance(1)), timers, ...changes },
    programs: {
      pulse: () => ({ handle: () => {} }),
      node: () => ({ handle: () => {}, status: () => undefined }),
    },
    seed: 1,
    carrierFollowsPower: false,
    observers: observers(() => world),
  });
  for (const host of world.hosts) host.powerOn(1_000);
  world.runUntil(5_000);
  return world;
}
