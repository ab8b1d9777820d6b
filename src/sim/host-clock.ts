import type { EventQueue, Timer } from "./event-queue.ts";

/**
 * CLOCK_BOOTTIME of one machine from power-on to power cut. A paused virtual machine sees no gap on
 * any of its clocks (safety.md 4): while it is frozen its clock stands and its timers wait.
 */
export class HostClock {
  readonly #queue: EventQueue;
  #zero: number;
  #frozenAt: number | undefined;
  #isOver = false;
  #waiting: (() => void)[] = [];

  constructor(queue: EventQueue) {
    this.#queue = queue;
    this.#zero = queue.now;
  }

  now(): number {
    return (this.#frozenAt ?? this.#queue.now) - this.#zero;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isFrozen(): boolean {
    return this.#frozenAt !== undefined;
  }

  at(time: number, run: () => void): Timer {
    let isCancelled = false;
    const fire = (): void => {
      if (isCancelled || this.#isOver) return;
      if (this.isFrozen) this.#waiting.push(fire);
      // Thawed since: it is earlier here than it was thought to be.
      else if (this.now() < time - EPSILON_MS) this.#queue.at(this.#zero + time, fire);
      else run();
    };
    const timer = this.#queue.at(this.#zero + time, fire);
    return {
      at: time,
      cancel: () => {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  after(ms: number, run: () => void): Timer {
    return this.at(this.now() + ms, run);
  }

  freeze(): void {
    this.#frozenAt ??= this.#queue.now;
  }

  thaw(): void {
    if (this.#frozenAt === undefined) return;
    this.#zero += this.#queue.now - this.#frozenAt;
    this.#frozenAt = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const fire of waiting) this.#queue.after(0, fire);
  }

  /** Power is gone: nothing of this boot happens any more. */
  end(): void {
    this.#isOver = true;
  }
}

/** Sums of fractions are not exact. */
const EPSILON_MS = 1e-6;
