import type { Cable, HostName, NetworkCable } from "./layout.ts";

/**
 * Which cables carry what. A cable can be pulled at either end; the LAN cable runs from a host to the
 * switch, the crossover and the null-modem from one node to the other, so that a pulled end (or a node
 * without power) is seen at both.
 */
export interface Wiring {
  readonly powered: ReadonlySet<HostName>;
  readonly pulled: ReadonlySet<CableEnd>;
}

/** One end of a cable, where somebody can pull it. */
export type CableEnd = `${HostName}:${Cable}`;

export const cableEnd = (host: HostName, cable: Cable): CableEnd => `${host}:${cable}`;

/** Whether the interface `cable` of `host` has carrier. */
export function hasCarrier(wiring: Wiring, host: HostName, cable: NetworkCable): boolean {
  if (cable === "eth1") return betweenNodes(wiring, "eth1");
  return wiring.powered.has(host) && !wiring.pulled.has(cableEnd(host, "eth0"));
}

/** Whether bytes pass the null-modem line. */
export function serialIsWhole(wiring: Wiring): boolean {
  return betweenNodes(wiring, "serial");
}

function betweenNodes(wiring: Wiring, cable: Cable): boolean {
  const nodes: readonly HostName[] = ["zeus", "hera"];
  return nodes.every(
    (node) => wiring.powered.has(node) && !wiring.pulled.has(cableEnd(node, cable)),
  );
}
