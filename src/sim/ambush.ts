import { SIDES } from "./station.ts";
import type { Observer } from "./surroundings.ts";
import type { World } from "./world.ts";

/**
 * Waits for the next moment in which an address comes, goes, falls silent or speaks, on either machine.
 * What goes wrong right there, between two words of a move, teaches most and seldom falls there by chance.
 */
export class Ambush {
  #strike: (() => void) | undefined;
  #seen = "";

  /** Replaces an earlier one that has not struck. */
  lay(world: World, strike: () => void): void {
    this.#seen = addressesOf(world);
    this.#strike = strike;
  }

  callOff(): void {
    this.#strike = undefined;
  }

  /** For the world's list of observers. */
  observer(world: () => World): Observer {
    const nothing = (): void => {};
    const changed = (): void => this.#look(world());
    return { log: nothing, changed, heard: nothing, crashed: nothing, answered: nothing };
  }

  #look(world: World): void {
    if (this.#strike === undefined || addressesOf(world) === this.#seen) return;
    const strike = this.#strike;
    this.#strike = undefined;
    strike();
  }
}

function addressesOf(world: World): string {
  const held = SIDES.flatMap((side) =>
    (world.hosts[side].running?.kernel.all ?? []).map(
      ({ group, isMuted }) => `${side} ${group} ${isMuted}`,
    ),
  );
  return held.join(", ");
}
