import { type Allowance, type Budget, fullBudget, refilled } from "../base/budget.ts";

/**
 * Milliseconds of processor time for what comes over one medium: a quarter of one. At once there may be a
 * receive buffer full of the dearest garbage, some 3 000 datagrams of 75 µs: what a stall leaves is always read.
 */
export const READ_MS: Allowance = { most: 250, perSecond: 250 };
/** A shut gate opens again with so much to spend: by then a tenth of a second has passed. */
const REOPEN_MS = 25;
/** No datagram costs more. A longer time since the one before was spent on something else. */
const DATAGRAM_MAX_MS = 2;

/** What a gate shuts and opens, and by which clocks. */
export interface GateWorld {
  /** Milliseconds, of the time that passes. */
  now(): number;
  /** Milliseconds that this thread has had a processor for. */
  usedMs(): number;
  /** Nothing more is to come in; what waits already still does. */
  shut(): void;
  open(): void;
}

/**
 * Bounds what the datagrams of one medium cost us, by time and not by number: forged ones cost more than
 * garbage, and a slow machine more than a fast one. Counted is all that this thread did since the last
 * datagram, since reading it costs as much as judging it.
 *
 * Who floods makes the gate shut for moments, and then some of the peer's beats on this medium are lost
 * among the rest: its silence proves nothing (core/channel/media.ts). Other media have gates of their own.
 */
export class FloodGate {
  readonly #world: GateWorld;
  #budget: Budget = fullBudget(READ_MS);
  #usedMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #isShut = false;
  #isClosed = false;

  constructor(world: GateWorld) {
    this.#world = world;
  }

  /** A datagram has been dealt with. */
  passed(): void {
    if (this.#isClosed) return;
    const usedMs = this.#world.usedMs();
    const costMs = Math.min(DATAGRAM_MAX_MS, usedMs - this.#usedMs);
    this.#usedMs = usedMs;
    const budget = refilled(this.#budget, READ_MS, this.#world.now());
    this.#budget = { ...budget, left: budget.left - costMs };
    if (this.#budget.left > 0 || this.#isShut) return;
    this.#isShut = true;
    this.#world.shut();
    this.#wait();
  }

  /** Nothing is told after it. Idempotent. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** What was there when it shut may have made a debt meanwhile. */
  #wait(): void {
    if (this.#isClosed) return;
    const { left } = refilled(this.#budget, READ_MS, this.#world.now());
    if (left < REOPEN_MS) {
      const ms = Math.ceil((1000 * (REOPEN_MS - left)) / READ_MS.perSecond);
      this.#timer = setTimeout(() => this.#wait(), ms);
      return;
    }
    this.#isShut = false;
    this.#world.open();
  }
}
