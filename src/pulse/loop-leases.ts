import type { GroupName } from "../base/names.ts";
import { isTooLate } from "../core/channel/lease.ts";
import type { Claim } from "../core/claim.ts";
import type { PulseEnvironment } from "./environment.ts";
import type { Lease } from "./link.ts";

/** The addresses that live only as long as the pulse renews them. */
export class LeaseKeeper {
  readonly #env: PulseEnvironment;
  readonly #lost: (lost: LostGroup) => void;
  #leases: readonly Lease[] = [];
  /** Of these it is already said that they are not on the machine. */
  readonly #missing = new Set<string>();

  constructor(env: PulseEnvironment, lost: (lost: LostGroup) => void) {
    this.#env = env;
    this.#lost = lost;
  }

  get leases(): readonly Lease[] {
    return this.#leases;
  }

  /** The whole list from now on. Our own knowledge of a renewal may be newer than tandemd's. */
  hold(leases: readonly Lease[]): void {
    this.#leases = leases.map((lease) => {
      const known = this.#leases.find((old) => keyOf(old) === keyOf(lease));
      const renewedAt = Math.max(lease.renewedAt, known?.renewedAt ?? -Infinity);
      return { ...lease, renewedAt };
    });
  }

  /** Check, renew, check: the kernel would create an expired address anew (safety.md 2). */
  renewAll(): void {
    for (const lease of this.#leases) {
      if (this.#leases.includes(lease)) this.#renew(lease);
    }
  }

  /** After we slept: what must not be renewed any more goes before anything else is done. */
  dropExpired(): void {
    const now = this.#env.now();
    this.#dropGroupsOf(
      this.#leases.filter((lease) => isTooLate(lease, now)),
      "the last renewal is too long ago",
    );
  }

  /** A verified higher claim of the peer. */
  yieldTo(claims: readonly { groupIndex: number; claim: Claim }[], node: string): void {
    for (const { groupIndex, claim } of claims) {
      const beaten = this.#leases.filter(
        (lease) => lease.groupIndex === groupIndex && lease.epoch < claim.epoch,
      );
      this.#dropGroupsOf(beaten, `${node} owns it under the higher epoch ${claim.epoch}`);
    }
  }

  dropAll(why: string): void {
    this.#dropGroupsOf(this.#leases, why);
  }

  #renew(lease: Lease): void {
    const before = this.#env.now();
    if (isTooLate(lease, before)) {
      this.#dropGroupsOf([lease], "the last renewal is too long ago");
      return;
    }
    const result = this.#env.renewAddress(lease);
    if (isTooLate(lease, this.#env.now())) {
      this.#dropGroupsOf([lease], "a renewal took too long");
      return;
    }
    this.#note(lease, result);
    if (result !== "renewed") return;
    this.#leases = this.#leases.map((other) =>
      other === lease ? { ...lease, renewedAt: before } : other,
    );
  }

  /**
   * An address that is not there, or that the kernel refuses to renew, is tried again at each tick as
   * long as the lease stands: tandemd sees a deletion too, and puts the address back.
   */
  #note(lease: Lease, result: "renewed" | "gone" | "failed"): void {
    const key = keyOf(lease);
    if (result === "renewed") {
      this.#missing.delete(key);
      return;
    }
    if (this.#missing.has(key)) return;
    this.#missing.add(key);
    const what = result === "gone" ? "is not there any more" : "could not be renewed";
    this.#env.log("WARN", `address ${lease.address} on ${lease.interface} ${what}`);
  }

  /** A group with one of its addresses gone is not served any more: the others go too. */
  #dropGroupsOf(leases: readonly Lease[], why: string): void {
    for (const group of new Set(leases.map((lease) => lease.group))) {
      const dropped = this.#leases.filter((lease) => lease.group === group);
      const [first] = dropped;
      if (first === undefined) continue;
      for (const lease of dropped) {
        this.#env.deleteAddress(lease);
        this.#missing.delete(keyOf(lease));
      }
      this.#leases = this.#leases.filter((lease) => lease.group !== group);
      this.#lost({ group, groupIndex: first.groupIndex, why });
    }
  }
}

export interface LostGroup {
  readonly group: GroupName;
  readonly groupIndex: number;
  readonly why: string;
}

function keyOf(lease: Lease): string {
  return `${lease.interface} ${lease.address}`;
}
