import type { Chance } from "./chance.ts";
import { drawHarm, type Harm } from "./draw-fault.ts";
import { SIDES } from "./station.ts";
import type { World } from "./world.ts";

/**
 * What hits a rule's second chance: the time between a check and what it checked, an answer that only
 * the third question brings. And whatever may go wrong at all, for whoever strikes at a chosen moment.
 */
export function drawRareHarm(world: World, chance: Chance): Harm {
  const side = chance.pick(SIDES);
  switch (chance.integer(0, 4)) {
    case 0: {
      const longest = world.config.timers.deadtimeMs * 1.5;
      const amount = Math.round(chance.betweenMagnitudes(50, longest));
      return { faults: [{ kind: "slow-renewal", side, amount }], repairs: [] };
    }
    case 1: {
      const amount = chance.integer(1, 2);
      return {
        faults: [{ kind: "lose-questions", side, amount }],
        repairs: [{ kind: "lose-questions", side, amount: 0 }],
      };
    }
    default:
      return drawHarm(world, chance);
  }
}
