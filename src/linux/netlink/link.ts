import { errnoOf, interfaceIndex, isSysError, SysError } from "../sys.ts";
import {
  attribute,
  decodeAttributes,
  decodeText,
  type NetlinkMessage,
  NLM_F_CREATE,
  NLM_F_EXCL,
  nested,
  textAttribute,
  uint32Attribute,
} from "./message.ts";
import { routeSocket } from "./socket.ts";

export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
const RTM_GETLINK = 18;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_NET_NS_PID = 19;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const VETH_INFO_PEER = 1;

const IFF_UP = 0x1;
const IFF_LOWER_UP = 0x10000;
const ARPHRD_ETHER = 1;

/** A network interface as the kernel describes it in this network namespace. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** Set up by an administrator. */
  readonly up: boolean;
  /** The cable carries: IFF_LOWER_UP, which a driver without a cable always has. */
  readonly carrier: boolean;
  /** Lower case with colons; undefined: no Ethernet (a tunnel, a modem). */
  readonly mac: string | undefined;
  readonly mtu: number;
  /** Index of the bridge or bond it belongs to. */
  readonly master: number | undefined;
}

/**
 * All interfaces. The MAC comes from here and not from /sys, which shows the network namespace of
 * its mount rather than the process's own (platform.md 1, trap 1).
 */
export function listLinks(): readonly Link[] {
  return routeSocket()
    .list("RTM_GETLINK", RTM_GETLINK, linkHeader({}))
    .map(decodeLink)
    .filter((link) => link !== undefined);
}

/** The interface of this name in this network namespace, if there is one. */
export function findLink(name: string): Link | undefined {
  return listLinks().find((link) => link.name === name);
}

/**
 * The body of an RTM_NEWLINK or RTM_DELLINK. Undefined: a bridge speaks of one of its ports, in the
 * same message types and another family; the port's "deletion" there is its leaving the bridge.
 */
export function decodeLink(message: NetlinkMessage): Link | undefined {
  const AF_UNSPEC = 0;
  if (message.body.length < 16 || message.body[0] !== AF_UNSPEC) return undefined;
  const flags = message.body.readUInt32LE(8);
  const attributes = decodeAttributes(message.body.subarray(16));
  const address = attributes.get(IFLA_ADDRESS);
  const ethernet = message.body.readUInt16LE(2) === ARPHRD_ETHER && address?.length === 6;
  return {
    index: message.body.readInt32LE(4),
    name: decodeText(attributes.get(IFLA_IFNAME) ?? Buffer.alloc(0)),
    up: (flags & IFF_UP) !== 0,
    carrier: (flags & IFF_UP) !== 0 && (flags & IFF_LOWER_UP) !== 0,
    mac: ethernet ? formatMac(address) : undefined,
    mtu: attributes.get(IFLA_MTU)?.readUInt32LE(0) ?? 0,
    master: attributes.get(IFLA_MASTER)?.readUInt32LE(0),
  };
}

/** A cable with two ends in this namespace, or with the second in that of `peerPid`. Both are down. */
export function createVeth(name: string, peer: string, peerPid?: number): void {
  const place = peerPid === undefined ? [] : [uint32Attribute(IFLA_NET_NS_PID, peerPid)];
  const peerInfo = Buffer.concat([linkHeader({}), textAttribute(IFLA_IFNAME, peer), ...place]);
  const data = nested(IFLA_INFO_DATA, attribute(VETH_INFO_PEER, peerInfo));
  createLink(name, nested(IFLA_LINKINFO, textAttribute(IFLA_INFO_KIND, "veth"), data));
}

/** A switch. It is down, and learns and forwards at once (no spanning tree). */
export function createBridge(name: string): void {
  createLink(name, nested(IFLA_LINKINFO, textAttribute(IFLA_INFO_KIND, "bridge")));
}

/** Deletes a virtual interface; of a cable both ends. Absent is a success. */
export function deleteLink(name: string): void {
  const index = interfaceIndex(name);
  if (index === undefined) return;
  try {
    routeSocket().change(`RTM_DELLINK ${name}`, RTM_DELLINK, 0, linkHeader({ index }));
  } catch (error) {
    if (!isSysError(error, "ENODEV")) throw error;
  }
}

/** Puts a port into a bridge, or takes it out of the one it is in. */
export function setMaster(name: string, bridge: string | undefined): void {
  const master = bridge === undefined ? 0 : indexOf(bridge);
  changeLink(name, uint32Attribute(IFLA_MASTER, master));
}

/** As an administrator does. Throws a SysError: ENODEV, EPERM. */
export function setUp(name: string): void {
  const body = linkHeader({ index: indexOf(name), flags: IFF_UP, change: IFF_UP });
  routeSocket().change(`set ${name} up`, RTM_NEWLINK, 0, body);
}

/** As an administrator does. Throws a SysError: ENODEV, EPERM. */
export function setDown(name: string): void {
  const body = linkHeader({ index: indexOf(name), flags: 0, change: IFF_UP });
  routeSocket().change(`set ${name} down`, RTM_NEWLINK, 0, body);
}

/** Moves an interface to the network namespace of a process; it arrives down and without addresses. */
export function moveToNetns(name: string, pid: number): void {
  changeLink(name, uint32Attribute(IFLA_NET_NS_PID, pid));
}

/** The interface must be down on some drivers. */
export function setMac(name: string, mac: string): void {
  changeLink(name, attribute(IFLA_ADDRESS, parseMac(mac)));
}

/** The interface must be down. */
export function renameLink(name: string, to: string): void {
  changeLink(name, textAttribute(IFLA_IFNAME, to));
}

/** The number of an interface that must be there. */
export function indexOf(name: string): number {
  const index = interfaceIndex(name);
  if (index === undefined) throw new SysError(`interface ${name}`, errnoOf("ENODEV"));
  return index;
}

/** Six bytes. */
export function parseMac(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(":", ""), "hex");
}

/** Lower case, with colons. */
export function formatMac(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

function createLink(name: string, info: Buffer): void {
  const body = Buffer.concat([linkHeader({}), textAttribute(IFLA_IFNAME, name), info]);
  routeSocket().change(`create ${name}`, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, body);
}

function changeLink(name: string, change: Buffer): void {
  const body = Buffer.concat([linkHeader({ index: indexOf(name) }), change]);
  routeSocket().change(`change ${name}`, RTM_NEWLINK, 0, body);
}

/** struct ifinfomsg. */
function linkHeader(link: { index?: number; flags?: number; change?: number }): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(link.index ?? 0, 4);
  header.writeUInt32LE(link.flags ?? 0, 8);
  header.writeUInt32LE(link.change ?? 0, 12);
  return header;
}
