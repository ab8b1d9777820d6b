import { decodeArp, ETHERTYPE_ARP, encodeQuestion } from "../../linux/arp-frame.ts";
import { bootTimeMs } from "../../linux/clock.ts";
import { formatMac, indexOf } from "../../linux/netlink/link.ts";
import { bind, openSocket, receive, SOCK_RAW, send } from "../../linux/sys.ts";
import type { ArpReport } from "./report.ts";
import { print, startTicker } from "./ticker.ts";

/**
 * The question is a probe (RFC 5227: from no IP address, so that nobody learns one), with a hardware address of the sampler's own: the switch brings the answers here, and the client's kernel, whose
 * address it is not, does not see them. Otherwise the sampler would keep the client's ARP cache fresh and
 * hide what a stale entry costs.
 */
const samplerMac = "02:7a:00:00:c8:fe";
/** Packet sockets are not polled (an interface going down ends the poll); so often they are looked at. */
const lookMs = 2;

/** Asks the LAN for ever who has the address, and reports who answered each question. */
export function askForever(address: string, device: string, intervalMs: number): void {
  const socket = openArpSocket(device);
  const question = encodeQuestion(address, samplerMac);
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
  bytes.writeUInt16BE(ETHERTYPE_ARP, 2);
  bytes.writeInt32LE(indexOf(device), 4);
  return bytes;
}

/** Who says in this frame, to us, that it has the address. */
function answererOf(frame: Buffer, address: string): string | undefined {
  const arp = decodeArp(frame);
  if (arp?.operation !== "reply" || arp.senderIp !== address) return undefined;
  return formatMac(frame.subarray(0, 6)) === samplerMac ? arp.senderMac : undefined;
}
