import { assert } from "../base/assert.ts";
import { addressLifetimeMs } from "../config/lifetime.ts";
import type { AddressConfig } from "../config/types.ts";
import type { ResourceOperation, ResourceResult } from "../core/cluster/world.ts";
import type { RunningHost } from "./running-host.ts";

type Done = (result: ResourceResult) => void;

/**
 * What tandemd does to resources on a simulated machine: addresses by system calls that take effect
 * at once, scripts that take their time. Scripts outlive the daemon that started them.
 */
export class Operations {
  readonly #machine: RunningHost;
  readonly #isAlive: () => boolean;

  /** `isAlive`: the daemon whose operations these are. */
  constructor(machine: RunningHost, isAlive: () => boolean) {
    this.#machine = machine;
    this.#isAlive = isAlive;
  }

  begin(operation: ResourceOperation, done: Done): void {
    if (!this.#isAlive()) return;
    const groups = this.#machine.surroundings.config.groups;
    const groupIndex = groups.findIndex((group) => group.name === operation.group);
    const resource = groups[groupIndex]?.resources[operation.index];
    assert(resource !== undefined, `${operation.group} has a resource ${operation.index}`);
    if (resource.kind === "script") this.#script(operation, done);
    else this.#address(operation, { groupIndex, config: resource, done });
  }

  #script({ group, index, op }: ResourceOperation, done: Done): void {
    const service = this.#machine.services.get(`${group}/${index}`);
    assert(service !== undefined, "every script has its service");
    assert(op === "start" || op === "stop" || op === "status", `${op} is for addresses`);
    service.operate(op, done);
  }

  #address(
    operation: ResourceOperation,
    at: { groupIndex: number; config: AddressConfig; done: Done },
  ): void {
    const { clock, chance } = this.#machine;
    const ok = this.#perform(operation, at.groupIndex, at.config);
    const isThere = this.#machine.kernel.find(operation.group) !== undefined;
    const result: ResourceResult = {
      ok,
      state: isThere ? "running" : "stopped",
      detail: ok ? "" : `${operation.op}: the address is not there`,
    };
    clock.after(chance.between(SYSCALLS_MS_MIN, SYSCALLS_MS_MAX), () => at.done(result));
  }

  #perform({ group, op }: ResourceOperation, groupIndex: number, config: AddressConfig): boolean {
    const { kernel, host, surroundings } = this.#machine;
    switch (op) {
      case "start":
      case "start-mute":
        kernel.add({
          group,
          groupIndex,
          address: config.address,
          interface: host.interfaceOf(config),
          prefix: SERVICE_PREFIX,
          lifetimeS: addressLifetimeMs(surroundings.config.timers) / 1000,
          isMuted: op === "start-mute",
        });
        return true;
      case "stop":
        kernel.remove(group);
        return true;
      case "status":
        return true;
      case "mute":
        return kernel.setMuted(group, true);
      case "unmute":
        return kernel.setMuted(group, false);
      case "announce":
        return this.#announce({ group, config }, 0);
    }
  }

  /** Now, again shortly after, and slowly for ever (architecture.md 4). */
  #announce(
    what: { group: ResourceOperation["group"]; config: AddressConfig },
    times: number,
  ): boolean {
    const { kernel, host, surroundings, clock } = this.#machine;
    const held = kernel.find(what.group);
    if (held === undefined || held.isMuted || !this.#isAlive()) return false;
    const mac = host.macOf(held.interface);
    surroundings.network.announce(host.side, what.config.address, mac);
    const waitMs = ANNOUNCE_AGAIN_MS[times] ?? ANNOUNCE_SLOWLY_MS;
    clock.after(waitMs, () => this.#announce(what, times + 1));
    return true;
  }
}

/** The machine has the LAN's subnet already, so a service address is a /32 (safety.md 2). */
const SERVICE_PREFIX = 32;
const SYSCALLS_MS_MIN = 0.05;
const SYSCALLS_MS_MAX = 2;
const ANNOUNCE_AGAIN_MS: readonly number[] = [200, 800, 2_000];
const ANNOUNCE_SLOWLY_MS = 30_000;
