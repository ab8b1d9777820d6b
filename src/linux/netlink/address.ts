import { broadcastOf, formatIpv4, ipv4Bytes, isSameSubnet } from "../ipv4.ts";
import { interfaceIndex, isSysError } from "../sys.ts";
import { indexOf, listLinks } from "./link.ts";
import {
  attribute,
  decodeAttributes,
  decodeText,
  type NetlinkMessage,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  textAttribute,
} from "./message.ts";
import { type NetlinkSocket, routeSocket } from "./socket.ts";

export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
const RTM_GETADDR = 22;

const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_LABEL = 3;
const IFA_BROADCAST = 4;
const IFA_CACHEINFO = 6;
const IFA_F_SECONDARY = 0x1;
const AF_INET = 2;
const LIFETIME_FOREVER = 0xffffffff;

/** What an address should be like. */
export interface AddressSpec {
  readonly interface: string;
  readonly address: string;
  readonly prefix: number;
  /** Default: the subnet's own; none for /31 and /32. */
  readonly broadcast?: string | undefined;
  /** `eth0:0`, so that tools of ifconfig's age show it; at most 15 characters. */
  readonly label?: string | undefined;
  /** Whole seconds after which the kernel takes the address away by itself; default: never. */
  readonly lifetimeS?: number | undefined;
}

/** An IPv4 address that is on the machine. */
export interface AddressOnLink {
  readonly interface: string;
  readonly index: number;
  readonly address: string;
  readonly prefix: number;
  readonly broadcast: string | undefined;
  readonly label: string | undefined;
  /** Whole seconds left, rounded down: 0 is about to go. Infinity: permanent. */
  readonly lifetimeS: number;
  /** Another address of the same subnet came first: it goes when that one is deleted. */
  readonly secondary: boolean;
  /** When it was created, in hundredths of a second since boot: tells a re-created one apart. */
  readonly createdAt: number;
}

/**
 * Puts an address on the machine. One that is there already gets the lifetime asked for and is a
 * success: `present`.
 */
export function addAddress(spec: AddressSpec): "added" | "present" {
  const what = `add ${spec.address}/${spec.prefix} to ${spec.interface}`;
  const body = encodeSpec(spec);
  try {
    routeSocket().change(what, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, body);
    return "added";
  } catch (error) {
    if (!isSysError(error, "EEXIST")) throw error;
  }
  routeSocket().change(what, RTM_NEWADDR, NLM_F_REPLACE, body);
  return "present";
}

/**
 * Sets the lifetime anew, of an address that is there. The kernel has no "renew only": whatever the
 * flags, changing an address that is not there creates it (test/lab/linux-address.test.ts shows it).
 * So it is looked for first, and looked at again after: one that expired in between and was
 * re-created by us has another time of creation and is taken off at once.
 *
 * Whether the lease may still be renewed, by the clock, is the caller's question (safety.md 2).
 */
export function renewAddress(spec: AddressSpec): "renewed" | "gone" | "failed" {
  try {
    const before = findAddress(spec);
    if (before === undefined) return "gone";
    const what = `renew ${spec.address}/${spec.prefix} on ${spec.interface}`;
    routeSocket().change(what, RTM_NEWADDR, NLM_F_REPLACE, encodeSpec(spec));
    const after = findAddress(spec);
    if (after === undefined) return "gone";
    if (after.createdAt === before.createdAt) return "renewed";
    deleteAddress(spec);
    return "gone";
  } catch (error) {
    if (isSysError(error, "ENODEV")) return "gone";
    if (isSysError(error)) return "failed";
    throw error;
  }
}

/**
 * Takes an address off the machine. Absent, or its interface absent, is a success. `socket`: who the
 * kernel says did it (a test plays a stranger).
 */
export function deleteAddress(spec: AddressSpec, socket: NetlinkSocket = routeSocket()): void {
  try {
    const header = addressHeader(spec);
    const body = Buffer.concat([header, attribute(IFA_LOCAL, ipv4Bytes(spec.address))]);
    const what = `delete ${spec.address}/${spec.prefix} from ${spec.interface}`;
    socket.change(what, RTM_DELADDR, 0, body);
  } catch (error) {
    if (!isSysError(error, "EADDRNOTAVAIL", "ENODEV")) throw error;
  }
}

/** All IPv4 addresses in this network namespace. */
export function listAddresses(): readonly AddressOnLink[] {
  const names = new Map(listLinks().map((link) => [link.index, link.name]));
  return readAddresses((index) => names.get(index));
}

