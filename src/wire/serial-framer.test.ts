import { describe, expect, it } from "vitest";
import { byteStringOf, bytesOf } from "./bytes.ts";
import { packetBytesMax, serialLineBytesMax } from "./limits.ts";
import { frame, newSerialFramer } from "./serial-framer.ts";

const message = ">>>\nt=x\nauth=4 0\n<<<\n";

function framed(stream: string) {
  const { state, packets, discarded } = frame(newSerialFramer(), bytesOf(stream));
  return { state, packets: packets.map(byteStringOf), discarded };
}

describe("the framer of a serial line", () => {
  it("gives each message as it is, back to back", () => {
    expect(framed(message + message)).toMatchObject({ packets: [message, message], discarded: 0 });
  });

  it("waits for the end of a message", () => {
    const { state, packets } = frame(newSerialFramer(), bytesOf(message.slice(0, -1)));
    expect(packets).toEqual([]);
    expect(frame(state, bytesOf("\n")).packets).toHaveLength(1);
  });

  it.each([
    ["lines of noise in front", `x\n\xff\0\n${message}`, 2],
    ["noise glued to the head, as a break leaves it", `\0\0${message}`, 0],
    ["an end without a beginning", `t=x\n<<<\n${message}`, 2],
    ["a beginning without an end", `>>>\nt=half\n${message}`, 1],
    ["noise glued to an end", `>>>\nt=x\n<<<noise\n${message}`, 1],
    ["a line that is too long", `${"x".repeat(serialLineBytesMax + 1)}\n${message}`, 1],
    [
      "a line that is too long inside a message",
      `>>>\n${"x".repeat(serialLineBytesMax + 1)}\n<<<\n${message}`,
      3,
    ],
  ])("finds the next message after %s", (_, stream, discarded) => {
    expect(framed(stream)).toMatchObject({ packets: [message], discarded });
  });

  it("does not take a value that ends in >>> for a beginning", () => {
    const odd = ">>>\ninfo=a>>>\nauth=4 0\n<<<\n";
    expect(framed(odd)).toMatchObject({ packets: [odd], discarded: 0 });
  });

  it("takes a line of exactly the cap", () => {
    const long = `>>>\n${"x".repeat(serialLineBytesMax)}\n<<<\n`;
    expect(framed(long).packets).toEqual([long]);
  });

  it("gives up a message that never ends at the size of the largest packet", () => {
    const line = `${"x".repeat(1023)}\n`;
    const { packets, discarded, state } = framed(`>>>\n${line.repeat(300)}${message}`);
    expect(packets).toEqual([message]);
    // One for the message; the other 300 - 255 lines are noise by then.
    expect(discarded).toBe(1 + 300 - Math.floor(packetBytesMax / 1024) - 1);
    expect(state).toEqual(newSerialFramer());
  });

  it("keeps no more than a line of endless noise", () => {
    let state = newSerialFramer();
    const noise = new Uint8Array(64 * 1024).fill(0x3e);
    for (let round = 0; round < 100; round += 1) {
      const step = frame(state, noise);
      state = step.state;
      expect(step.packets).toEqual([]);
      expect(state.line.length + (state.collected?.length ?? 0)).toBeLessThanOrEqual(
        serialLineBytesMax,
      );
    }
    expect(frame(state, bytesOf(`\n${message}`)).packets).toHaveLength(1);
  });
});
