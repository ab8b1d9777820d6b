/** ICMP echo messages (RFC 792), pure. The sequence number goes in full into the data, since the field has 16 bits. */

const ECHO_REPLY = 0;
const ECHO_REQUEST = 8;
const SIZE = 12;

export function encodeEcho(identifier: number, sequence: number): Buffer {
  const bytes = Buffer.alloc(SIZE);
  bytes[0] = ECHO_REQUEST;
  bytes.writeUInt16BE(identifier, 4);
  bytes.writeUInt16BE(sequence & 0xffff, 6);
  bytes.writeUInt32BE(sequence, 8);
  bytes.writeUInt16BE(checksum(bytes), 2);
  return bytes;
}

/** The sequence number of an answer to this identifier, from what a raw socket gives: IP header first. */
export function decodeEchoReply(packet: Buffer, identifier: number): number | undefined {
  const headerSize = ((packet[0] ?? 0) & 0x0f) * 4;
  const message = packet.subarray(headerSize);
  if (message.length < SIZE || message[0] !== ECHO_REPLY) return undefined;
  return message.readUInt16BE(4) === identifier ? message.readUInt32BE(8) : undefined;
}

/** The internet checksum (RFC 1071) of a message of even length whose own field is zero. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let offset = 0; offset < bytes.length; offset += 2) sum += bytes.readUInt16BE(offset);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
