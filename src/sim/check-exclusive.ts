import type { GroupConfig } from "../config/types.ts";
import { isExclusive } from "../core/cluster/exclusive.ts";
import { DEADLINE_MS } from "./service.ts";
import type { Sight } from "./sight.ts";
import { otherSide, SIDES, type Side } from "./station.ts";
import type { Report } from "./violation.ts";
import type { World } from "./world.ts";

/**
 * What may run on one machine only never runs on two, even if nowhere (safety.md 7). As with addresses,
 * `availability` may be wrong about a silent machine: a second one is allowed to a machine that had
 * heard nothing for the dead time when it began to take it, and beside a paused virtual machine. In
 * `safety` silence proves nothing: only what a machine had begun before its own pause goes on.
 */
export class ExclusiveChecker {
  readonly #world: World;
  readonly #report: Report;
  readonly #sight: Sight;
  readonly #groups: readonly GroupConfig[];
  /** When each side last could not know of the other. */
  readonly #unawareAt: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  readonly #runningOn = new Map<string, readonly Side[]>();

  constructor(world: World, report: Report, sight: Sight) {
    this.#world = world;
    this.#report = report;
    this.#sight = sight;
    this.#groups = world.config.groups.filter(isExclusive);
  }

  look(): void {
    if (this.#groups.length === 0) return;
    for (const side of SIDES) {
      if (this.#isUnaware(side)) this.#unawareAt[side] = this.#world.now;
    }
    for (const { name, resources } of this.#groups) {
      for (const index of resources.keys()) this.#lookAt(`${name}/${index}`);
    }
  }

  #isUnaware(side: Side): boolean {
    if (this.#sight.isPausedOrUnaware(side)) return true;
    const { tandem, timers } = this.#world.config;
    if (tandem.mode === "safety") return false;
    const silentMs = timers.deadtimeMs - timers.keepaliveMs - EARLY_MS;
    return (
      this.#sight.silenceMs(side) >= silentMs || this.#sight.isPausedOrUnaware(otherSide(side))
    );
  }

  #lookAt(service: string): void {
    const { hosts, now } = this.#world;
    const before = this.#runningOn.get(service) ?? [];
    const sides = SIDES.filter((side) => hosts[side].running?.services.get(service)?.isUp === true);
    this.#runningOn.set(service, sides);
    const taker = sides.find((side) => !before.includes(side));
    if (sides.length < 2 || taker === undefined) return;
    if (now - this.#unawareAt[taker] <= TAKEN_WITHIN_MS) return;
    const text = `${service} was started on ${hosts[taker].name} while it ran on the other`;
    this.#report("exclusive-on-two", text);
  }
}

/** The loop looked at it a little later than it arrived. */
const EARLY_MS = 5;
/** From the taking of the address to the start of the last service behind it. */
const TAKEN_WITHIN_MS = 2 * DEADLINE_MS + 10_000;
