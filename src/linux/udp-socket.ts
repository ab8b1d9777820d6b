import { assert } from "../base/assert.ts";
import { ipv6Bytes } from "../base/ipv6.ts";
import { ipv4Bytes } from "./ipv4.ts";
import {
  attachFilter,
  bind,
  closeFd,
  detachFilter,
  getOption,
  openSocket,
  SOCK_DGRAM,
  SOL_SOCKET,
  setOption,
  setReceiveBuffer,
} from "./sys.ts";

const AF_INET = 2;
const AF_INET6 = 10;
const IPPROTO_IP = 0;
const IPPROTO_IPV6 = 41;
const SO_REUSEADDR = 2;
const SO_BROADCAST = 6;
const SO_PRIORITY = 12;
const SO_BINDTODEVICE = 25;
/** The highest that needs no privilege: before the machine's bulk traffic in the queue. */
const PRIORITY = 6;
/** Some 3 000 beats: a stall of seconds loses nothing. */
const RECEIVE_BUFFER_BYTES = 1 << 20;

/** UDP by unicast or broadcast on one interface. */
export interface UdpSocketOptions {
  readonly interface: string;
  readonly port: number;
  readonly family: 4 | 6;
  /** Ask the network for low delay, as Heartbeat's ucast does (wire.md 7.1). */
  readonly lowDelay?: boolean;
}

/** A multicast group on one interface; its family is the address's. */
export interface UdpGroupOptions {
  readonly interface: string;
  /** Of that interface, now. */
  readonly index: number;
  readonly group: string;
  readonly port: number;
  readonly ttl: number;
  /** What we send is heard here too. */
  readonly loop: boolean;
}

/**
 * A descriptor that receives and sends UDP on this one interface, broadcasts included, for
 * `dgram.Socket.bind({ fd })`. Node itself cannot bind to an interface (platform.md 3). It stays
 * good while the interface goes down and up, and must be made anew when that is deleted.
 * Throws a SysError: ENODEV, EPERM, EADDRINUSE.
 */
export function openUdpOnInterface(options: UdpSocketOptions): number {
  const { family, port } = options;
  return openUdp(options, (fd) => {
    if (options.lowDelay) setLowDelay(fd, family);
    if (family === 4) setOption(fd, SOL_SOCKET, SO_BROADCAST, 1);
    hearNoOtherGroups(fd, family);
    bind(fd, family === 4 ? socketAddress4("0.0.0.0", port) : socketAddress6("::", port, 0));
  });
}

/**
 * The same for a multicast group, which it joins on that interface and hears alone. The membership
 * outlives the interface's downs, not its deletion. Throws a SysError.
 */
export function openUdpGroup(options: UdpGroupOptions): number {
  const { group, port, index } = options;
  const family = ipv6Bytes(group) === undefined ? 4 : 6;
  return openUdp({ ...options, family }, (fd) => {
    hearNoOtherGroups(fd, family);
    if (family === 4) {
      join4(fd, options);
      bind(fd, socketAddress4(group, port));
    } else {
      join6(fd, options);
      bind(fd, socketAddress6(group, port, index));
    }
  });
}

/** What comes from now on is dropped by the kernel, which costs us nothing. What is there already stays. */
export function shutIn(fd: number): void {
  // The one instruction "return 0": nothing of any packet is kept.
  attachFilter(fd, Uint8Array.of(0x06, 0, 0, 0, 0, 0, 0, 0));
}

/** The end of `shutIn`. */
export function letIn(fd: number): void {
  detachFilter(fd);
}

/** How many datagrams for this socket the kernel has dropped so far: shut, or its buffer full. Wraps at 32 bits. */
export function droppedFor(fd: number): number {
  const SO_MEMINFO = 55;
  const SK_MEMINFO_DROPS = 8;
  return getOption(fd, SOL_SOCKET, SO_MEMINFO, 4 * 9).readUInt32LE(4 * SK_MEMINFO_DROPS);
}

function openUdp(
  { interface: name, family }: Pick<UdpSocketOptions, "interface" | "family">,
  prepare: (fd: number) => void,
): number {
  const fd = openSocket(family === 4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
  try {
    // Another process, and another medium of ours on the same port, may be there.
    setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    setOption(fd, SOL_SOCKET, SO_BINDTODEVICE, Buffer.from(`${name}\0`));
    setReceiveBuffer(fd, RECEIVE_BUFFER_BYTES);
    const IPV6_V6ONLY = 26;
    if (family === 6) setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    prepare(fd);
    // After the type of service, which sets a priority of its own.
    setOption(fd, SOL_SOCKET, SO_PRIORITY, PRIORITY);
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}

/** By default a socket hears every group that any socket of the machine has joined. */
function hearNoOtherGroups(fd: number, family: 4 | 6): void {
  const IP_MULTICAST_ALL = 49;
  const IPV6_MULTICAST_ALL = 29;
  if (family === 4) setOption(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
  else setOption(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
}

function setLowDelay(fd: number, family: 4 | 6): void {
  const IPTOS_LOWDELAY = 0x10;
  const IP_TOS = 1;
  const IPV6_TCLASS = 67;
  if (family === 4) setOption(fd, IPPROTO_IP, IP_TOS, IPTOS_LOWDELAY);
  else setOption(fd, IPPROTO_IPV6, IPV6_TCLASS, IPTOS_LOWDELAY);
}

function join4(fd: number, { group, index, ttl, loop }: UdpGroupOptions): void {
  const IP_MULTICAST_IF = 32;
  const IP_MULTICAST_TTL = 33;
  const IP_MULTICAST_LOOP = 34;
  const IP_ADD_MEMBERSHIP = 35;
  // struct ip_mreqn: group, local address (the index counts), index.
  const request = Buffer.alloc(12);
  ipv4Bytes(group).copy(request, 0);
  request.writeInt32LE(index, 8);
  setOption(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, request);
  setOption(fd, IPPROTO_IP, IP_MULTICAST_IF, request);
  setOption(fd, IPPROTO_IP, IP_MULTICAST_TTL, ttl);
  setOption(fd, IPPROTO_IP, IP_MULTICAST_LOOP, loop ? 1 : 0);
}

function join6(fd: number, { group, index, ttl, loop }: UdpGroupOptions): void {
  const IPV6_MULTICAST_IF = 17;
  const IPV6_MULTICAST_HOPS = 18;
  const IPV6_MULTICAST_LOOP = 19;
  const IPV6_JOIN_GROUP = 20;
  // struct ipv6_mreq: group, index.
  const request = Buffer.alloc(20);
  request.set(bytes6(group), 0);
  request.writeInt32LE(index, 16);
  setOption(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, request);
  setOption(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, index);
  setOption(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, ttl);
  setOption(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, loop ? 1 : 0);
}

/** struct sockaddr_in. */
function socketAddress4(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  ipv4Bytes(address).copy(bytes, 4);
  return bytes;
}

/** struct sockaddr_in6. A link-local address means something only with its interface: the scope. */
function socketAddress6(address: string, port: number, scope: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16LE(AF_INET6, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set(bytes6(address), 8);
  bytes.writeUInt32LE(scope, 24);
  return bytes;
}

function bytes6(address: string): Uint8Array {
  const bytes = ipv6Bytes(address);
  assert(bytes !== undefined, `not an IPv6 address: ${address}`);
  return bytes;
}
