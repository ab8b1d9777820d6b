/** The pauses between attempts at what does not succeed, in milliseconds. */
const FIRST_MS = 250;
const MAX_MS = 5000;

/** Attempts something again after a pause, which doubles from one to the next. */
export class BackOff {
  readonly #attempt: () => void;
  #timer: NodeJS.Timeout | undefined;
  #nextMs = FIRST_MS;

  constructor(attempt: () => void) {
    this.#attempt = attempt;
  }

  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  /** It has failed: the next attempt is after a pause. */
  failed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#attempt();
    }, this.#nextMs);
    this.#nextMs = Math.min(2 * this.#nextMs, MAX_MS);
  }

  /** It has succeeded: the pauses begin anew. */
  succeeded(): void {
    this.#nextMs = FIRST_MS;
  }

  /** No attempt any more. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
