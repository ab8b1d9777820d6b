/** Turns of the event loop without a packet after which the sockets are believed to be empty. */
const QUIET_TURNS = 2;
/** A flood must not put a verdict off for ever. A turn hands over up to 32 datagrams of a socket. */
const TURNS_MAX = 200;

/**
 * Tells when all that waits in the sockets has been handed over. libuv runs timers before or after
 * polling, so a deadline may fire while the packet that meets it waits (platform.md 4).
 */
export class DrainedQueues {
  readonly #drained: () => void;
  #heard = 0;
  #turns: number | undefined;

  constructor(drained: () => void) {
    this.#drained = drained;
  }

  /** Something came in. */
  heard(): void {
    this.#heard += 1;
  }

  /** Asked again while it waits, it begins again. */
  ask(): void {
    const isWaiting = this.#turns !== undefined;
    this.#turns = 0;
    if (!isWaiting) this.#turn(this.#heard, 0);
  }

  #turn(heardBefore: number, quiet: number): void {
    setImmediate(() => {
      const turns = (this.#turns ?? 0) + 1;
      const isQuiet = this.#heard === heardBefore && turns > 1;
      const quietTurns = isQuiet ? quiet + 1 : 0;
      if (quietTurns < QUIET_TURNS && turns < TURNS_MAX) {
        this.#turns = turns;
        this.#turn(this.#heard, quietTurns);
        return;
      }
      this.#turns = undefined;
      this.#drained();
    });
  }
}
