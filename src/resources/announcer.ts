/**
 * When an announcement is repeated, counted from the first, in ms: a frame may be lost, a switch may
 * still learn, a neighbour may sleep.
 */
const AGAIN_MS: readonly number[] = [1_000, 5_000, 15_000];
/** And then for ever: whoever missed all of it is right again within a minute. */
const SLOWLY_MS = 60_000;

/** Repeats an announcement until it is stopped. */
export class Announcer {
  readonly #announce: () => void;
  #timers: NodeJS.Timeout[] = [];

  /** `announce` must not throw: a failure now may be over at the next time. */
  constructor(announce: () => void) {
    this.#announce = announce;
  }

  /** The first announcement is the caller's. A second start begins the repetition anew. */
  start(): void {
    this.stop();
    this.#timers = AGAIN_MS.map((ms) => setTimeout(this.#announce, ms));
    this.#timers.push(setInterval(this.#announce, SLOWLY_MS));
    // Announcing keeps no process alive.
    for (const timer of this.#timers) timer.unref();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }
}
