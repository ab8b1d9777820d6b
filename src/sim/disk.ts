import type { Chance } from "./chance.ts";
import type { HostClock } from "./host-clock.ts";

/** The disk: outlives power cuts, loses what was on its way, and may refuse to write. */
export class Disk {
  /** Writes fail while this is set. */
  isFailing = false;
  /** The highest generation that was told to tandemd here. */
  generation = 0;
  #text: string | undefined;

  /** The last record that reached the disk, as text. */
  get text(): string | undefined {
    return this.#text;
  }

  /** By another thread, some time within 200 ms (safety.md 5). */
  write(text: string, clock: HostClock, chance: Chance, done: (ok: boolean) => void): void {
    clock.after(chance.between(WRITE_MS_MIN, WRITE_MS_MAX), () => {
      if (!this.isFailing) this.#text = text;
      done(!this.isFailing);
    });
  }
}

const WRITE_MS_MIN = 3;
const WRITE_MS_MAX = 200;
