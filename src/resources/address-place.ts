import type { AddressConfig } from "../config/types.ts";
import { isSameSubnet } from "../linux/ipv4.ts";
import { type AddressOnLink, prefixFor } from "../linux/netlink/address.ts";

/** Where an address goes on this machine, as it is handed to the kernel. */
export interface Place {
  readonly interface: string;
  readonly prefix: number;
}

/**
 * The interface as written, else the one that has the narrowest subnet with the address in it;
 * undefined: none has. `service` are all addresses that the cluster moves, which never count as the
 * machine's own. The prefix is safety.md 2's: 32 where the machine has the subnet already.
 */
export function placeOf(
  config: AddressConfig,
  present: readonly AddressOnLink[],
  service: readonly string[],
): Place | undefined {
  const own = subnetsOf(config, present, service);
  const home = own.find(
    (one) => config.interface === undefined || one.interface === config.interface,
  );
  const name = config.interface ?? home?.interface;
  if (name === undefined) return undefined;
  const prefix = config.prefix ?? home?.prefix ?? HOST_PREFIX;
  const wanted = { interface: name, address: config.address, prefix };
  return { interface: name, prefix: prefixFor(wanted, present, service) };
}

/** The machine's own address on that interface that shares the subnet, else its first there. */
export function ownAddressOn(
  interfaceName: string,
  config: AddressConfig,
  present: readonly AddressOnLink[],
  service: readonly string[],
): string | undefined {
  const here = present.filter(
    (one) => one.interface === interfaceName && !service.includes(one.address),
  );
  const sharing = here.find((one) => isSameSubnet(one.address, config.address, one.prefix));
  return (sharing ?? here[0])?.address;
}

const HOST_PREFIX = 32;

/** The machine's own subnets that hold the address, the narrowest first. */
function subnetsOf(
  config: AddressConfig,
  present: readonly AddressOnLink[],
  service: readonly string[],
): readonly AddressOnLink[] {
  return present
    .filter((one) => !service.includes(one.address) && one.prefix < HOST_PREFIX)
    .filter((one) => isSameSubnet(one.address, config.address, one.prefix))
    .sort((one, other) => other.prefix - one.prefix);
}
