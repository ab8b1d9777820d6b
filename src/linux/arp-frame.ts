import { formatIpv4, ipv4Bytes } from "./ipv4.ts";
import { formatMac, parseMac } from "./netlink/link.ts";

/** ARP over Ethernet, pure: RFC 826 for the layout, RFC 5227 for probe and announcement. */

export const ETHERTYPE_ARP = 0x0806;
/** Ethernet header and ARP for IPv4; the driver pads to the minimum of Ethernet. */
const FRAME_SIZE = 42;
const BROADCAST = Buffer.alloc(6, 0xff);
const UNKNOWN = Buffer.alloc(6);

/** What an ARP packet for IPv4 over Ethernet says; addresses as people write them. */
export interface ArpFrame {
  readonly operation: "request" | "reply";
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetIp: string;
}

/**
 * Says to the whole segment that `address` is at `mac`. The request form is RFC 5227's announcement;
 * some hosts and switches listen to the reply form only, so both are sent.
 */
export function encodeAnnouncement(
  address: string,
  mac: string,
  form: ArpFrame["operation"],
): Buffer {
  const targetMac = form === "reply" ? BROADCAST : UNKNOWN;
  return encode(
    { operation: form, senderMac: mac, senderIp: address, targetIp: address },
    targetMac,
  );
}

/**
 * Asks who has `address`. With the sender 0.0.0.0 nobody learns anything from the question
 * (RFC 5227 2.1.1: a probe).
 */
export function encodeQuestion(address: string, mac: string, senderIp = "0.0.0.0"): Buffer {
  return encode({ operation: "request", senderMac: mac, senderIp, targetIp: address }, UNKNOWN);
}

/** Undefined: no ARP for IPv4 over Ethernet. */
export function decodeArp(frame: Buffer): ArpFrame | undefined {
  if (frame.length < FRAME_SIZE || frame.readUInt16BE(12) !== ETHERTYPE_ARP) return undefined;
  const kind = frame.subarray(14, 20).toString("hex");
  const operation = frame.readUInt16BE(20);
  if (kind !== "000108000604" || (operation !== 1 && operation !== 2)) return undefined;
  return {
    operation: operation === 1 ? "request" : "reply",
    senderMac: formatMac(frame.subarray(22, 28)),
    senderIp: formatIpv4(frame.subarray(28, 32)),
    targetIp: formatIpv4(frame.subarray(38, 42)),
  };
}

function encode(arp: ArpFrame, targetMac: Buffer): Buffer {
  const mac = parseMac(arp.senderMac);
  const type = Buffer.alloc(2);
  type.writeUInt16BE(ETHERTYPE_ARP);
  // Hardware Ethernet, protocol IPv4, lengths 6 and 4, operation.
  const head = Buffer.from([0, 1, 8, 0, 6, 4, 0, arp.operation === "request" ? 1 : 2]);
  const sender = [mac, ipv4Bytes(arp.senderIp)];
  const target = [targetMac, ipv4Bytes(arp.targetIp)];
  return Buffer.concat([BROADCAST, mac, type, head, ...sender, ...target]);
}
