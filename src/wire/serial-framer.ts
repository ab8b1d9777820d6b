import { byteStringOf, bytesOf } from "./bytes.ts";
import { packetBytesMax, serialLineBytesMax } from "./limits.ts";

/**
 * Finds messages in the bytes of a serial line, as plain data: lines are thrown away until one is
 * `>>>`, then collected until one starts with `<<<` (wire.md 7.2). After noise the next whole message
 * is found again, because a `>>>` always begins anew: whatever was collected before it lost its end.
 * Each byte is looked at once, and what is kept is bounded, however long the noise lasts.
 */
export interface SerialFramer {
  /** The line that has not ended yet, as a byte string. */
  readonly line: string;
  /** That line is over the cap already: it is thrown away when it ends. */
  readonly overlong: boolean;
  /** The lines of the message so far, `>>>` first; undefined while looking for one. */
  readonly collected: string | undefined;
}

/** What came of some bytes. */
export interface Framed {
  readonly state: SerialFramer;
  /** Whole messages, `>>>\n` through `<<<\n`, for decodePacket. */
  readonly packets: readonly Uint8Array[];
  /** How many lines of noise and halves of messages were thrown away. */
  readonly discarded: number;
}

/** Looking for the first `>>>`. */
export function newSerialFramer(): SerialFramer {
  return { line: "", overlong: false, collected: undefined };
}

/** Takes in the next bytes of the line, however they are cut. Never throws. */
export function frame(state: SerialFramer, chunk: Uint8Array): Framed {
  const ended = byteStringOf(chunk).split("\n");
  const rest = ended.pop() ?? "";
  const packets: Uint8Array[] = [];
  let discarded = 0;
  let next = state;
  for (const line of ended) {
    const step = lineEnded(lengthened(next, line));
    next = step.state;
    packets.push(...step.packets);
    discarded += step.discarded;
  }
  return { state: lengthened(next, rest), packets, discarded };
}

function lengthened(state: SerialFramer, piece: string): SerialFramer {
  if (state.overlong || piece === "") return state;
  const line = state.line + piece;
  if (line.length <= serialLineBytesMax) return { ...state, line };
  return { ...state, line: "", overlong: true };
}

function lineEnded({ line, overlong, collected }: SerialFramer): Framed {
  const half = collected === undefined ? 0 : 1;
  if (overlong) return seeking(1 + half);
  // A `>>>` glued behind noise is believed only while looking: inside a message it may end a value.
  const begins = collected === undefined ? line.endsWith(">>>") : line === ">>>";
  if (begins) return collecting(">>>\n", half);
  if (collected === undefined) return seeking(1);
  const message = `${collected}${line}\n`;
  if (message.length > packetBytesMax) return seeking(1);
  if (line === "<<<") return seeking(0, [bytesOf(message)]);
  return line.startsWith("<<<") ? seeking(1) : collecting(message, 0);
}

/**
 * A message that began behind half a line of another one, where the cable came back in the middle: its
 * `>>>` is glued to what was there and may as well have been the end of a value. To be asked for when
 * the whole is not authentic; undefined: there is none within.
 */
export function messageWithin(packet: Uint8Array): Uint8Array | undefined {
  const text = byteStringOf(packet);
  const at = text.lastIndexOf(">>>\n");
  return at > 0 ? bytesOf(text.slice(at)) : undefined;
}

function seeking(discarded: number, packets: readonly Uint8Array[] = []): Framed {
  return { state: newSerialFramer(), packets, discarded };
}

function collecting(collected: string, discarded: number): Framed {
  return { state: { line: "", overlong: false, collected }, packets: [], discarded };
}
