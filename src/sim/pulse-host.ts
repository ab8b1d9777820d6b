import { mediumName } from "../base/names.ts";
import type { MediumConfig } from "../config/types.ts";
import type { PulseEnvironment, PulseEvent, PulseRecord } from "../pulse/environment.ts";
import type { Lease } from "../pulse/link.ts";
import { IpcLink } from "./ipc-link.ts";
import { cableOf } from "./network.ts";
import { SimProcess } from "./process.ts";
import type { RunningHost } from "./running-host.ts";
import { type Origin, otherSide } from "./station.ts";

/** One life of the pulse: its process, its open media, its link to the child it started. */
export class PulseHost {
  readonly process: SimProcess<PulseEvent>;
  readonly #machine: RunningHost;
  #link: IpcLink | undefined;
  /** Open media with what was last said about each. */
  readonly #media = new Map<string, { config: MediumConfig; said: boolean | undefined }>();
  /** Of the message that is coming in on a medium, how much is here. */
  readonly #arriving = new Map<string, { origin: Origin; pieces: number }>();

  constructor(machine: RunningHost, ended: () => void) {
    this.#machine = machine;
    const { surroundings, host } = machine;
    this.process = new SimProcess<PulseEvent>({
      clock: machine.clock,
      chance: machine.chance,
      startDelayMs: machine.chance.between(START_MS_MIN, START_MS_MAX),
      begin: () => {
        const program = surroundings.programs.pulse(this.#environment());
        this.process.deliver({ kind: "start" });
        return program;
      },
      wake: { kind: "wake" },
      drained: { kind: "queues-drained" },
      crashed: (error) => surroundings.hears.crashed(host.name, "pulse", error),
      ended: () => {
        const daemon = machine.daemon;
        this.#link?.close("daemon", () => daemon?.process.deliver({ kind: "pulse-gone" }));
        ended();
      },
    });
  }

  hear(medium: string, bytes: Uint8Array, origin: Origin | undefined): void {
    if (!this.#media.has(medium)) return;
    const event: PulseEvent = { kind: "bytes", medium: mediumName(medium), bytes };
    this.process.deliverFromSocket(event, bytes.length);
    const { host, surroundings } = this.#machine;
    if (origin?.side !== otherSide(host.side) || !this.#isWhole(medium, origin)) return;
    if (origin.isUpkeep) return;
    surroundings.hears.heard(host.side, origin.sentAt);
  }

  /** The half of a message, from before a cable was plugged or this pulse was started, says nothing. */
  #isWhole(medium: string, origin: Origin): boolean {
    const before = this.#arriving.get(medium);
    const pieces = before?.origin === origin ? before.pieces + 1 : 1;
    this.#arriving.set(medium, { origin, pieces });
    return pieces === origin.pieces;
  }

  carrierChanged(interfaceName: string): void {
    for (const { config } of this.#media.values())
      if (cableOf(config) === interfaceName) this.#sayMedium(config.name);
  }

  #environment(): PulseEnvironment {
    const machine = this.#machine;
    const { surroundings, host } = machine;
    return {
      now: () => machine.clock.now(),
      wallSeconds: () => Math.floor(machine.wallMs() / 1000),
      loadAverage: () => "0.08 0.03 0.01 1/123 456",
      freshSession: () => machine.chance.integer(0, 0xffffffff).toString(16).padStart(8, "0"),
      bootId: () => machine.bootId,
      wakeAt: (at) => this.process.wakeAt(at),
      afterQueues: () => this.process.askDrained(),
      openMedia: (media) => this.#openMedia(media),
      openPings: () => {},
      ping: (node, bytes) => this.#ping(node, bytes),
      isBusy: (medium) => {
        const { host, surroundings } = this.#machine;
        return surroundings.network.serial(medium)?.isBusy(host.side) ?? false;
      },
      transmit: (medium, bytes, { mayDrop }) => this.#transmit(medium, bytes, mayDrop),
      renewAddress: (lease) => this.#whileAlive(() => this.#renew(lease), "failed"),
      deleteAddress: (lease) =>
        this.#whileAlive(() => machine.kernel.remove(lease.group), undefined),
      toDaemon: (message) => {
        const daemon = machine.daemon;
        // As tandemd does on hearing it; a disk of this size is not what is being tried here.
        if (message.kind === "hello") host.disk.generation = message.generation;
        this.#link?.toDaemon(message, (arrived) =>
          daemon?.process.deliver({ kind: "from-pulse", message: arrived }),
        );
      },
      startDaemon: () => this.#startDaemon(),
      killDaemon: () => this.#whileAlive(() => this.#killDaemon(), undefined),
      loadRecord: () => machine.run.pulse,
      saveRecord: (record) => this.#saveRecord(record),
      requestRealtime: (wanted) => (wanted ? "SCHED_RR 10" : "not wanted"),
      alive: () => {},
      log: (level, text) =>
        this.#whileAlive(
          () =>
            surroundings.hears.log({ at: surroundings.queue.now, host: host.name, level, text }),
          undefined,
        ),
      exit: (code) => this.process.end({ code }),
    };
  }

