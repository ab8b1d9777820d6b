import { writeSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mediumName } from "../../src/base/names.ts";
import { bootTimeMs } from "../../src/linux/clock.ts";
import { closePty, openPty, type Pty } from "../../src/linux/pty.ts";
import type { Medium } from "../../src/media/medium.ts";
import { openSerial, READ_BYTES } from "../../src/media/serial.ts";
import { frame, newSerialFramer, type SerialFramer } from "../../src/wire/serial-framer.ts";

/**
 * A line that delivers noise for ever, as fast as it is taken: a pty has no baud rate. Counted is what the
 * pulse would have to look at.
 */

const CHUNK_MAX = 4096;
const message = ">>>\nt=x\nauth=4 0\n<<<\n";

const noises: readonly (readonly [string, Buffer])[] = [
  ["all byte values", Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 31 + 7) % 256))],
  ["no end of a line", Buffer.alloc(4096, 0x55)],
  ["nothing but ends of lines", Buffer.alloc(4096, 0x0a)],
  ["beginnings without an end", Buffer.from(">>>\nt=status\n".repeat(300))],
  ["empty messages", Buffer.from(">>>\n<<<\n".repeat(500))],
];

let pty: Pty;
let medium: Medium | undefined;
let writer: NodeJS.Timeout | undefined;

beforeEach(() => {
  pty = openPty();
});
afterEach(() => {
  clearInterval(writer);
  medium?.close();
  closePty(pty);
});

/** All that fits, each millisecond. */
function pour(noise: Buffer): void {
  writer = setInterval(() => {
    try {
      for (;;) writeSync(pty.master, noise);
    } catch {
      // Full for now.
    }
  }, 1);
}

/** What stands still unread is noise; then a line ends, and the message comes. */
async function say(text: string): Promise<void> {
  clearInterval(writer);
  const bytes = Buffer.from(`\n${text}`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(pty.master, bytes, at);
    } catch {
      await new Promise((later) => setImmediate(later));
    }
  }
}

interface Heard {
  bytes: number;
  chunks: number;
  packets: string[];
  packetBytes: number;
  kept: number;
  state: SerialFramer;
}

function listen(heard: Heard, until: () => void): Medium {
  const config = { kind: "serial", name: mediumName(pty.path), device: pty.path } as const;
  return openSerial(
    { ...config, baud: 115_200 },
    {
      onBytes: (bytes) => {
        const framed = frame(heard.state, bytes);
        heard.state = framed.state;
        heard.bytes += bytes.length;
        heard.chunks += 1;
        heard.packetBytes += framed.packets.reduce((sum, packet) => sum + packet.length, 0);
        heard.packets.push(...framed.packets.map((packet) => Buffer.from(packet).toString()));
        heard.kept = Math.max(
          heard.kept,
          framed.state.line.length + (framed.state.collected?.length ?? 0),
        );
        until();
      },
      onUnread: () => {},
      onState: () => {},
    },
  );
}

describe("a serial line full of noise", () => {
  it.each(noises)(
    "(%s) is read no faster than a line can be, and its next message is found",
    async (_, noise) => {
      const heard: Heard = {
        ...{ bytes: 0, chunks: 0, packets: [], packetBytes: 0, kept: 0 },
        state: newSerialFramer(),
      };
      const begunAt = bootTimeMs();
      let wake = (): void => {};
      const heardUntil = (holds: () => boolean): Promise<void> =>
        new Promise((resolve) => {
          wake = () => {
            if (holds()) resolve();
          };
        });
      medium = listen(heard, () => wake());
      pour(noise);
      await heardUntil(() => heard.bytes > READ_BYTES.most + READ_BYTES.perSecond / 2);
      const seconds = (bootTimeMs() - begunAt) / 1000;
      // Never more than its allowance, and what one read took beyond it.
      expect(heard.bytes).toBeLessThanOrEqual(
        READ_BYTES.most + READ_BYTES.perSecond * seconds + CHUNK_MAX,
      );
      // Nothing is handed to the decoder twice, and nothing is kept beyond the largest message.
      expect(heard.packetBytes).toBeLessThanOrEqual(heard.bytes);
      expect(heard.kept).toBeLessThanOrEqual(256 * 1024 + CHUNK_MAX);
      const found = heardUntil(() => heard.packets.at(-1) === message);
      await say(message);
      await found;
    },
    60_000,
  );
});
