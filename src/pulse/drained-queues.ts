/** Turns of the event loop without a packet after which the sockets are believed to be empty. */
const QUIET_TURNS = 2;
/**
 * Where it never gets quiet: a flood must not put renewals off beyond what a lease can spare, whose shortest lasts a
 * second and is renewed four times in it (safety.md 2). A full receive buffer of garbage is read by then.
 */
const WAIT_MAX_MS = 100;
/** However long they take: each hands over up to 32 datagrams of a socket. */
const TURNS_MIN = 4;

/**
 * Tells when all that waits in the sockets has been handed over. libuv runs timers before or after
 * polling, so a deadline may fire while the packet that meets it waits (platform.md 4).
 */
export class DrainedQueues {
  readonly #now: () => number;
  readonly #drained: () => void;
  #heard = 0;
  #asked: { readonly at: number; readonly turns: number } | undefined;

  constructor(now: () => number, drained: () => void) {
    this.#now = now;
    this.#drained = drained;
  }

  /** Something came in. */
  heard(): void {
    this.#heard += 1;
  }

  /** Asked again while it waits, it begins again. */
  ask(): void {
    const isWaiting = this.#asked !== undefined;
    this.#asked = { at: this.#now(), turns: 0 };
    if (!isWaiting) this.#turn(this.#heard, 0);
  }

  #turn(heardBefore: number, quiet: number): void {
    setImmediate(() => {
      const { at, turns: before } = this.#asked ?? { at: this.#now(), turns: 0 };
      const turns = before + 1;
      const isQuiet = this.#heard === heardBefore && turns > 1;
      const quietTurns = isQuiet ? quiet + 1 : 0;
      const isOver = turns >= TURNS_MIN && this.#now() - at >= WAIT_MAX_MS;
      if (quietTurns < QUIET_TURNS && !isOver) {
        this.#asked = { at, turns };
        this.#turn(this.#heard, quietTurns);
        return;
      }
      this.#asked = undefined;
      this.#drained();
    });
  }
}
