import { bootTimeMs } from "../../linux/clock.ts";
import { ipv4Bytes } from "../../linux/ipv4.ts";
import { formatMac, indexOf, parseMac } from "../../linux/netlink/link.ts";
import { bind, openSocket, receive, SOCK_RAW, send } from "../../linux/sys.ts";
import type { ArpReport } from "./report.ts";
import { print, startTicker } from "./ticker.ts";

const ETH_P_ARP = 0x0806;
/**
 * A hardware address of the sampler's own: the switch brings the answers here, and the client's kernel, whose
 * address it is not, does not see them. Otherwise the sampler would keep the client's ARP cache fresh and
 * hide what a stale entry costs.
 */
const samplerMac = "02:7a:00:00:c8:fe";
/** Packet sockets are not polled (an interface going down ends the poll); so often they are looked at. */
const lookMs = 2;

/** Asks the LAN for ever who has the address, and reports who answered each question. */
export function askForever(address: string, device: string, intervalMs: number): void {
  const socket = openArpSocket(device);
  const question = arpProbe(address);
  const buffer = Buffer.alloc(256);
  let open: { askedAt: number; answers: { mac: string; at: number }[] } | undefined;

  const collect = (): void => {
    for (let size = receive(socket, buffer); size !== undefined; size = receive(socket, buffer)) {
      const mac = answererOf(buffer.subarray(0, size), address);
      if (mac !== undefined) open?.answers.push({ mac, at: bootTimeMs() });
    }
  };
  setInterval(collect, lookMs);
  startTicker(intervalMs, () => {
    collect();
    if (open !== undefined) {
      const report: ArpReport = { kind: "arp", ...open };
      print(report);
    }
    open = { askedAt: bootTimeMs(), answers: [] };
    send(socket, question, packetAddress(device));
  });
}

function openArpSocket(device: string): number {
  const AF_PACKET = 17;
  const socket = openSocket(AF_PACKET, SOCK_RAW, 0);
  bind(socket, packetAddress(device));
  return socket;
}

/** struct sockaddr_ll. */
function packetAddress(device: string): Buffer {
  const AF_PACKET = 17;
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16LE(AF_PACKET, 0);
  bytes.writeUInt16BE(ETH_P_ARP, 2);
  bytes.writeInt32LE(indexOf(device), 4);
  return bytes;
}

/** An ARP probe (RFC 5227): its sender has no IP address, so that nobody learns one from it. */
function arpProbe(address: string): Buffer {
  const frame = Buffer.alloc(42);
  frame.fill(0xff, 0, 6);
  parseMac(samplerMac).copy(frame, 6);
  frame.writeUInt16BE(ETH_P_ARP, 12);
  Buffer.from([0, 1, 8, 0, 6, 4, 0, 1]).copy(frame, 14);
  parseMac(samplerMac).copy(frame, 22);
  ipv4Bytes(address).copy(frame, 38);
  return frame;
}

/** Who says in this frame, to us, that it has the address. */
function answererOf(frame: Buffer, address: string): string | undefined {
  const isReply = frame.length >= 42 && frame.readUInt16BE(20) === 2;
  if (!isReply || !frame.subarray(28, 32).equals(ipv4Bytes(address))) return undefined;
  if (formatMac(frame.subarray(0, 6)) !== samplerMac) return undefined;
  return formatMac(frame.subarray(22, 28));
}
