/** The longest single wait: Node's timers take 31 bits of milliseconds, and shorter ones cost nothing. */
const WAIT_MAX_MS = 60_000;

/**
 * One timer at a time on CLOCK_BOOTTIME. Node's own fires up to 1 ms early or late and counts another
 * clock (platform.md 4): so it is armed for less, looked at again, and the last fraction of a
 * millisecond goes by in turns of the event loop.
 */
export class WakeTimer {
  readonly #now: () => number;
  readonly #wake: () => void;
  #at = Infinity;
  #timeout: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(now: () => number, wake: () => void) {
    this.#now = now;
    this.#wake = wake;
  }

  /** Infinity: never. */
  set(at: number): void {
    this.#at = at;
    this.#arm();
  }

  clear(): void {
    this.set(Infinity);
  }

  #arm(): void {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
    if (this.#at === Infinity) return;
    const leftMs = this.#at - this.#now();
    if (leftMs < 1) this.#immediate = setImmediate(() => this.#fire());
    else {
      const waitMs = Math.min(WAIT_MAX_MS, Math.floor(leftMs));
      this.#timeout = setTimeout(() => this.#fire(), waitMs);
    }
  }

  #fire(): void {
    if (this.#now() < this.#at) {
      this.#arm();
      return;
    }
    this.#at = Infinity;
    this.#wake();
  }
}
