/**
 * Netlink's bytes, pure: a message is a 16-byte header and a body, an attribute a 4-byte header and
 * its value, both padded to four bytes, numbers in the machine's order (little-endian, see sys.ts).
 * Layouts: linux/netlink.h.
 */

export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
/** In an answer: the list changed while it was read. */
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;

const HEADER_SIZE = 16;
const NESTED = 0x8000;
const TYPE_MASK = 0x3fff;

/** One message, its header read. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** In a notification: the socket whose request caused it; 0: the kernel by itself. */
  readonly port: number;
  readonly body: Buffer;
}

/** Padded, so that another may follow. */
export function encodeMessage(message: {
  type: number;
  flags: number;
  sequence: number;
  body: Uint8Array;
}): Buffer {
  const bytes = Buffer.alloc(align(HEADER_SIZE + message.body.length));
  bytes.writeUInt32LE(HEADER_SIZE + message.body.length, 0);
  bytes.writeUInt16LE(message.type, 4);
  bytes.writeUInt16LE(message.flags, 6);
  bytes.writeUInt32LE(message.sequence, 8);
  bytes.set(message.body, HEADER_SIZE);
  return bytes;
}

/** The messages of one datagram. What is cut short at the end is left out. */
export function decodeMessages(datagram: Buffer): readonly NetlinkMessage[] {
  const messages: NetlinkMessage[] = [];
  let offset = 0;
  while (offset + HEADER_SIZE <= datagram.length) {
    const length = datagram.readUInt32LE(offset);
    if (length < HEADER_SIZE || offset + length > datagram.length) break;
    messages.push({
      type: datagram.readUInt16LE(offset + 4),
      flags: datagram.readUInt16LE(offset + 6),
      sequence: datagram.readUInt32LE(offset + 8),
      port: datagram.readUInt32LE(offset + 12),
      body: datagram.subarray(offset + HEADER_SIZE, offset + length),
    });
    offset += align(length);
  }
  return messages;
}

/** An attribute of raw bytes. */
export function attribute(type: number, value: Uint8Array): Buffer {
  const bytes = Buffer.alloc(align(4 + value.length));
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.set(value, 4);
  return bytes;
}

/** An attribute that holds attributes. */
export function nested(type: number, ...children: readonly Uint8Array[]): Buffer {
  return attribute(type | NESTED, Buffer.concat(children));
}

/** A C string, with its end. */
export const textAttribute = (type: number, text: string): Buffer =>
  attribute(type, Buffer.from(`${text}\0`));

/** A number in the machine's order. */
export function uint32Attribute(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return attribute(type, bytes);
}

/** By type, the last of each; flags of nesting and byte order are taken off. */
export function decodeAttributes(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const attributes = new Map<number, Buffer>();
  let offset = 0;
  while (offset + 4 <= bytes.length) {
    const length = bytes.readUInt16LE(offset);
    if (length < 4 || offset + length > bytes.length) break;
    attributes.set(
      bytes.readUInt16LE(offset + 2) & TYPE_MASK,
      bytes.subarray(offset + 4, offset + length),
    );
    offset += align(length);
  }
  return attributes;
}

/** The text of a C string attribute. */
export function decodeText(value: Buffer): string {
  const end = value.indexOf(0);
  return value.toString("utf8", 0, end < 0 ? value.length : end);
}

/** What the kernel says of a request. */
export interface Acknowledgement {
  /** 0: done. Otherwise the positive errno. */
  readonly errno: number;
  /** The kernel's own sentence, where it gave one; else empty. */
  readonly explanation: string;
}

/** The body of an NLMSG_ERROR. The explanation follows the header of the request, echoed. */
export function decodeAcknowledgement(message: NetlinkMessage): Acknowledgement {
  const NLMSGERR_ATTR_MSG = 1;
  const errno = message.body.length < 4 ? 0 : Math.abs(message.body.readInt32LE(0));
  if ((message.flags & NLM_F_ACK_TLVS) === 0 || message.body.length < 8) {
    return { errno, explanation: "" };
  }
  const echoed = message.flags & NLM_F_CAPPED ? HEADER_SIZE : message.body.readUInt32LE(4);
  const attributes = decodeAttributes(message.body.subarray(4 + align(echoed)));
  const explanation = attributes.get(NLMSGERR_ATTR_MSG);
  return { errno, explanation: explanation === undefined ? "" : decodeText(explanation) };
}

function align(size: number): number {
  return (size + 3) & ~3;
}
