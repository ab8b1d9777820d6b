import { decodeEchoReply as decodeReply, encodeEchoRequest } from "../../linux/icmp.ts";

/** The probe's pings, pure. The sequence number goes in full into the data, since the field has 16 bits. */

const DATA_SIZE = 4;

export function encodeEcho(identifier: number, sequence: number): Buffer {
  const data = Buffer.alloc(DATA_SIZE);
  data.writeUInt32BE(sequence);
  return encodeEchoRequest({ identifier, sequence }, data);
}

/** The sequence number of an answer to this identifier, from what a raw socket gives. */
export function decodeEchoReply(packet: Buffer, identifier: number): number | undefined {
  const reply = decodeReply(packet);
  if (reply?.identifier !== identifier || reply.data.length < DATA_SIZE) return undefined;
  return reply.data.readUInt32BE();
}
