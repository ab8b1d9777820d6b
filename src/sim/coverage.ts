import type { Fault, FaultKind } from "./fault-words.ts";
import { SIDES } from "./station.ts";
import type { World } from "./world.ts";

/** How often each fault met each pair of states: what a run has really tried. */
export class Coverage {
  readonly faults: Map<FaultKind, number> = new Map();
  /** `owns|free × cut-cable`: the first group's states on both machines, and the fault. */
  readonly met: Map<string, number> = new Map();

  note(world: World, fault: Fault): void {
    add(this.faults, fault.kind, 1);
    add(this.met, `${statesOf(world)} × ${fault.kind}`, 1);
  }

  merge(other: Coverage): void {
    for (const [kind, count] of other.faults) add(this.faults, kind, count);
    for (const [key, count] of other.met) add(this.met, key, count);
  }

  get total(): number {
    return [...this.faults.values()].reduce((sum, count) => sum + count, 0);
  }
}

function statesOf(world: World): string {
  return SIDES.map((side) => {
    const daemon = world.hosts[side].running?.daemon;
    if (daemon === undefined || daemon.process.isDead) return "down";
    return daemon.node?.status()?.groups[0]?.state ?? "starting";
  }).join("|");
}

function add<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
