import { SIDES, type Side } from "./station.ts";
import type { World } from "./world.ts";

/**
 * What the checkers must remember of the world to judge a takeover: since when the machines could
 * neither hear nor see each other, from the cables and sockets alone, never from what a loop says.
 */
export class Sight {
  readonly #world: World;
  /** The newest message that reached a socket of this side. */
  readonly #heard: [Heard, Heard] = [NOTHING, NOTHING];
  /** What was the newest before what has arrived so lately that tandemd cannot know of it yet. */
  readonly #former: [Former[], Former[]] = [[], []];
  readonly #thawedAt: [number | undefined, number | undefined] = [undefined, undefined];
  readonly #wasFrozen: [boolean, boolean] = [false, false];
  #blindUntil: number = Number.NEGATIVE_INFINITY;
  #isBlind = false;

  constructor(world: World) {
    this.#world = world;
  }

  heard(side: Side, sentAt: number): void {
    if (sentAt < this.#heard[side].sentAt) return;
    const { now } = this.#world;
    const former = { ...this.#heard[side], until: now };
    this.#former[side] = [...this.#former[side].filter((one) => isNews(one, now)), former];
    this.#heard[side] = { sentAt, arrivedAt: this.#world.hosts[side].running?.clock.now() ?? 0 };
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

  /**
   * How long this machine has heard nothing of the other, as far as its tandemd can know: from the socket through
   * the pulse to it takes a moment, and what arrives in that moment crosses with what it does.
   */
  silenceMs(side: Side): number {
    return this.#world.now - this.#known(side).sentAt;
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
    const { arrivedAt } = this.#known(side);
    return sleeps.reduce((ms, { from, to }) => {
      const sleptMs = to - Math.max(from, arrivedAt);
      return ms - Math.max(0, sleptMs - unknownMs);
    }, this.silenceMs(side));
  }

  #known(side: Side): Heard {
    const former = this.#former[side].find((one) => isNews(one, this.#world.now));
    return former ?? this.#heard[side];
  }

  /** Was there lately no way for either machine to see the other's ARP? */
  wasBlind(withinMs: number): boolean {
    return this.#isBlind || this.#world.now - this.#blindUntil <= withinMs;
  }

  /** A virtual machine that is paused, or went on and has heard nothing since. */
  isPausedOrUnaware(side: Side): boolean {
    const thawedAt = this.#thawedAt[side];
    return this.#wasFrozen[side] || (thawedAt !== undefined && this.#heard[side].sentAt < thawedAt);
  }

  heardSince(time: number): boolean {
    return SIDES.some((side) => this.#heard[side].sentAt > time);
  }
}

/** A message: copies over slow media are old news, so it is known by when it was sent. */
interface Heard {
  readonly sentAt: number;
  /** By the machine's clock. */
  readonly arrivedAt: number;
}

interface Former extends Heard {
  /** A newer one arrived then. */
  readonly until: number;
}

const NOTHING: Heard = { sentAt: Number.NEGATIVE_INFINITY, arrivedAt: Number.NEGATIVE_INFINITY };

function isNews({ until }: Former, now: number): boolean {
  return now - until <= PASSED_ON_MS;
}

/** The simulated link to tandemd takes up to 0.7 ms, an address up to 2 (ipc-link.ts, operations.ts). */
const PASSED_ON_MS = 3;
/** Later than this and the pulse knows that it slept. */
const STALL_MS = 100;
