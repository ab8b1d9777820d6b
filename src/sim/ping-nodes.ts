import type { Side } from "./station.ts";

/** The hosts on the LAN that only answer pings: each may be off, or out of reach of one machine alone. */
export class PingNodes {
  /** A power cut in the rack where all of them stand. */
  areAllOff = false;
  readonly #off = new Set<string>();
  /** A route, or a firewall that eats ICMP. */
  readonly #hidden: readonly [Set<string>, Set<string>] = [new Set(), new Set()];

  switch(node: string, isOn: boolean): void {
    if (isOn) this.#off.delete(node);
    else this.#off.add(node);
  }

  hide(node: string, from: Side): void {
    this.#hidden[from].add(node);
  }

  show(node: string, to: Side): void {
    this.#hidden[to].delete(node);
  }

  /** Would it answer this machine, whose cable and LAN are another matter? */
  answers(node: string, side: Side): boolean {
    return !this.areAllOff && !this.#off.has(node) && !this.#hidden[side].has(node);
  }

  heal(): void {
    this.areAllOff = false;
    this.#off.clear();
    for (const hidden of this.#hidden) hidden.clear();
  }
}