/** This address on this interface with this prefix, if it is there. */
export function findAddress(spec: AddressSpec): AddressOnLink | undefined {
  const wanted = interfaceIndex(spec.interface);
  const present = readAddresses((index) => (index === wanted ? spec.interface : undefined));
  return present.find((one) => one.address === spec.address && one.prefix === spec.prefix);
}

/**
 * The prefix to add a service address with (safety.md 2): 32 where the machine has that subnet on
 * the interface by an address of its own, so that it never becomes a secondary of that one nor the
 * source of the machine's own traffic; otherwise as written. `service` are all addresses that the
 * cluster moves: they do not count as the machine's own.
 */
export function prefixFor(
  wanted: { readonly interface: string; readonly address: string; readonly prefix: number },
  present: readonly AddressOnLink[],
  service: readonly string[],
): number {
  const hasSubnet = present.some(
    (own) =>
      own.interface === wanted.interface &&
      own.address !== wanted.address &&
      !service.includes(own.address) &&
      own.prefix < 32 &&
      isSameSubnet(own.address, wanted.address, own.prefix),
  );
  return hasSubnet ? 32 : wanted.prefix;
}

/** The body of an RTM_NEWADDR or RTM_DELADDR; undefined: not IPv4, or an interface without a name. */
export function decodeAddress(
  message: NetlinkMessage,
  nameOf: (index: number) => string | undefined,
): AddressOnLink | undefined {
  const index = message.body.readUInt32LE(4);
  const name = nameOf(index);
  const attributes = decodeAttributes(message.body.subarray(8));
  // On a point-to-point link IFA_ADDRESS is the other end.
  const local = attributes.get(IFA_LOCAL) ?? attributes.get(IFA_ADDRESS);
  if (message.body[0] !== AF_INET || name === undefined || local?.length !== 4) return undefined;
  const broadcast = attributes.get(IFA_BROADCAST);
  const label = attributes.get(IFA_LABEL);
  const cache = attributes.get(IFA_CACHEINFO);
  const lifetime = cache?.readUInt32LE(4) ?? LIFETIME_FOREVER;
  return {
    interface: name,
    index,
    address: formatIpv4(local),
    prefix: message.body[1] ?? 32,
    broadcast: broadcast === undefined ? undefined : formatIpv4(broadcast),
    label: label === undefined ? undefined : decodeText(label),
    lifetimeS: lifetime === LIFETIME_FOREVER ? Number.POSITIVE_INFINITY : lifetime,
    secondary: ((message.body[2] ?? 0) & IFA_F_SECONDARY) !== 0,
    createdAt: cache?.readUInt32LE(8) ?? 0,
  };
}

function readAddresses(nameOf: (index: number) => string | undefined): readonly AddressOnLink[] {
  const header = Buffer.alloc(8);
  header[0] = AF_INET;
  return routeSocket()
    .list("RTM_GETADDR", RTM_GETADDR, header)
    .map((message) => decodeAddress(message, nameOf))
    .filter((address) => address !== undefined);
}

function encodeSpec(spec: AddressSpec): Buffer {
  const local = ipv4Bytes(spec.address);
  const parts = [addressHeader(spec), attribute(IFA_LOCAL, local), attribute(IFA_ADDRESS, local)];
  const broadcast = spec.broadcast ?? broadcastOf(spec.address, spec.prefix);
  if (broadcast !== undefined) parts.push(attribute(IFA_BROADCAST, ipv4Bytes(broadcast)));
  if (spec.label !== undefined) parts.push(textAttribute(IFA_LABEL, spec.label));
  if (spec.lifetimeS !== undefined) {
    // struct ifa_cacheinfo: preferred and valid lifetime; the time stamps are the kernel's.
    const cache = Buffer.alloc(16);
    cache.writeUInt32LE(spec.lifetimeS, 0);
    cache.writeUInt32LE(spec.lifetimeS, 4);
    parts.push(attribute(IFA_CACHEINFO, cache));
  }
  return Buffer.concat(parts);
}

/** struct ifaddrmsg: family, prefix, flags, scope (0: global), interface. */
function addressHeader(spec: AddressSpec): Buffer {
  const header = Buffer.alloc(8);
  header[0] = AF_INET;
  header[1] = spec.prefix;
  header.writeUInt32LE(indexOf(spec.interface), 4);
  return header;
}
