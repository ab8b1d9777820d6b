import { SIDES, type Side } from "./station.ts";
import type { World } from "./world.ts";

/**
 * What the checkers must remember of the world to judge a takeover: since when the machines could
 * neither hear nor see each other, from the cables and sockets alone, never from what a loop says.
 */
export class Sight {
  readonly #world: World;
  /** When the newest message was sent that reached a socket of this side: copies over slow media are old news. */
  readonly #heardAt: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  /** When it arrived, by the machine's clock. */
  readonly #arrivedAt: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  readonly #thawedAt: [number | undefined, number | undefined] = [undefined, undefined];
  readonly #wasFrozen: [boolean, boolean] = [false, false];
  #blindUntil: number = Number.NEGATIVE_INFINITY;
  #isBlind = false;

  constructor(world: World) {
    this.#world = world;
  }

  heard(side: Side, sentAt: number): void {
    if (sentAt < this.#heardAt[side]) return;
    this.#heardAt[side] = sentAt;
    this.#arrivedAt[side] = this.#world.hosts[side].running?.clock.now() ?? 0;
  }

  /** Cables, power or processes may have changed. */
  look(): void {
    if (this.#isBlind) this.#blindUntil = this.#world.now;
    this.#isBlind = !this.#world.seesArp;
    for (const side of SIDES) {
      const isFrozen = this.#world.hosts[side].running?.clock.isFrozen === true;
      if (this.#wasFrozen[side] && !isFrozen) this.#thawedAt[side] = this.#world.now;
      this.#wasFrozen[side] = isFrozen;
    }
  }

  /** How long this machine has heard nothing of the other. */
  silenceMs(side: Side): number {
    return this.#world.now - this.#heardAt[side];
  }

  /**
   * How much of that it was listening: what it slept itself is no silence of the other (safety.md 4).
   * A pulse learns of a sleep by the timer that is late: the time up to it, and what is no later than
   * its machine may be, it does not know of.
   */
  listenedMs(side: Side): number {
    const { timers } = this.#world.config;
    const unknownMs = timers.keepaliveMs + STALL_MS;
    const sleeps = this.#world.hosts[side].running?.pulse?.process.sleeps ?? [];
    return sleeps.reduce((ms, { from, to }) => {
      const sleptMs = to - Math.max(from, this.#arrivedAt[side]);
      return ms - Math.max(0, sleptMs - unknownMs);
    }, this.silenceMs(side));
  }

  /** Was there lately no way for either machine to see the other's ARP? */
  wasBlind(withinMs: number): boolean {
    return this.#isBlind || this.#world.now - this.#blindUntil <= withinMs;
  }

  /** A virtual machine that is paused, or went on and has heard nothing since. */
  isPausedOrUnaware(side: Side): boolean {
    const thawedAt = this.#thawedAt[side];
    return this.#wasFrozen[side] || (thawedAt !== undefined && this.#heardAt[side] < thawedAt);
  }

  heardSince(time: number): boolean {
    return SIDES.some((side) => this.#heardAt[side] > time);
  }
}

/** Later than this and the pulse knows that it slept. */
const STALL_MS = 100;