  /** A call of a process that has ended does nothing: it is not there to call. */
  #whileAlive<T>(run: () => T, otherwise: T): T {
    return this.process.isDead ? otherwise : run();
  }

  #openMedia(media: readonly MediumConfig[]): void {
    if (this.process.isDead) return;
    this.#media.clear();
    for (const config of media) {
      this.#media.set(config.name, { config, said: undefined });
      this.#sayMedium(config.name);
    }
  }

  #sayMedium(name: string): void {
    const { clock, chance } = this.#machine;
    clock.after(chance.between(0.1, 2), () => {
      const medium = this.#media.get(name);
      if (medium === undefined || this.process.isDead) return;
      const usable = this.#isUsable(medium.config);
      if (usable === medium.said) return;
      medium.said = usable;
      const detail = usable ? "" : "no carrier";
      this.process.deliver({ kind: "medium", medium: mediumName(name), usable, detail });
    });
  }

  #isUsable(config: MediumConfig): boolean {
    const { network } = this.#machine.surroundings;
    if (config.kind === "serial") return network.serial(config.name) !== undefined;
    return network.segment(config.interface)?.hasCarrier(this.#machine.host.side) === true;
  }

  #transmit(medium: string, bytes: Uint8Array, mayDrop: boolean): void {
    const config = this.#media.get(medium)?.config;
    if (this.process.isDead || config === undefined) return;
    const { network } = this.#machine.surroundings;
    const side = this.#machine.host.side;
    if (config.kind === "serial") network.serial(medium)?.transmit(side, bytes, mayDrop);
    else {
      const comesBack = config.kind === "bcast" || ("loop" in config && config.loop);
      network.segment(config.interface)?.transmit(side, bytes, { medium, comesBack });
    }
  }

  #ping(node: string, bytes: Uint8Array): void {
    const { clock, chance, surroundings, host } = this.#machine;
    const { network } = surroundings;
    if (this.process.isDead || !network.pingNodeAnswers(node, host.side)) return;
    if (network.losesPing(chance)) return;
    clock.after(PING_MS, () => {
      if (!network.pingNodeAnswers(node, host.side)) return;
      this.process.deliverFromSocket({ kind: "pong", node, bytes }, bytes.length);
    });
  }

  #renew(lease: Lease): "renewed" | "gone" | "failed" {
    const { host, kernel, surroundings } = this.#machine;
    const ms = host.nextRenewalMs;
    host.nextRenewalMs = 0;
    if (ms > 0) this.process.passTime(ms, () => surroundings.queue.stepUntil(Infinity));
    return kernel.renew(lease.group, lease.lifetimeS);
  }

  #startDaemon(): void {
    if (this.process.isDead) return;
    this.#machine.endDaemon();
    this.#link = new IpcLink(this.#machine.clock, this.#machine.chance);
    this.#machine.startDaemon(this, this.#link);
  }

  #killDaemon(): void {
    const daemon = this.#machine.daemon;
    if (daemon?.parent === this) daemon.process.end({ signal: "SIGKILL" });
  }

  #saveRecord(record: PulseRecord | undefined): void {
    if (this.process.isDead) return;
    this.#machine.run.pulse = record === undefined ? undefined : { ...record };
  }
}

/** To a host at the same switch and back. */
const PING_MS = 0.5;

/** A Node process starts within 80-120 ms here, later on a busy machine (platform.md 4). */
export const START_MS_MIN = 80;
export const START_MS_MAX = 300;
