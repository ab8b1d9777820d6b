import { assert } from "../base/assert.ts";
import type { GroupName } from "../base/names.ts";
import { addressLifetimeMs } from "../config/lifetime.ts";
import type { AddressConfig, ClusterConfig, GroupConfig, ScriptConfig } from "../config/types.ts";
import type { ResourceOperation, ResourceResult } from "../core/cluster/world.ts";
import { lookUpScript } from "../inspect/resource-lookup.ts";
import type { Lease } from "../pulse/link.ts";
import { type Face, ServiceAddress, type Step } from "../resources/address.ts";
import { type AddressKernel, KERNEL } from "../resources/address-kernel.ts";
import { LsbScript } from "../resources/lsb.ts";
import { MissingResource } from "../resources/missing.ts";
import { MuteList } from "../resources/mute-list.ts";
import type { Resource } from "../resources/resource.ts";
import { SystemdUnit } from "../resources/systemd.ts";
import { orderUnitsBehindUs } from "../resources/systemd-order.ts";
import { isMachineStopping } from "../resources/systemd-state.ts";

/** What is asked of the machine beside its scripts; tests put their own here. */
export interface Machine {
  readonly kernel: AddressKernel;
  readonly isStopping: () => Promise<boolean>;
}

/** The groups of haresources as things on this machine. One operation at a time for each resource. */
export class GroupResources {
  readonly #configDir: string;
  readonly #config: ClusterConfig;
  readonly #kernel: AddressKernel;
  readonly #isMachineStopping: () => Promise<boolean>;
  readonly #mutes: MuteList;
  readonly #addresses = new Map<string, ServiceAddress>();
  /** The end of the last operation of each resource. */
  readonly #tails = new Map<string, Promise<unknown>>();

