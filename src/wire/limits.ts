/** Bounds of the wire. What exceeds one is a discard with its reason, never an error. */

/** One message on the wire, signature included, in bytes: below 256 KiB (wire.md 6). */
export const packetBytesMax: number = 256 * 1024 - 1;

/** A message before compression, in bytes: below 2 MiB (wire.md 6). */
export const inflatedBytesMax: number = 2 * 1024 * 1024 - 1;

/** Messages inside messages: classic text has a newline stand-in for each of 16 depths (wire.md 2.1). */
export const nestingMax = 16;

/**
 * Fields of one message, those of messages within it included, and elements of a list. Heartbeat's
 * longest have about thirty; half a million fit into a compressed packet, and take a quarter of a second.
 */
export const fieldsMax = 1000;

/** A generation: 32 bits, from time(2) (wire.md 4). */
export const generationMax = 0xffffffff;

/** A field's name, in bytes. Heartbeat's longest is below 30; this only keeps names from being a payload. */
export const fieldNameBytesMax = 255;

/** A message type, in bytes (wire.md 6). */
export const typeBytesMax = 31;

/** One line of a serial stream, in bytes. Heartbeat's own lines stay below 512 (wire.md 6). */
export const serialLineBytesMax: number = 4 * 1024;

/** What stands behind the last `%%%\n` of a netstring: `LEN:NN TOKEN,` with 64 hex digits at most. */
export const signatureBytesMax = 80;
