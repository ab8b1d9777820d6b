import type { PulseRecord } from "../pulse/environment.ts";
import type { Chance } from "./chance.ts";
import { DaemonHost } from "./daemon-host.ts";
import type { Host } from "./host.ts";
import { HostClock } from "./host-clock.ts";
import type { IpcLink } from "./ipc-link.ts";
import { Kernel } from "./kernel.ts";
import { PulseHost } from "./pulse-host.ts";
import { SimService } from "./service.ts";
import { otherSide } from "./station.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * A machine from power-on to power cut: its clock, kernel, /run, services and our two processes,
 * with a service manager that starts the pulse again whenever it ends unasked.
 */
export class RunningHost {
  readonly host: Host;
  readonly surroundings: Surroundings;
  readonly bootId: string;
  readonly clock: HostClock;
  readonly chance: Chance;
  readonly kernel: Kernel;
  /** By `group/index`. */
  readonly services: ReadonlyMap<string, SimService>;
  /** /run: lives as long as the power. Records are kept as text, as they are there. */
  readonly run: { pulse: PulseRecord | undefined; cluster: string | undefined } = {
    pulse: undefined,
    cluster: undefined,
  };
  #pulse: PulseHost | undefined;
  #daemon: DaemonHost | undefined;
  #isStopAsked = false;

  constructor(host: Host, surroundings: Surroundings, bootId: string) {
    this.host = host;
    this.surroundings = surroundings;
    this.bootId = bootId;
    this.clock = new HostClock(surroundings.queue);
    this.chance = surroundings.chance.fork();
    this.kernel = new Kernel(this.clock, this.chance, {
      changed: () => surroundings.hears.changed(),
      gone: (group, by) => this.#daemon?.process.deliver({ kind: "address-gone", group, by }),
    });
    this.services = this.#makeServices();
  }

  get pulse(): PulseHost | undefined {
    return this.#pulse;
  }

  get daemon(): DaemonHost | undefined {
    return this.#daemon;
  }

  get peer(): Host {
    return this.surroundings.hostAt(otherSide(this.host.side));
  }

  /** Both processes take part in life. */
  get isWell(): boolean {
    return this.#pulse?.process.isRunning === true && this.#daemon?.process.isRunning === true;
  }

  /** Asked to stop and not there yet. */
  get isStopping(): boolean {
    return this.#isStopAsked && this.#pulse !== undefined;
  }

  boot(bootMs: number): void {
    this.clock.after(bootMs, () => {
      if (this.host.isClusterWanted) this.startCluster();
    });
  }

  /** `systemctl start tandem` */
  startCluster(): void {
    this.#isStopAsked = false;
    if (this.#pulse === undefined) this.#startPulse();
  }

  /** `systemctl stop tandem`: SIGTERM to the main process, SIGKILL when that does not help. */
  stopCluster(): void {
    this.#isStopAsked = true;
    const pulse = this.#pulse;
    if (pulse === undefined) return;
    pulse.process.deliver({ kind: "stop" });
    this.clock.after(STOP_TIMEOUT_MS, () => {
      pulse.process.end({ signal: "SIGKILL" });
    });
  }

  startDaemon(pulse: PulseHost, link: IpcLink): void {
    this.#daemon = new DaemonHost(this, pulse, link);
  }

  /** What is left of an earlier pulse's child is ended before there is a new one. */
  endDaemon(): void {
    this.#daemon?.process.end({ signal: "SIGKILL" });
  }

  carrierChanged(interfaceName: string): void {
    this.#pulse?.carrierChanged(interfaceName);
    this.#daemon?.carrierChanged(interfaceName);
  }

  wallMs(): number {
    return WORLD_BEGAN_MS + this.surroundings.queue.now + this.host.wallOffsetMs;
  }

  end(): void {
    this.clock.end();
  }

  #startPulse(): void {
    const pulse = new PulseHost(this, () => {
      if (this.#pulse !== pulse) return;
      this.#pulse = undefined;
      this.surroundings.hears.changed();
      this.clock.after(RESTART_MS, () => {
        const isWanted = !this.#isStopAsked && this.#pulse === undefined;
        if (isWanted) this.#startPulse();
      });
    });
    this.#pulse = pulse;
  }

  #makeServices(): ReadonlyMap<string, SimService> {
    const services = new Map<string, SimService>();
    for (const group of this.surroundings.config.groups) {
      group.resources.forEach((resource, index) => {
        if (resource.kind !== "script") return;
        const key = `${group.name}/${index}`;
        const mood = this.host.moodOf(key);
        const changed = (): void => this.surroundings.hears.changed();
        services.set(
          key,
          new SimService({ clock: this.clock, chance: this.chance, mood, changed }),
        );
      });
    }
    return services;
  }
}

/** RestartSec of the unit (safety.md 1). */
const RESTART_MS = 100;
/** TimeoutStopSec: beyond the sum of the stop deadlines (safety.md 9). */
const STOP_TIMEOUT_MS = 150_000;
/** The wall clock of a world begins in autumn 2026. */
const WORLD_BEGAN_MS = 1_795_000_000_000;
