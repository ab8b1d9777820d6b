import { attachFilter, bind, closeFd, openSocket, receive, SOCK_DGRAM, setOption } from "./sys.ts";

const AF_PACKET = 17;
const ETH_P_ALL = 3;
/** Of one look: a segment that shouts must not hold the event loop. */
const DATAGRAMS_PER_LOOK_MAX = 256;
/** The largest datagram that is not in fragments; of those only the first has a port. */
const BYTES_MAX = 9216;

/** Which datagrams a tap shows: UDP to this port, as they come to an interface or as they leave it. */
export interface TapOptions {
  readonly direction: "in" | "out";
  readonly family: 4 | 6;
  readonly port: number;
}

/** An open tap: it is read when it suits, and closed by who opened it. */
export interface UdpTap {
  /** What has passed since the last time, the oldest first, bounded. Throws a SysError: ENETDOWN. */
  read(): readonly TappedDatagram[];
  close(): void;
}

/** One datagram that a tap has seen. */
export interface TappedDatagram {
  /** The address that it was sent to, as bytes: four or sixteen. */
  readonly to: Uint8Array;
  readonly payload: Uint8Array;
}

/**
 * Looks at an interface beside the sockets: a packet socket sees what comes in before the rules of nft,
 * iptables and the interface, and what goes out behind them (test/packages/firewall.test.ts). What the kernel
 * sends back to ourselves, such as our own broadcasts, is not shown. It is read, never polled: an
 * interface going down would end the poll for good (platform.md 2).
 *
 * An inward tap costs the machine one run of a filter for each packet of the interface, an outward one
 * also a copy of its head: it is open only while there is something to find out.
 * Throws a SysError: EPERM without CAP_NET_RAW, ENODEV, ENETDOWN.
 */
export function openUdpTap(index: number, options: TapOptions): UdpTap {
  const SOL_PACKET = 263;
  const PACKET_IGNORE_OUTGOING = 23;
  // Protocol 0: nothing comes before the filter is there.
  const fd = openSocket(AF_PACKET, SOCK_DGRAM, 0);
  try {
    attachFilter(fd, filterOf(options));
    if (options.direction === "in") setOption(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
    bind(fd, everythingOn(index));
  } catch (error) {
    closeFd(fd);
    throw error;
  }
  const buffer = Buffer.alloc(BYTES_MAX);
  return {
    read: () => {
      const datagrams: TappedDatagram[] = [];
      for (let count = 0; count < DATAGRAMS_PER_LOOK_MAX; count++) {
        const size = receive(fd, buffer);
        if (size === undefined) break;
        const datagram = decodeUdp(buffer.subarray(0, size));
        if (datagram !== undefined) datagrams.push(datagram);
      }
      return datagrams;
    },
    close: () => closeFd(fd),
  };
}

/** An IPv4 or IPv6 packet of which the filter has said that it is UDP; copied. Undefined: it is cut short. */
function decodeUdp(packet: Buffer): TappedDatagram | undefined {
  const first = packet[0] ?? 0;
  const isV4 = first >> 4 === 4;
  const udpAt = isV4 ? (first & 0xf) * 4 : 40;
  if (packet.length < udpAt + 8) return undefined;
  const end = udpAt + packet.readUInt16BE(udpAt + 4);
  if (end < udpAt + 8 || end > packet.length) return undefined;
  const to = isV4 ? packet.subarray(16, 20) : packet.subarray(24, 40);
  return { to: Uint8Array.from(to), payload: Uint8Array.from(packet.subarray(udpAt + 8, end)) };
}

/** struct sockaddr_ll: every protocol, on this interface. An outward tap sees nothing by any other. */
function everythingOn(index: number): Buffer {
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(index, 4);
  return address;
}

/** Loads, from the head of the IP packet, and jumps of classic BPF (linux/filter.h). */
const LOAD_BYTE = 0x30;
const LOAD_HALF = 0x28;
const LOAD_HEADER_LENGTH = 0xb1;
const LOAD_HALF_BEHIND_HEADER = 0x48;
const IF_EQUAL = 0x15;
const IF_ANY_BIT = 0x45;
const RETURN = 0x06;
/** Not of the packet, but about it. */
const PROTOCOL = 0xfffff000;
const PACKET_TYPE = 0xfffff004;

type Test = readonly [load: readonly Instruction[], jump: number, value: number];
type Instruction = readonly [code: number, value: number];

/** Every test must hold; `IF_ANY_BIT` tests hold where none of the bits is set. */
function filterOf({ direction, family, port }: TapOptions): Uint8Array {
  const UDP = 17;
  const OUTGOING = 4;
  const ETHERTYPE = { 4: 0x0800, 6: 0x86dd }[family];
  const tests: Test[] = [[[[LOAD_HALF, PROTOCOL]], IF_EQUAL, ETHERTYPE]];
  if (direction === "out") tests.push([[[LOAD_BYTE, PACKET_TYPE]], IF_EQUAL, OUTGOING]);
  if (family === 4) {
    const FRAGMENT_OFFSET = 0x1fff;
    tests.push([[[LOAD_BYTE, 9]], IF_EQUAL, UDP]);
    tests.push([[[LOAD_HALF, 6]], IF_ANY_BIT, FRAGMENT_OFFSET]);
    const destination: Instruction[] = [
      [LOAD_HEADER_LENGTH, 0],
      [LOAD_HALF_BEHIND_HEADER, 2],
    ];
    tests.push([destination, IF_EQUAL, port]);
  } else {
    tests.push([[[LOAD_BYTE, 6]], IF_EQUAL, UDP]);
    tests.push([[[LOAD_HALF, 42]], IF_EQUAL, port]);
  }
  return assemble(tests);
}

/** Ends with "take it" and "leave it": a test that fails jumps to the last. */
function assemble(tests: readonly Test[]): Uint8Array {
  const size = tests.reduce((sum, [load]) => sum + load.length + 1, 0) + 2;
  const bytes = Buffer.alloc(8 * size);
  let at = 0;
  const put = (code: number, value: number, ifTrue = 0, ifFalse = 0): void => {
    bytes.writeUInt16LE(code, 8 * at);
    bytes[8 * at + 2] = ifTrue;
    bytes[8 * at + 3] = ifFalse;
    bytes.writeUInt32LE(value, 8 * at + 4);
    at += 1;
  };
  for (const [load, jump, value] of tests) {
    for (const [code, operand] of load) put(code, operand);
    const toEnd = size - 2 - at;
    if (jump === IF_ANY_BIT) put(jump, value, toEnd, 0);
    else put(jump, value, 0, toEnd);
  }
  put(RETURN, BYTES_MAX);
  put(RETURN, 0);
  return bytes;
}
