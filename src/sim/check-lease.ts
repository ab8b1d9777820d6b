import { addressLifetimeMs } from "../config/lifetime.ts";
import { EXPIRY_LATE_MS_MAX } from "./kernel.ts";
import { SIDES } from "./station.ts";
import type { Report } from "./violation.ts";
import type { World } from "./world.ts";

/**
 * An address does not outlive the pulse that leads it: on a machine whose pulse is dead or stopped it
 * is gone once its lifetime has run out, and nothing brings it back (safety.md 2).
 */
export class LeaseChecker {
  readonly #world: World;
  readonly #report: Report;
  /** Milliseconds for which an address has been held without a running pulse, per side. */
  readonly #unledMs: [number, number] = [0, 0];

  constructor(world: World, report: Report) {
    this.#world = world;
    this.#report = report;
    this.#tick();
  }

  #tick(): void {
    this.#world.queue.after(TICK_MS, () => {
      for (const side of SIDES) this.#lookAt(side);
      this.#tick();
    });
  }

  #lookAt(side: 0 | 1): void {
    const host = this.#world.hosts[side];
    const isLed = host.running?.pulse?.process.isRunning === true;
    const holdsNone = host.running?.kernel.all.length === 0;
    // A paused machine's time stands still, its lifetimes' too.
    if (!host.isAwake()) return;
    this.#unledMs[side] = isLed || holdsNone ? 0 : this.#unledMs[side] + TICK_MS;
    const allowedMs = addressLifetimeMs(this.#world.config.timers) + EXPIRY_LATE_MS_MAX + TICK_MS;
    if (this.#unledMs[side] > allowedMs) {
      this.#report(
        "unled",
        `${host.name} holds an address for longer than its lifetime without a pulse`,
      );
    }
  }
}

const TICK_MS = 250;
