import type { Chance } from "./chance.ts";
import type { EventQueue } from "./event-queue.ts";
import { isUpkeep, type Origin, otherSide, SIDES, type Side, type Station } from "./station.ts";
import { arrivalsOf, healthyWay, USUAL_JITTER_MS, type Way } from "./way.ts";

export interface SegmentOptions {
  /** Interface name on both machines: the medium's name too. */
  readonly name: string;
  /** A crossover is one cable; at a switch each machine has its own. */
  readonly kind: "lan" | "crossover";
  /** Crossover: a machine without power takes the carrier of the other away. Not so over a bridge. */
  readonly carrierFollowsPower: boolean;
  readonly queue: EventQueue;
  readonly chance: Chance;
}

/**
 * An Ethernet segment between the two machines: broadcasts with the fate of their direction, one's
 * own broadcast heard back, carrier, and whether ARP gets through.
 */
export class Segment {
  readonly name: string;
  readonly kind: "lan" | "crossover";
  /** From zeus to hera, and from hera to zeus. */
  readonly ways: readonly [Way, Way] = [healthyWay(), healthyWay()];
  /** The last frames that passed, for whoever wants to replay them. */
  readonly overheard: Uint8Array[] = [];
  readonly #plugged: [boolean, boolean] = [true, true];
  #isSplit = false;
  readonly #lastArrival: [number, number] = [0, 0];
  readonly #carrierFollowsPower: boolean;
  readonly #queue: EventQueue;
  readonly #chance: Chance;
  #stations: readonly [Station, Station] | undefined;

  constructor(options: SegmentOptions) {
    this.name = options.name;
    this.kind = options.kind;
    this.#carrierFollowsPower = options.carrierFollowsPower;
    this.#queue = options.queue;
    this.#chance = options.chance;
  }

  connect(stations: readonly [Station, Station]): void {
    this.#stations = stations;
  }

  /** A broadcast by one machine, or what `sending` makes of it. */
  transmit(from: Side, bytes: Uint8Array, sending: Sending = BROADCAST): void {
    if (!this.hasCarrier(from)) return;
    this.#remember(bytes);
    const sent = { bytes, medium: sending.medium ?? this.name };
    const origin = { side: from, sentAt: this.#queue.now, pieces: 1, isUpkeep: isUpkeep(bytes) };
    if (sending.comesBack) this.#deliver(from, OWN_BROADCAST_MS, sent, origin);
    const to = otherSide(from);
    if (!this.#isWired(from, to)) return;
    const way = this.ways[from];
    for (const ms of arrivalsOf(way, this.#chance)) {
      const inOrderMs = Math.max(ms, this.#lastArrival[from] + IN_ORDER_MS - this.#queue.now);
      // A switch keeps the order of frames; what shakes a medium beyond its usual does not.
      const afterMs = way.jitterMs > USUAL_JITTER_MS ? ms : inOrderMs;
      this.#lastArrival[from] = this.#queue.now + afterMs;
      this.#deliver(to, afterMs, sent, origin);
    }
  }

  /** A frame from nowhere: noise, a forger, a replay. */
  inject(to: Side, bytes: Uint8Array): void {
    if (this.hasCarrier(to)) this.#deliver(to, 0, { bytes, medium: this.name }, undefined);
  }

  hasCarrier(side: Side): boolean {
    const here = this.#stations?.[side];
    if (here === undefined || !here.isPowered()) return false;
    if (this.kind === "lan") return this.#plugged[side];
    const there = this.#stations?.[otherSide(side)];
    const isLit = !this.#carrierFollowsPower || there?.isPowered() === true;
    return this.#plugged[0] && this.#plugged[1] && isLit;
  }

  /** Does a frame get from one machine to the other (leaving loss aside)? */
  carries(from: Side, to: Side): boolean {
    return this.#isWired(from, to) && !this.ways[from].isCut;
  }

  /** Do heartbeats? */
  carriesBeats(from: Side): boolean {
    return this.carries(from, otherSide(from)) && !this.ways[from].isBlocked;
  }

  /** One ARP question and its answer, with the dice of both directions. */
  arpPasses(asker: Side): boolean {
    const other = otherSide(asker);
    return (
      this.carries(asker, other) &&
      this.carries(other, asker) &&
      this.#stations?.[other].isAwake() === true &&
      !this.#chance.happens(this.ways[asker].loss) &&
      !this.#chance.happens(this.ways[other].loss)
    );
  }

  isPlugged(side: Side): boolean {
    return this.#plugged[side];
  }

  /** Pulls or plugs a cable; a crossover has only one. */
  plug(side: Side, isPlugged: boolean): void {
    if (this.kind === "lan") this.#plugged[side] = isPlugged;
    else this.#plugged.fill(isPlugged);
    this.reviewCarrier();
  }

  get isSplit(): boolean {
    return this.#isSplit;
  }

  /** Two switches whose uplink broke: carrier on both machines, and no way between them. */
  split(isSplit: boolean): void {
    this.#isSplit = isSplit;
  }

  /** After power came or went somewhere. */
  reviewCarrier(): void {
    for (const side of SIDES) this.#stations?.[side].carrierChanged(this.name);
  }

  #isWired(from: Side, to: Side): boolean {
    return this.hasCarrier(from) && this.hasCarrier(to) && !this.#isSplit;
  }

  #deliver(to: Side, ms: number, sent: Datagram, origin: Origin | undefined): void {
    const { medium, bytes } = sent;
    this.#queue.after(ms, () => this.#stations?.[to].hear(medium, bytes, origin));
  }

  #remember(bytes: Uint8Array): void {
    if (this.overheard.length >= OVERHEARD_MAX) this.overheard.shift();
    this.overheard.push(bytes);
  }
}

/** How a datagram is sent. */
export interface Sending {
  /** Whose socket takes it over there; undefined: the one that is called like the interface. */
  readonly medium: string | undefined;
  /** Its own sender hears it too: a broadcast, or a multicast with loop. */
  readonly comesBack: boolean;
}

interface Datagram {
  readonly medium: string;
  readonly bytes: Uint8Array;
}

const BROADCAST: Sending = { medium: undefined, comesBack: true };
/** The kernel hands a broadcast back to the sockets of its own machine. */
const OWN_BROADCAST_MS = 0.03;
const IN_ORDER_MS = 0.01;
/** Enough for a replay of the last minute or so. */
const OVERHEARD_MAX = 64;
