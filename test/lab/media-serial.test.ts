import { mkdtempSync, readSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mediumName } from "../../src/base/names.ts";
import { closePty, openPty, type Pty } from "../../src/linux/pty.ts";
import { openSerial, QUEUE_BYTES_MAX } from "../../src/media/serial.ts";
import { localEnd, type MediumEnd } from "../contract/medium-end.ts";

/** A serial device whose other end is ours to read, or not to read. */

let folder: string;
let device: string;
let end: MediumEnd;
let pty: Pty | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-serial-"));
  device = join(folder, "ttyS1");
  end = localEnd((callbacks) =>
    openSerial({ kind: "serial", name: mediumName(device), device, baud: 9600 }, callbacks),
  );
});

afterEach(async () => {
  await end.close();
  unplug();
  rmSync(folder, { recursive: true });
});

function plug(): Pty {
  pty = openPty();
  symlinkSync(pty.path, device);
  return pty;
}

function unplug(): void {
  if (pty === undefined) return;
  closePty(pty);
  unlinkSync(device);
  pty = undefined;
}

/** This many characters from the other end; the medium goes on sending meanwhile. */
async function read(from: Pty, size: number): Promise<string> {
  const buffer = Buffer.alloc(size);
  let text = "";
  while (text.length < size) {
    try {
      text += buffer.toString("latin1", 0, readSync(from.master, buffer));
    } catch {
      await new Promise((later) => setImmediate(later));
    }
  }
  return text;
}

describe("a serial line", () => {
  it("that is not there is tried again until it is", async () => {
    expect(await end.open()).toContain("ENOENT");
    plug();
    expect(await end.state(true)).toContain("open at 9600 baud");
  });

  it("that hangs up is opened again", async () => {
    plug();
    await end.open();
    await end.state(true);
    unplug();
    await end.state(false);
    const again = plug();
    await end.state(true);
    await end.send("alive;", false);
    expect(await read(again, 6)).toBe("alive;");
  });

  it("that hangs up as a beat goes out is opened again", async () => {
    plug();
    await end.open();
    await end.state(true);
    unplug();
    // In this turn of the event loop nobody has told the medium yet.
    const counts = await end.send("beat;", true);
    expect(counts.sent).toBe(0);
    await end.state(false);
    const again = plug();
    await end.state(true);
    await end.send("alive;", false);
    expect(await read(again, 6)).toBe("alive;");
  });

  it("that is no terminal is refused, in a sentence", async () => {
    symlinkSync("/dev/null", device);
    expect(await end.open()).toContain("ENOTTY");
  });

  it("that takes nothing skips beats, queues the rest up to its bound, and loses nothing queued", async () => {
    const other = plug();
    await end.open();
    await end.state(true);
    const message = `${"x".repeat(99)};`;
    let counts = await end.send(message, false);
    while (counts.dropped === 0) counts = await end.send(message, false);
    expect(counts.sent * message.length).toBeGreaterThan(QUEUE_BYTES_MAX - message.length);
    const afterBeat = await end.send("beat;", true);
    expect(afterBeat.skipped).toBe(1);
    expect(afterBeat.sent).toBe(counts.sent);
    expect(await read(other, counts.sent * message.length)).toBe(message.repeat(counts.sent));
    expect((await end.send("beat;", true)).skipped).toBe(1);
    expect(await read(other, 5)).toBe("beat;");
  });
});
