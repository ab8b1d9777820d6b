import { networkInterfaces } from "node:os";
import { ipv6Bytes } from "../base/ipv6.ts";
import type { MediumConfig } from "../config/types.ts";
import type { AddressOnLink } from "../linux/netlink/address.ts";
import { openUdpGroup, openUdpOnInterface } from "../linux/udp-socket.ts";
import { type HostAddress, hostAddress } from "./host-address.ts";

/** The configuration of a medium that is UDP on an interface. */
export type UdpConfig = Exclude<MediumConfig, { kind: "serial" }>;

/** What tells the kinds of UDP media apart: how their socket is opened, and whom they send to. */
export interface UdpWay {
  /** A descriptor on this interface, whose index this is now. Throws a SysError. */
  open(index: number): number;
  /** Whom to send to now, by what this machine's interfaces have. */
  aim(index: number, addresses: readonly AddressOnLink[]): Aim;
  close(): void;
}

/**
 * No targets: `lack` says why, or says what of several is missing. Neither: a name is being looked up
 * for the first time.
 */
export interface Aim {
  readonly targets: readonly string[];
  readonly lack: string | undefined;
}

/** `changed`: what `aim` answers may be another now. `interfaces`: tests put a machine of their own here. */
export function udpWay(
  config: UdpConfig,
  changed: () => void,
  interfaces: typeof networkInterfaces = networkInterfaces,
): UdpWay {
  switch (config.kind) {
    case "bcast":
      return broadcastWay(config, changed);
    case "ucast":
    case "ucast6":
      return unicastWay(config, changed, interfaces);
    default:
      return multicastWay(config);
  }
}

type ConfigOf<K extends UdpConfig["kind"]> = Extract<UdpConfig, { kind: K }>;

function broadcastWay(config: ConfigOf<"bcast">, changed: () => void): UdpWay {
  const hosts = (config.also ?? []).map((host) => hostAddress(host, 4, changed));
  return {
    open: () => openUdpOnInterface({ ...config, family: 4 }),
    aim: (index, addresses) => {
      const broadcast = addresses.find((one) => one.index === index && one.broadcast)?.broadcast;
      if (broadcast === undefined) return { targets: [], lack: "no broadcast address" };
      const { targets, lack } = aimAt(hosts, addresses.map(addressOf));
      return { targets: [broadcast, ...targets], lack: hosts.length === 0 ? undefined : lack };
    },
    close: () => closeAll(hosts),
  };
}

function unicastWay(
  config: ConfigOf<"ucast" | "ucast6">,
  changed: () => void,
  interfaces: typeof networkInterfaces,
): UdpWay {
  const family = config.kind === "ucast" ? 4 : 6;
  const hosts = config.targets.map((host) => hostAddress(host, family, changed));
  return {
    open: () => openUdpOnInterface({ ...config, family, lowDelay: true }),
    aim: (index, addresses) => {
      if (family === 6) return aimAt(hosts, ownIPv6(config.interface, interfaces));
      return addresses.some((one) => one.index === index)
        ? aimAt(hosts, addresses.map(addressOf))
        : { targets: [], lack: NO_IPV4 };
    },
    close: () => closeAll(hosts),
  };
}

/** Without an address of its own there the kernel would send with one of another interface. */
const NO_IPV4 = "no IPv4 address";

function multicastWay(config: ConfigOf<"mcast" | "mcast6">): UdpWay {
  return {
    open: (index) => openUdpGroup({ ...config, index }),
    aim: (index, addresses) =>
      config.kind === "mcast6" || addresses.some((one) => one.index === index)
        ? { targets: [config.group], lack: undefined }
        : { targets: [], lack: NO_IPV4 },
    close: () => {},
  };
}

/**
 * The hosts with an address, but this machine: the same file serves both nodes, so both their lines
 * stand in it. What went to ourselves would never see the cable, and its success would prove nothing.
 */
function aimAt(hosts: readonly HostAddress[], own: readonly string[]): Aim {
  const others = hosts.filter(({ address }) => address === undefined || !isAmong(address, own));
  const targets = others.flatMap(({ address }) => (address === undefined ? [] : [address]));
  const lacking = others.filter(({ failure }) => failure !== undefined);
  const lack = lacking.map(({ host, failure }) => `${host}: ${failure}`).join("; ");
  if (others.length === 0) return { targets, lack: "no address but our own" };
  return { targets, lack: lack === "" ? undefined : lack };
}

/** The same address has several spellings. */
function isAmong(address: string, others: readonly string[]): boolean {
  const key = keyOf(address);
  return others.some((other) => keyOf(other) === key);
}

function keyOf(address: string): string {
  return ipv6Bytes(address)?.join(".") ?? address;
}

function addressOf({ address }: AddressOnLink): string {
  return address;
}

/** A link-local address is ours only on its own interface: on another one it may be the peer's. */
function ownIPv6(interfaceName: string, interfaces: typeof networkInterfaces): readonly string[] {
  return Object.entries(listed(interfaces)).flatMap(([name, entries = []]) =>
    entries.flatMap((entry) =>
      entry.family === "IPv6" && (entry.scopeid === 0 || name === interfaceName)
        ? [entry.address]
        : [],
    ),
  );
}

/** None where the machine has no descriptor left to ask the kernel with: what goes to ourselves then harms nobody. */
function listed(interfaces: typeof networkInterfaces): ReturnType<typeof networkInterfaces> {
  try {
    return interfaces();
  } catch {
    return {};
  }
}

function closeAll(hosts: readonly HostAddress[]): void {
  for (const host of hosts) host.close();
}
