import { indexOf } from "../../src/linux/netlink/link.ts";
import {
  bind,
  closeFd,
  ioctl,
  isSysError,
  openSocket,
  receive,
  SOCK_RAW,
  setReceiveBuffer,
} from "../../src/linux/sys.ts";

const AF_PACKET = 17;
/** Of one protocol: such a socket gets what arrives, not what this host sends. */
const ETH_P_IP = 0x0800;
/** Minutes of beats of 0.3 KiB each, should the reader be held up. */
const bufferBytes = 4 * 1024 * 1024;
const ethernetBytes = 14;
const udpBytes = 8;
/** `udpport` of the tutorial. */
const beatPort = 694;

export interface Arrival {
  readonly payload: Uint8Array;
  /** Milliseconds of the wall clock, by the kernel. */
  readonly at: number;
}

/** Sees the datagrams to Heartbeat's port that arrive at an interface, beside whoever receives them. */
export class BeatSocket {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(64 * 1024);

  constructor(device: string) {
    this.#fd = openSocket(AF_PACKET, SOCK_RAW, 0);
    setReceiveBuffer(this.#fd, bufferBytes);
    const address = Buffer.alloc(20);
    address.writeUInt16LE(AF_PACKET, 0);
    address.writeUInt16BE(ETH_P_IP, 2);
    address.writeInt32LE(indexOf(device), 4);
    bind(this.#fd, address);
    // The first question is what switches the stamps on; there is nothing to answer yet.
    try {
      this.#stamp();
    } catch (error) {
      if (!isSysError(error, "ENOENT")) throw error;
    }
  }

  /** Everything that has arrived since the last call. */
  waiting(): readonly Arrival[] {
    const arrivals: Arrival[] = [];
    for (let size = this.#receive(); size !== undefined; size = this.#receive()) {
      const payload = payloadOf(this.#buffer.subarray(0, size));
      if (payload !== undefined) {
        arrivals.push({ payload: Uint8Array.from(payload), at: this.#stamp() });
      }
    }
    return arrivals;
  }

  close(): void {
    closeFd(this.#fd);
  }

  #receive(): number | undefined {
    return receive(this.#fd, this.#buffer);
  }

  /** When the packet that was read last came, as struct timespec. */
  #stamp(): number {
    const SIOCGSTAMPNS = 0x8907;
    const time = Buffer.alloc(16);
    ioctl("SIOCGSTAMPNS", this.#fd, SIOCGSTAMPNS, time);
    return Number(time.readBigInt64LE(0)) * 1000 + Number(time.readBigInt64LE(8)) / 1e6;
  }
}

/** The data of a UDP datagram to the beats' port, or undefined. */
function payloadOf(frame: Buffer): Buffer | undefined {
  const UDP = 17;
  const ip = frame.subarray(ethernetBytes);
  const headerBytes = ((ip[0] ?? 0) & 0x0f) * 4;
  const udp = ip.subarray(headerBytes);
  if (ip[9] !== UDP || udp.length < udpBytes || udp.readUInt16BE(2) !== beatPort) return undefined;
  return udp.subarray(udpBytes, udp.readUInt16BE(4));
}
