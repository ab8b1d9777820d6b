import type { GroupName } from "../base/names.ts";
import type { Chance } from "./chance.ts";
import type { HostClock } from "./host-clock.ts";

/** A service address as the kernel holds it. */
export interface HeldAddress {
  readonly group: GroupName;
  readonly groupIndex: number;
  readonly address: string;
  readonly interface: string;
  readonly prefix: number;
  lifetimeS: number;
  /** Host time of the last renewal. */
  renewedAt: number;
  /** A muted address is held, but neither answers ARP nor takes new connections (safety.md 6). */
  isMuted: boolean;
}

export interface KernelEvents {
  /** Somebody holds, answers or lets go otherwise than before. */
  changed(): void;
  /** An address went away without the cluster's doing. */
  gone(group: GroupName, by: "expiry" | "program"): void;
}

/** The kernel's part: addresses with a lifetime that ends by itself, a little late (safety.md 2). */
export class Kernel {
  readonly #clock: HostClock;
  readonly #chance: Chance;
  readonly #events: KernelEvents;
  readonly #held = new Map<GroupName, HeldAddress>();

  constructor(clock: HostClock, chance: Chance, events: KernelEvents) {
    this.#clock = clock;
    this.#chance = chance;
    this.#events = events;
  }

  find(group: GroupName): HeldAddress | undefined {
    return this.#held.get(group);
  }

  get all(): readonly HeldAddress[] {
    return [...this.#held.values()];
  }

  /** EEXIST is a success: what is there keeps its lifetime. */
  add(address: Omit<HeldAddress, "renewedAt">): void {
    const present = this.#held.get(address.group);
    if (present === undefined) {
      const held = { ...address, renewedAt: this.#clock.now() };
      this.#held.set(address.group, held);
      this.#expireWhenDue(held);
    } else {
      present.isMuted = address.isMuted;
    }
    this.#events.changed();
  }

  setMuted(group: GroupName, isMuted: boolean): boolean {
    const held = this.#held.get(group);
    if (held === undefined) return false;
    held.isMuted = isMuted;
    this.#events.changed();
    return true;
  }

  renew(group: GroupName, lifetimeS: number): "renewed" | "gone" {
    const held = this.#held.get(group);
    if (held === undefined) return "gone";
    held.renewedAt = this.#clock.now();
    held.lifetimeS = lifetimeS;
    return "renewed";
  }

  /** By the cluster: nobody is told. An address that is not there is a success. */
  remove(group: GroupName): void {
    if (this.#held.delete(group)) this.#events.changed();
  }

  /** By somebody else: `ip addr del` by hand, a network script. */
  removeByProgram(group: GroupName): boolean {
    if (!this.#held.delete(group)) return false;
    this.#events.changed();
    this.#events.gone(group, "program");
    return true;
  }

  #expireWhenDue(held: HeldAddress): void {
    const dueAt = held.renewedAt + held.lifetimeS * 1000;
    const renewedAt = held.renewedAt;
    const lateMs = this.#chance.between(0, EXPIRY_LATE_MS_MAX);
    this.#clock.at(dueAt + lateMs, () => {
      if (this.#held.get(held.group) !== held) return;
      if (held.renewedAt !== renewedAt) return this.#expireWhenDue(held);
      this.#held.delete(held.group);
      this.#events.changed();
      this.#events.gone(held.group, "expiry");
    });
  }
}

/** Measured: an expiry came up to 0.38 s late (safety.md 2). */
export const EXPIRY_LATE_MS_MAX = 400;
