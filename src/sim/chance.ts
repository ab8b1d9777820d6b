import { assert } from "../base/assert.ts";
import { draw, type Random, seeded } from "../base/random.ts";

/**
 * The world's dice: one seed, and everything that could have been otherwise is drawn from it. Steady
 * dice give every duration its middle, so that a story does not change where its cause has not.
 */
export class Chance {
  readonly isSteady: boolean;
  #random: Random;

  constructor(seed: number, options: { isSteady: boolean } = { isSteady: false }) {
    this.#random = seeded(seed);
    this.isSteady = options.isSteady;
  }

  /** In [0, 1). */
  next(): number {
    const [value, random] = draw(this.#random);
    this.#random = random;
    return value;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.#share();
  }

  /** Every doubling equally likely: for durations that span magnitudes. */
  betweenMagnitudes(low: number, high: number): number {
    return low * (high / low) ** this.#share();
  }

  /** A whole number, both ends included. */
  integer(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  happens(probability: number): boolean {
    // No draw for what cannot happen: an unused knob does not change the rest of the run.
    return probability > 0 && this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.next() * from.length)];
    assert(picked !== undefined, "there is something to pick from");
    return picked;
  }

  /** A generator of its own, so that more draws in one part do not disturb another. */
  fork(): Chance {
    return new Chance(Math.floor(this.next() * 4294967296), { isSteady: this.isSteady });
  }

  #share(): number {
    return this.isSteady ? 0.5 : this.next();
  }
}
