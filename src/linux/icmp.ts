import { formatIpv4 } from "./ipv4.ts";

/** ICMP echo messages (RFC 792), pure. */

const ECHO_REPLY = 0;
const ECHO_REQUEST = 8;
const HEADER_SIZE = 8;

/** Whose message it is, and which: both have 16 bits. */
export interface EchoName {
  readonly identifier: number;
  readonly sequence: number;
}

/** An answer to an echo, whoever asked. */
export interface EchoReply extends EchoName {
  /** Who answers. */
  readonly source: string;
  /** What the request carried. */
  readonly data: Buffer;
}

/** With its checksum; the kernel puts the IP header in front. */
export function encodeEchoRequest({ identifier, sequence }: EchoName, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEADER_SIZE + data.length);
  bytes[0] = ECHO_REQUEST;
  bytes.writeUInt16BE(identifier & 0xffff, 4);
  bytes.writeUInt16BE(sequence & 0xffff, 6);
  bytes.set(data, HEADER_SIZE);
  bytes.writeUInt16BE(checksum(bytes), 2);
  return bytes;
}

/** From what a raw socket gives: IP header first. Undefined: no echo reply. */
export function decodeEchoReply(packet: Buffer): EchoReply | undefined {
  const headerSize = ((packet[0] ?? 0) & 0x0f) * 4;
  const message = packet.subarray(headerSize);
  if (message.length < HEADER_SIZE || message[0] !== ECHO_REPLY) return undefined;
  return {
    source: formatIpv4(packet.subarray(12, 16)),
    identifier: message.readUInt16BE(4),
    sequence: message.readUInt16BE(6),
    data: message.subarray(HEADER_SIZE),
  };
}

/** The internet checksum (RFC 1071) of a message whose own field is zero; an odd byte is padded. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2)
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
