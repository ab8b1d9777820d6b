import { assert } from "../base/assert.ts";
import type { GroupName } from "../base/names.ts";
import type { GroupConfig } from "../config/types.ts";
import { exclusivePlaces } from "../core/cluster/exclusive.ts";
import type { Boot, ClusterRecord, ServiceInterface } from "../core/cluster/world.ts";
import type { DaemonEnvironment, DaemonEvent } from "../daemon/environment.ts";
import type { Lease } from "../pulse/link.ts";
import type { Host } from "./host.ts";
import type { IpcLink } from "./ipc-link.ts";
import { Operations } from "./operations.ts";
import { runProbe } from "./probes.ts";
import { SimProcess } from "./process.ts";
import type { NodeProgram } from "./programs.ts";
import { type PulseHost, START_MS_MAX, START_MS_MIN } from "./pulse-host.ts";
import type { RunningHost } from "./running-host.ts";

/** One life of tandemd: its process, and what it asks of the machine. */
export class DaemonHost {
  readonly process: SimProcess<DaemonEvent>;
  /** The pulse that started it. */
  readonly parent: PulseHost;
  readonly #machine: RunningHost;
  readonly #link: IpcLink;
  readonly #operations: Operations;
  #node: NodeProgram | undefined;
  #isDiskKnownBad = false;
  #requests = 0;

  constructor(machine: RunningHost, parent: PulseHost, link: IpcLink) {
    this.#machine = machine;
    this.parent = parent;
    this.#link = link;
    this.#operations = new Operations(machine, () => !this.process.isDead);
    const { surroundings, host } = machine;
    this.process = new SimProcess<DaemonEvent>({
      clock: machine.clock,
      chance: machine.chance,
      startDelayMs: machine.chance.between(START_MS_MIN, START_MS_MAX),
      begin: () => this.#begin(),
      wake: { kind: "wake" },
      drained: { kind: "queues-drained" },
      crashed: (error) => surroundings.hears.crashed(host.name, "daemon", error),
      ended: ({ code, signal }) => {
        const gone = { kind: "daemon-gone", code, signal } as const;
        link.close("pulse", () => parent.process.deliver(gone));
      },
    });
  }

  /** Undefined before it has started. */
  get node(): NodeProgram | undefined {
    return this.#node;
  }

  request(request: Extract<DaemonEvent, { kind: "request" }>["request"]): void {
    this.#requests += 1;
    this.process.deliver({ kind: "request", id: this.#requests, request });
  }

  carrierChanged(interfaceName: string): void {
    for (const group of this.#machine.surroundings.config.groups) {
      if (this.#interfaceOf(group) === interfaceName) this.#sayFace(group);
    }
  }

  #begin(): NodeProgram {
    const { surroundings } = this.#machine;
    const node = surroundings.programs.node(this.#environment());
    this.#node = node;
    this.#configurePulse();
    // The queue of the pipe may hold the pulse's words already: boot goes first of all.
    node.handle({ kind: "boot", boot: this.#boot() });
    for (const group of surroundings.config.groups) this.#sayFace(group);
    return node;
  }

  /** The pulse reads no file: tandemd tells it what the files say, first of all. */
  #configurePulse(): void {
    const { surroundings, host } = this.#machine;
    const { nodes, timers, media, pings, groups, ...config } = surroundings.config;
    const { keys, hopfudge, msgfmt, realtime } = config;
    const settings = {
      ...{ self: host.name, nodes, timers, media, pings, keys, hopfudge, msgfmt, realtime },
      exclusive: exclusivePlaces(groups),
      uuid: uuidOf(host),
      storedGeneration: host.disk.generation,
      pinned: undefined,
    };
    this.#link.toPulse({ kind: "configure", settings }, (message) =>
      this.parent.process.deliver({ kind: "from-daemon", message }),
    );
  }

  #boot(): Boot {
    const { surroundings, host, bootId, kernel, chance, run } = this.#machine;
    return {
      self: host.name,
      config: surroundings.config,
      bootId,
      record: parseRecord(run.cluster ?? host.disk.text),
      present: kernel.all.map((held) => ({ group: held.group, finiteLifetime: true })),
      uuid: uuidOf(host),
      seed: chance.integer(0, 0xffffffff),
      wallSeconds: Math.floor(this.#machine.wallMs() / 1000),
    };
  }

  #environment(): DaemonEnvironment {
    const machine = this.#machine;
    const { surroundings, host } = machine;
    const { hears, queue } = surroundings;
    return {
      now: () => machine.clock.now(),
      wallSeconds: () => Math.floor(machine.wallMs() / 1000),
      wakeAt: (at) => this.process.wakeAt(at),
      afterQueues: () => this.process.askDrained(),
      toPulse: (message) =>
        this.#link.toPulse(message, (arrived) =>
          this.parent.process.deliver({ kind: "from-daemon", message: arrived }),
        ),
      operate: (id, operation) =>
        this.#operations.begin(operation, (result) =>
          this.process.deliver({ kind: "resource-done", id, result }),
        ),
      probe: (id, probe) =>
        runProbe(machine, this.process, probe, (result) =>
          this.process.deliver({ kind: "probe-done", id, result }),
        ),
      leasesOf: (group, epoch) => this.#leasesOf(group, epoch),
      writeRecord: (record) => this.#writeRecord(record),
      log: (level, text) => {
        if (!this.process.isDead) hears.log({ at: queue.now, host: host.name, level, text });
      },
      answer: (id, answer) => hears.answered(host.name, id, answer),
      changed: () => {},
      exit: (code) => this.process.end({ code }),
    };
  }

  #leasesOf(group: GroupName, epoch: number): readonly Lease[] {
    const held = this.#machine.kernel.find(group);
    if (held === undefined) return [];
    const { groupIndex, address, prefix, lifetimeS, renewedAt } = held;
    const where = { interface: held.interface, broadcast: undefined, label: undefined };
    return [{ group, groupIndex, address, prefix, lifetimeS, renewedAt, epoch, ...where }];
  }

  #writeRecord(record: ClusterRecord): void {
    if (this.process.isDead) return;
    const { run, host, clock, chance } = this.#machine;
    const text = JSON.stringify(record);
    run.cluster = text;
    host.disk.write(text, clock, chance, (ok) => {
      if (ok !== this.#isDiskKnownBad) return;
      this.#isDiskKnownBad = !ok;
      this.process.deliver({ kind: "disk", ok, detail: ok ? "" : "EIO: i/o error, write" });
    });
  }

  #interfaceOf(group: GroupConfig): string | undefined {
    const address = group.resources.find((resource) => resource.kind === "address");
    return address === undefined ? undefined : this.#machine.host.interfaceOf(address);
  }

  #sayFace(group: GroupConfig): void {
    const name = this.#interfaceOf(group);
    if (name === undefined) return;
    const { clock, chance } = this.#machine;
    clock.after(chance.between(0.1, 2), () => {
      const face = this.#faceOf(name);
      this.process.deliver({ kind: "service-interface", group: group.name, face });
    });
  }

  #faceOf(name: string): ServiceInterface {
    const { host, surroundings } = this.#machine;
    const segment = surroundings.network.segment(name);
    assert(segment !== undefined, `the world has an interface ${name}`);
    return {
      interface: name,
      carrier: segment.hasCarrier(host.side),
      ownAddress: host.ownAddress,
      machineMacs: surroundings.network.segments.map((other) => host.macOf(other.name)),
    };
  }
}

function uuidOf(host: Host): string {
  return `${host.side + 1}`.repeat(32);
}

function parseRecord(text: string | undefined): ClusterRecord | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as ClusterRecord);
}
