import { assert } from "../base/assert.ts";
import type { NodeName } from "../base/names.ts";
import type { AddressConfig } from "../config/types.ts";
import { Disk } from "./disk.ts";
import { RunningHost } from "./running-host.ts";
import type { ServiceMood } from "./service.ts";
import type { Origin, Side, Station } from "./station.ts";
import type { Surroundings } from "./surroundings.ts";

/** A machine, powered or not: what stays when the power goes, and how it meets the cables. */
export class Host implements Station {
  readonly name: NodeName;
  readonly side: Side;
  readonly disk: Disk = new Disk();
  /** What its wall clock shows beyond the truth. */
  wallOffsetMs = 0;
  /** After a pause so many questions by ARP are lost, or their answers: a path that has to wake up. */
  questionsLost = 0;
  #questionAt = Number.NEGATIVE_INFINITY;
  #questionsToLose = 0;
  /** The next renewal of an address takes so long: the processor is gone in the middle of it. */
  nextRenewalMs = 0;
  /** Does the operator (or the boot) want the cluster to run here? */
  isClusterWanted = true;
  /** By `group/index`: how its scripts behave. */
  readonly moods: Map<string, ServiceMood> = new Map();
  #running: RunningHost | undefined;
  readonly #surroundings: Surroundings;
  #boots = 0;

  constructor(name: NodeName, side: Side, surroundings: Surroundings) {
    this.name = name;
    this.side = side;
    this.#surroundings = surroundings;
  }

  /** Undefined without power. */
  get running(): RunningHost | undefined {
    return this.#running;
  }

  /** From `bootMs` on its services start. */
  powerOn(bootMs: number): void {
    if (this.#running !== undefined) return;
    this.#boots += 1;
    this.#running = new RunningHost(this, this.#surroundings, `${this.name}-boot-${this.#boots}`);
    this.#running.boot(bootMs);
    this.#surroundings.network.reviewCarriers();
    this.#surroundings.hears.changed();
  }

  /** Everything in RAM is lost, between two instructions. */
  powerCut(): void {
    if (this.#running === undefined) return;
    const ending = this.#running;
    this.#running = undefined;
    ending.end();
    this.#surroundings.network.reviewCarriers();
    this.#surroundings.hears.changed();
  }

  isPowered(): boolean {
    return this.#running !== undefined;
  }

  isAwake(): boolean {
    return this.#running !== undefined && !this.#running.clock.isFrozen;
  }

  hear(medium: string, bytes: Uint8Array, origin: Origin | undefined): void {
    if (this.isAwake()) this.#running?.pulse?.hear(medium, bytes, origin);
  }

  carrierChanged(interfaceName: string): void {
    this.#running?.carrierChanged(interfaceName);
    this.#surroundings.hears.changed();
  }

  /** It asks by ARP: is that question one of those that get lost? */
  losesQuestion(): boolean {
    const { now } = this.#surroundings.queue;
    if (now - this.#questionAt > PAUSE_MS) this.#questionsToLose = this.questionsLost;
    this.#questionAt = now;
    if (this.questionsLost === 0 || this.#questionsToLose === 0) return false;
    this.#questionsToLose -= 1;
    return true;
  }

  /** Locally administered, told apart by machine and interface. */
  macOf(interfaceName: string): string {
    const number = /\d+$/.exec(interfaceName)?.[0] ?? "0";
    return `02:00:00:00:0${this.side + 1}:${number.padStart(2, "0")}`;
  }

  /** The machine's own address on the LAN (product.md 1). */
  get ownAddress(): string {
    return `192.168.43.5${this.side + 1}`;
  }

  moodOf(key: string): ServiceMood {
    const mood = this.moods.get(key) ?? { start: "works", stop: "works" };
    this.moods.set(key, mood);
    return mood;
  }

  /** Who takes new connections for this address: it is there and not muted. */
  answersFor(address: string): boolean {
    return (
      this.isAwake() &&
      this.#running?.kernel.all.some((held) => held.address === address && !held.isMuted) === true
    );
  }

  /** The interface an address lives on: as written, else the LAN. */
  interfaceOf(address: AddressConfig): string {
    const name = address.interface ?? this.#surroundings.network.lan.name;
    assert(name !== "", "an interface has a name");
    return name;
  }
}

/** Longer than between a probe and the last look behind it (core/cluster/probing.ts). */
const PAUSE_MS = 2_000;