  constructor(config: ClusterConfig, configDir: string, machine: Partial<Machine> = {}) {
    const { kernel = KERNEL } = machine;
    this.#config = config;
    this.#configDir = configDir;
    this.#kernel = kernel;
    this.#isMachineStopping = machine.isStopping ?? isMachineStopping;
    this.#mutes = new MuteList(kernel);
    const shared = {
      lifetimeS: addressLifetimeMs(config.timers) / 1000,
      service: this.serviceAddresses(),
      mutes: this.#mutes,
      kernel,
    };
    for (const { group, index, address } of this.#eachAddress()) {
      this.#addresses.set(
        keyOf(group.name, index),
        new ServiceAddress({ config: address, ...shared }),
      );
    }
  }

  /** All addresses that the cluster moves. */
  serviceAddresses(): readonly string[] {
    return [...this.#eachAddress()].map(({ address }) => address.address);
  }

  /** The groups that an address belongs to: one, unless haresources is odd. */
  groupsWith(address: string): readonly GroupName[] {
    const found = [...this.#eachAddress()].filter((one) => one.address.address === address);
    return found.map(({ group }) => group.name);
  }

  /** Groups with an address on the machine at the start; adopted are only those with all of them, finite. */
  present(): readonly { readonly group: GroupName; readonly finiteLifetime: boolean }[] {
    const onMachine = this.#kernel.listAddresses();
    return this.#config.groups.flatMap(({ name, resources }) => {
      const wanted = resources.filter((one) => one.kind === "address").map((one) => one.address);
      const found = onMachine.filter((one) => wanted.includes(one.address));
      if (found.length === 0) return [];
      const isWhole = wanted.every((address) => found.some((one) => one.address === address));
      const isLeased = found.every((one) => Number.isFinite(one.lifetimeS));
      return [{ group: name, finiteLifetime: isWhole && isLeased }];
    });
  }

  /**
   * What a former life muted stays muted if we do not own it, and is heard again if we do. Answers
   * why the kernel would not, if it would not.
   */
  beginMutes(isOwned: (group: GroupName) => boolean): string | undefined {
    const onMachine = this.#kernel.listAddresses();
    const silent = [...this.#eachAddress()]
      .filter(({ group }) => !isOwned(group.name))
      .filter(({ address }) => onMachine.some((one) => one.address === address.address))
      .map(({ address }) => ({ address: address.address, ownAddress: undefined }));
    try {
      this.#mutes.begin(silent);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Exactly one answer, within the deadlines of the resource and of those that wait before it. */
  operate(operation: ResourceOperation): Promise<ResourceResult> {
    const key = keyOf(operation.group, operation.index);
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(() => this.#perform(operation));
    const tail = result.catch(() => {});
    this.#tails.set(key, tail);
    return result;
  }

  leasesOf(name: GroupName, epoch: number): readonly Lease[] {
    const groupIndex = this.#config.groups.findIndex((group) => group.name === name);
    return this.#addressesOf(name).flatMap((address) => {
      const held = address.held();
      return held === undefined ? [] : [{ group: name, groupIndex, epoch, ...held }];
    });
  }

  /** Of the group's first address; undefined: the group has none. */
  faceOf(name: GroupName): Face | undefined {
    return this.#addressesOf(name)[0]?.face();
  }

  /** After a change of addresses: those of ours that stand before the machine's own step behind it. */
  stepBehind(): readonly Step[] {
    return [...this.#addresses.values()].map((address) => address.stepBehind());
  }

  /** Orders the systemd units among the resources behind us at shutdown; a sentence if that failed. */
  async orderUnits(): Promise<string | undefined> {
    const scripts = this.#config.groups
      .flatMap((group) => group.resources)
      .filter((resource) => resource.kind === "script");
    const found = await Promise.all(scripts.map((one) => this.#lookUp(one)));
    const units = found.flatMap((one) => (one.kind === "systemd" ? [one.unit] : []));
    return units.length === 0 ? undefined : orderUnitsBehindUs([...new Set(units)]);
  }

  async #perform({ group: name, index, op }: ResourceOperation): Promise<ResourceResult> {
    const address = this.#addresses.get(keyOf(name, index));
    if (address !== undefined) return performOnAddress(address, op);
    const resource = this.#group(name).resources[index];
    assert(resource?.kind === "script", `${name} has no resource ${index}`);
    assert(op === "start" || op === "stop" || op === "status", `${op} is for addresses`);
    if (op === "start" && (await this.#isMachineStopping())) return SHUTTING_DOWN;
    return (await this.#script(resource))[op]();
  }

  /** Looked up at each operation: a script may be installed, replaced or removed while we run. */
  async #script(config: ScriptConfig): Promise<Resource> {
    const found = await this.#lookUp(config);
    switch (found.kind) {
      case "lsb": {
        // Of the two directories of scripts, resource.d is Heartbeat's own.
        const dialect = found.path.includes("/resource.d/") ? "heartbeat" : "lsb";
        return new LsbScript({ path: found.path, args: config.args, dialect });
      }
      case "systemd":
        return new SystemdUnit({ unit: found.unit });
      default:
        return new MissingResource(
          `${config.script} is not on this machine: looked for ${found.looked.join(", ")}`,
        );
    }
  }

  #lookUp(config: ScriptConfig): ReturnType<typeof lookUpScript> {
    return lookUpScript(config.script, { configDir: this.#configDir });
  }

  #group(name: GroupName): GroupConfig {
    const group = this.#config.groups.find((one) => one.name === name);
    assert(group !== undefined, `${name} is a group of haresources`);
    return group;
  }

  #addressesOf(name: GroupName): readonly ServiceAddress[] {
    return this.#group(name).resources.flatMap(
      (_, index) => this.#addresses.get(keyOf(name, index)) ?? [],
    );
  }

  *#eachAddress(): Iterable<{ group: GroupConfig; index: number; address: AddressConfig }> {
    for (const group of this.#config.groups) {
      for (const [index, address] of group.resources.entries()) {
        if (address.kind === "address") yield { group, index, address };
      }
    }
  }
}

/** The other node takes it: whatever runs here is about to be stopped (safety.md 9). */
const SHUTTING_DOWN: ResourceResult = {
  ok: false,
  state: "unknown",
  detail: "the machine is shutting down: nothing is started",
};

function keyOf(group: GroupName, index: number): string {
  return `${group} ${index}`;
}

function performOnAddress(
  address: ServiceAddress,
  op: ResourceOperation["op"],
): Promise<ResourceResult> {
  switch (op) {
    case "start-mute":
      return address.startMute();
    default:
      return address[op]();
  }
}
