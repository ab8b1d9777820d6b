import { assert } from "../base/assert.ts";
import type { ClusterConfig } from "../config/types.ts";
import { Chance } from "./chance.ts";
import { EventQueue } from "./event-queue.ts";
import { Host } from "./host.ts";
import { Network } from "./network.ts";
import type { Programs } from "./programs.ts";
import { Segment } from "./segment.ts";
import { SerialLine } from "./serial-line.ts";
import { SIDES, type Side } from "./station.ts";
import type { Observer } from "./surroundings.ts";

export interface WorldOptions {
  readonly config: ClusterConfig;
  readonly programs: Programs;
  readonly seed: number;
  /** Every duration its middle: for stories. */
  readonly isSteady?: boolean;
  /** Does a machine without power take the crossover's carrier away from the other? */
  readonly carrierFollowsPower: boolean;
  readonly observers: readonly Observer[];
}

/**
 * Two machines, their cables and a client, in virtual time: the story of product.md 1 as a world.
 * The machines are without power until somebody gives it to them.
 */
export class World {
  readonly queue: EventQueue = new EventQueue();
  readonly config: ClusterConfig;
  readonly network: Network;
  readonly hosts: readonly [Host, Host];
  /** For those who play in this world; what the world itself draws has generators of its own. */
  readonly chance: Chance;
  readonly #hears: Observer;

  constructor(options: WorldOptions) {
    const chance = new Chance(options.seed, { isSteady: options.isSteady === true });
    this.#hears = all(options.observers);
    this.config = options.config;
    this.chance = chance.fork();
    this.network = buildNetwork(options, this.queue, chance.fork());
    const surroundings = {
      queue: this.queue,
      chance: chance.fork(),
      config: options.config,
      network: this.network,
      programs: options.programs,
      hears: this.#hears,
      hostAt: (side: Side) => this.hosts[side],
    };
    const [first, second] = options.config.nodes;
    assert(first !== undefined && second !== undefined, "the world is made for two nodes");
    this.hosts = [new Host(first, 0, surroundings), new Host(second, 1, surroundings)];
    this.network.connect(this.hosts);
  }

  get now(): number {
    return this.queue.now;
  }

  host(name: string): Host | undefined {
    return this.hosts.find((host) => host.name === name || host.name.split(".")[0] === name);
  }

  /** Lives on until that time, or until somebody has seen enough. */
  runUntil(time: number, isEnough: () => boolean = () => false): void {
    while (!isEnough() && this.queue.stepUntil(time));
  }

  /** Something was done to the world from outside: those who watch look again. */
  disturbed(): void {
    this.#hears.changed();
  }

  /** Could a message from this machine's media reach the other's? */
  carriesBeats(from: Side): boolean {
    return this.network.carriesBeats(from, this.config.media);
  }

  /** Can each machine see the other's answers to ARP somewhere, loss or no loss? */
  get seesArp(): boolean {
    return this.network.segments.some((segment) =>
      SIDES.every(
        (side) =>
          segment.carries(side, side === 0 ? 1 : 0) &&
          segment.ways[side].loss <= ARP_LOSS_MAX &&
          segment.ways[side].jitterMs <= ARP_JITTER_MS_MAX,
      ),
    );
  }
}

/** Three questions and answers, all lost: less than one probe in a thousand. */
const ARP_LOSS_MAX = 0.05;
/** An answer that is later than this belongs to no try. */
const ARP_JITTER_MS_MAX = 40;

function buildNetwork(options: WorldOptions, queue: EventQueue, chance: Chance): Network {
  const { carrierFollowsPower } = options;
  const part = (): { queue: EventQueue; chance: Chance } => ({ queue, chance: chance.fork() });
  const lan = new Segment({ name: "eth0", kind: "lan", carrierFollowsPower: false, ...part() });
  const crossover = new Segment({
    name: "eth1",
    kind: "crossover",
    carrierFollowsPower,
    ...part(),
  });
  const serials = options.config.media.flatMap((medium) =>
    medium.kind === "serial"
      ? [new SerialLine({ name: medium.name, baud: medium.baud, ...part() })]
      : [],
  );
  return new Network({ lan, segments: [lan, crossover], serials });
}

function all(observers: readonly Observer[]): Observer {
  const each = (tell: (observer: Observer) => void): void => observers.forEach(tell);
  return {
    log: (line) => each((observer) => observer.log(line)),
    changed: () => each((observer) => observer.changed()),
    heard: (side, sentAt) => each((observer) => observer.heard(side, sentAt)),
    crashed: (host, process, error) => each((observer) => observer.crashed(host, process, error)),
    answered: (host, id, answer) => each((observer) => observer.answered(host, id, answer)),
  };
}
