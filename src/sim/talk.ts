import type { MediumConfig } from "../config/types.ts";
import { cableOf } from "./network.ts";
import { SIDES } from "./station.ts";
import type { World } from "./world.ts";

/** Some medium carries beats both ways, so clearly that words arrive as they were sent. */
export function talksBothWays(world: World): boolean {
  return world.config.media.some((medium) => isClear(world, medium));
}

/** One that is no serial line does: what two say to each other takes no time then. */
export function talksFast(world: World): boolean {
  return world.config.media.some((medium) => medium.kind !== "serial" && isClear(world, medium));
}

function isClear({ network }: World, medium: MediumConfig): boolean {
  const cable = network.cable(cableOf(medium));
  if (cable === undefined) return false;
  const arrives = cable.ways.every((way) => way.loss <= LOSS_CLEAR && way.jitterMs < 50);
  return arrives && SIDES.every((side) => cable.carriesBeats(side));
}

/** More loss than this and a word may need to be repeated. */
const LOSS_CLEAR = 0.05;
