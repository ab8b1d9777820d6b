import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { ioctl, type Poll, pollFd } from "./sys.ts";
import { setRaw } from "./termios.ts";

const TIOCSPTLCK = 0x40045431;
const TIOCGPTN = 0x80045430;
const CHUNK_BYTES = 4096;

/** Two serial devices and the cable between them, for the lab and the tests. */
export interface NullModem {
  /** Device paths, `/dev/pts/5`. */
  readonly left: string;
  readonly right: string;
  /** Pulls the cable: what is sent is lost, at both ends, and nobody is told, as on the real one. */
  cut(): void;
  mend(): void;
  close(): void;
}

/**
 * Two pseudo-terminals back to back, relayed in this process; the cable is pulled for good when it
 * ends. A device whose reader does not read loses bytes like a UART: nothing is kept for it beyond
 * the kernel's 4 KiB.
 */
export function nullModem(): NullModem {
  const left = openPty();
  const right = openPty();
  let whole = true;
  let closed = false;
  const relay = (from: Pty, to: Pty): Poll =>
    pollFd(from.master, {
      onReadable: () => {
        const chunk = readChunk(from.master);
        if (whole && chunk.length > 0) writeWhatFits(to.master, chunk);
      },
      onLost: () => undefined,
    });
  const polls = [relay(left, right), relay(right, left)];
  return {
    left: left.path,
    right: right.path,
    cut: () => {
      whole = false;
    },
    mend: () => {
      whole = true;
    },
    close: () => {
      if (closed) return;
      closed = true;
      for (const poll of polls) poll.close();
      for (const pty of [left, right]) closePty(pty);
    },
  };
}

/** A serial device, and the descriptor that stands for what is plugged into it. */
export interface Pty {
  readonly master: number;
  /** Held open, so that a device that nobody uses just now is no hang-up. */
  readonly slave: number;
  readonly path: string;
}

/** A raw one, its device open at 9600 baud. Throws where the machine has no pseudo-terminals. */
export function openPty(): Pty {
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  const master = openSync("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
  ioctl("TIOCSPTLCK", master, TIOCSPTLCK, Buffer.alloc(4));
  const number = Buffer.alloc(4);
  ioctl("TIOCGPTN", master, TIOCGPTN, number);
  const path = `/dev/pts/${number.readUInt32LE(0)}`;
  const slave = openSync(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
  // A fresh terminal would echo what comes in back to the other end.
  setRaw(slave, 9600);
  return { master, slave, path };
}

/** To whoever has the device open still this is a hang-up. */
export function closePty(pty: Pty): void {
  closeSync(pty.slave);
  closeSync(pty.master);
}

function readChunk(fd: number): Buffer {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  try {
    return buffer.subarray(0, readSync(fd, buffer));
  } catch {
    return buffer.subarray(0, 0);
  }
}

function writeWhatFits(fd: number, bytes: Buffer): void {
  try {
    writeSync(fd, bytes);
  } catch {
    // Full: nobody reads there.
  }
}
