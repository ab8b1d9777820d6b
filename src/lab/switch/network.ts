import { writeFileSync } from "node:fs";
import {
  createBridge,
  createVeth,
  deleteLink,
  setDown,
  setMaster,
  setUp,
} from "../../linux/netlink/link.ts";
import type { HostLayout, HostName, NetworkCable } from "../layout.ts";

/** The two segments, each a bridge in the switch's own network namespace. */
const bridges: Readonly<Record<NetworkCable, string>> = { eth0: "lan", eth1: "xover" };

/** Our end of a host's cable; interface names have at most 15 characters. */
const port = (host: HostName, cable: NetworkCable): string => `${host}.${cable}`;

export function buildSegments(): void {
  for (const scope of ["all", "default"]) {
    try {
      writeFileSync(`/proc/sys/net/ipv6/conf/${scope}/disable_ipv6`, "1");
    } catch {
      // A kernel without IPv6 has nothing to disable.
    }
  }
  for (const bridge of Object.values(bridges)) {
    createBridge(bridge);
    setUp(bridge);
  }
}

/** Gives a new host its interfaces; `pid` is any process in its network namespace. No port is up yet. */
export function plugIn(host: HostLayout, pid: number): void {
  for (const { name } of host.interfaces) {
    // What is left of the host that lost its power: its namespace is cleared away in the background.
    deleteLink(port(host.name, name));
    createVeth(port(host.name, name), name, pid);
    setMaster(port(host.name, name), bridges[name]);
  }
}

/** A port that goes down takes the carrier of the host's interface, as a pulled cable does. */
export function setPort(host: HostName, cable: NetworkCable, up: boolean): void {
  if (up) setUp(port(host, cable));
  else setDown(port(host, cable));
}
