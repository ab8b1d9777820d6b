import type { GroupConfig } from "../config/types.ts";
import { isHeldBack } from "./group-health.ts";
import type { Host } from "./host.ts";
import { DEADLINE_MS } from "./service.ts";
import { otherSide, SIDES, type Side } from "./station.ts";
import type { Report } from "./violation.ts";
import type { World } from "./world.ts";

/**
 * Never nowhere while one machine could serve, and whole again once everything is repaired. Both
 * rules wait for the world to be left in peace for as long as the rules of the cluster may take.
 */
export class ServiceChecker {
  readonly #world: World;
  readonly #report: Report;
  #disturbedAt = 0;
  #isRepaired = false;
  readonly #nowhereSince = new Map<string, number>();

  constructor(world: World, report: Report) {
    this.#world = world;
    this.#report = report;
    this.#tick();
  }

  /** Something was done to the world. `isRepaired`: by it everything is well again. */
  disturbed(isRepaired: boolean): void {
    this.#disturbedAt = this.#world.now;
    this.#isRepaired = isRepaired;
  }

  /** One owner for each group, with its services there and only there. */
  isWhole(): boolean {
    return this.#world.config.groups.every((group) => this.#flawOf(group) === undefined);
  }

  /** The groups that clients reach there. */
  servedBy(side: Side): readonly GroupConfig[] {
    return this.#world.config.groups.filter((group) => this.#serves(side, group));
  }

  /** Everything has been repaired for longer than the bound: it must be whole now. */
  checkWhole(): void {
    for (const group of this.#world.config.groups) {
      const flaw = this.#flawOf(group);
      if (flaw !== undefined) this.#report("not-whole", `${group.name}: ${flaw}`);
    }
  }

  /** A person asked for these to be moved away, long enough ago: they must be. */
  checkMoved(from: Side, groups: readonly GroupConfig[]): void {
    const left = groups.filter((group) => this.#serves(from, group)).map(({ name }) => name);
    if (left.length === 0) return;
    const where = this.#world.hosts[from].name;
    this.#report("stuck", `${left.join(", ")} is still on ${where}, which was asked to give it`);
  }

  #tick(): void {
    this.#world.queue.after(TICK_MS, () => {
      for (const group of this.#world.config.groups) this.#lookAt(group);
      this.#tick();
    });
  }

  #lookAt(group: GroupConfig): void {
    if (SIDES.some((side) => this.#serves(side, group)) || !this.#couldServe(group)) {
      this.#nowhereSince.delete(group.name);
      return;
    }
    const since = this.#nowhereSince.get(group.name) ?? this.#world.now;
    this.#nowhereSince.set(group.name, since);
    const peaceMs = this.#world.now - Math.max(since, this.#disturbedAt);
    if (peaceMs > ownerWithinMs(this.#world)) {
      const text = `${group.name} is nowhere for ${(peaceMs / 1000).toFixed(1)} s of peace`;
      this.#report("nowhere", text);
    }
  }

  /** Is there a machine that could serve, and no rule that forbids it? */
  #couldServe(group: GroupConfig): boolean {
    const { network, config } = this.#world;
    if (network.strangers.holder !== undefined) return false;
    const able = SIDES.filter((side) => this.#isAble(this.#world.hosts[side], group));
    if (able.length === 0) return false;
    // What would not stop on one machine is held back from both, until it stops.
    if (this.#world.hosts.some((host) => isHeldBack(host, group))) return false;
    if (SIDES.some((side) => this.#isLeftAlone(side, group))) return false;
    // In safety mode the silent peer of a lone machine might be serving: nowhere is right there.
    return config.tandem.mode === "availability" || (able.length === 2 && this.#isRepaired);
  }

  /**
   * No medium brings its beats to the other machine, which hears its answers to ARP elsewhere: it lives, and
   * nothing is taken from it (safety.md 4), though its own cable to the clients is out.
   */
  #isLeftAlone(side: Side, group: GroupConfig): boolean {
    const { network, hosts } = this.#world;
    const held = hosts[side].running?.kernel.find(group.name);
    if (held === undefined || held.isMuted || !hosts[side].isAwake()) return false;
    const other = otherSide(side);
    const answersSomewhere = network.segments.some(
      (segment) => segment.carries(side, other) && segment.carries(other, side),
    );
    return answersSomewhere && !this.#world.carriesBeats(side);
  }

  #isAble(host: Host, group: GroupConfig): boolean {
    const machine = host.running;
    const moods = group.resources.map((_, index) => host.moods.get(`${group.name}/${index}`));
    const worksHere = moods.every((mood) => (mood?.start ?? "works") === "works");
    const isUp = machine?.isWell === true && host.isAwake() && host.isClusterWanted;
    return isUp && worksHere && this.#world.network.lan.hasCarrier(host.side);
  }

  #flawOf(group: GroupConfig): string | undefined {
    const servers = SIDES.filter((side) => this.#serves(side, group));
    if (servers.length !== 1) return `${servers.length} machines answer for it`;
    for (const side of SIDES) {
      const running = this.#world.hosts[side].running;
      for (const [index] of group.resources.entries()) {
        const service = running?.services.get(`${group.name}/${index}`);
        if (service === undefined || service.isUp === servers.includes(side)) continue;
        // Nobody watches the services themselves yet, and a stop that failed is a person's affair.
        if (service.hasDied || service.hasResisted) continue;
        const where = this.#world.hosts[side].name;
        return `its resource ${index} ${service.isUp ? "still runs" : "does not run"} on ${where}`;
      }
    }
    return undefined;
  }

  #serves(side: Side, group: GroupConfig): boolean {
    const host = this.#world.hosts[side];
    const held = host.running?.kernel.find(group.name);
    const hasAddress = group.resources.some((resource) => resource.kind === "address");
    if (!hasAddress) return host.running?.services.get(`${group.name}/0`)?.isUp === true;
    const isAnswering = held !== undefined && !held.isMuted && host.isAwake();
    return isAnswering && this.#world.network.lan.hasCarrier(side);
  }
}

/**
 * How long an address may be nowhere, from the configuration: a machine that just came up waits for
 * initdead; then deadtime, once more while the peer's lifetime may run (safety.md 4: D - k, or
 * L + 0.5 s if later, and D more for a failing check); a stop that hangs does not hold the address
 * back, a start that hangs is ended at its deadline and undone, on either machine; the rest is
 * processes starting (supervision: D/4 or 1 s, three times) and services starting.
 */
export function ownerWithinMs(world: World): number {
  const { initdeadMs, deadtimeMs } = world.config.timers;
  const processesMs = 3 * (Math.max(1_000, deadtimeMs / 4) + 1_000);
  return initdeadMs + 4 * deadtimeMs + processesMs + 2 * DEADLINE_MS + SERVICES_MS;
}

/** Some services of up to 1.5 s each, in line, on both machines. */
const SERVICES_MS = 10_000;
const TICK_MS = 1_000;
