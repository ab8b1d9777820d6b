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
  /** When a pulse last did something on this side, by the machine's own clock. */
  readonly #ledAt: [number, number] = [0, 0];

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
    const machine = host.running;
    // A paused machine's time stands still, its lifetimes' too.
    if (machine === undefined || !host.isAwake()) return;
    const now = machine.clock.now();
    // The clock begins anew with each boot.
    const before = Math.min(this.#ledAt[side], now);
    const handledAt = machine.pulse?.process.lastHandledAt ?? 0;
    this.#ledAt[side] = machine.kernel.all.length === 0 ? now : Math.max(before, handledAt);
    if (now - this.#ledAt[side] > this.#allowedMs()) {
      const text = `${host.name} holds an address for longer than its lifetime without a pulse`;
      this.#report("unled", text);
    }
  }

  /** Its lifetime; a tick more for an address that was put back just before it; and our own tick. */
  #allowedMs(): number {
    const { timers } = this.#world.config;
    const lifetimeMs = addressLifetimeMs(timers);
    const pulseTickMs = Math.min(timers.keepaliveMs, lifetimeMs / 4);
    return lifetimeMs + EXPIRY_LATE_MS_MAX + pulseTickMs + PUT_BACK_MS + TICK_MS;
  }
}

/** An address deleted by a program is put back in less (safety.md 2). */
const PUT_BACK_MS = 200;
const TICK_MS = 250;
