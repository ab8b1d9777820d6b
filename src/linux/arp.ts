import { setTimeout as sleep } from "node:timers/promises";
import { decodeArp, ETHERTYPE_ARP, encodeAnnouncement, encodeQuestion } from "./arp-frame.ts";
import { bootTimeMs } from "./clock.ts";
import { findLink, type Link, listLinks } from "./netlink/link.ts";
import { bind, closeFd, errnoOf, openSocket, receive, SOCK_RAW, SysError, send } from "./sys.ts";

const AF_PACKET = 17;
/**
 * A packet socket must not be polled: its interface going down would end the poll for good
 * (platform.md 2). So it is looked at this often, for the few hundred milliseconds of a probe.
 */
const LOOK_EVERY_MS = 5;
/** Per look: a segment that shouts must not hold the event loop. */
const FRAMES_PER_LOOK_MAX = 256;

/**
 * Tells the segment at once that `address` is here: gratuitous ARP in request and reply form. Throws
 * a SysError where nothing can be sent (ENODEV, ENETDOWN, EPERM). About 50 µs.
 */
export function announce(interfaceName: string, address: string): void {
  const link = ethernetLink(interfaceName);
  // Protocol 0: this socket never receives.
  const fd = openSocket(AF_PACKET, SOCK_RAW, 0);
  try {
    for (const form of ["request", "reply"] as const) {
      send(fd, encodeAnnouncement(address, link.mac, form), linkAddress(link));
    }
  } finally {
    closeFd(fd);
  }
}

/** How to ask. */
export interface ArpProbe {
  /** How often to ask. */
  readonly tries: number;
  /** How long to listen after each question. */
  readonly spacingMs: number;
  /** Default: the interface's own. */
  readonly sourceMac?: string;
  /** Default 0.0.0.0: a probe that nobody learns from. A path probe asks with our own address. */
  readonly senderIp?: string;
}

/** Somebody who says that the address is his. */
export interface ArpAnswer {
  readonly interface: string;
  /** Lower case. */
  readonly mac: string;
}

/**
 * Who on this segment says that `address` is his? Every MAC that answers, or speaks of the address
 * as its own meanwhile, once; this machine's own are left out. Silence proves nothing (safety.md 4).
 * Rejects with a SysError where the question could not be asked: no such interface, no carrier, not
 * permitted. Takes tries × spacingMs.
 */
export async function probeArp(
  interfaceName: string,
  address: string,
  probe: ArpProbe,
): Promise<{ readonly answers: readonly ArpAnswer[] }> {
  const link = ethernetLink(interfaceName);
  if (!link.carrier) {
    throw new SysError(`ARP probe on ${interfaceName}`, errnoOf("ENETDOWN"), "no carrier");
  }
  const own = new Set(listLinks().map((one) => one.mac));
  const question = encodeQuestion(address, probe.sourceMac ?? link.mac, probe.senderIp);
  const macs = new Set<string>();
  const fd = openSocket(AF_PACKET, SOCK_RAW, 0);
  try {
    bind(fd, linkAddress(link));
    for (let attempt = 1; attempt <= probe.tries; attempt++) {
      send(fd, question, linkAddress(link));
      const until = bootTimeMs() + probe.spacingMs;
      while (bootTimeMs() < until) {
        await sleep(LOOK_EVERY_MS);
        for (const mac of speakersFor(fd, address)) if (!own.has(mac)) macs.add(mac);
      }
    }
  } finally {
    closeFd(fd);
  }
  return { answers: [...macs].map((mac) => ({ interface: interfaceName, mac })) };
}

/** The MACs of the frames that wait and name `address` as their sender's. */
function speakersFor(fd: number, address: string): readonly string[] {
  const buffer = Buffer.alloc(2048);
  const macs: string[] = [];
  for (let count = 0; count < FRAMES_PER_LOOK_MAX; count++) {
    const length = receive(fd, buffer);
    if (length === undefined) break;
    const arp = decodeArp(buffer.subarray(0, length));
    if (arp?.senderIp === address) macs.push(arp.senderMac);
  }
  return macs;
}

/** The interface, which must be there and be Ethernet. */
function ethernetLink(name: string): Link & { readonly mac: string } {
  const link = findLink(name);
  if (link === undefined) throw new SysError(`ARP on ${name}`, errnoOf("ENODEV"));
  if (link.mac === undefined) {
    throw new SysError(`ARP on ${name}`, errnoOf("EOPNOTSUPP"), "the interface is no Ethernet");
  }
  return { ...link, mac: link.mac };
}

/** struct sockaddr_ll: ARP on this interface, to everyone. */
function linkAddress(link: Link): Buffer {
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETHERTYPE_ARP, 2);
  address.writeInt32LE(link.index, 4);
  address[11] = 6;
  address.fill(0xff, 12, 18);
  return address;
}
