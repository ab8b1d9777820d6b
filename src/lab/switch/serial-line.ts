import { constants, openSync, readSync, writeSync } from "node:fs";
import {
  ioctl,
  makeRaw,
  pollFd,
  setTerminalAttributes,
  terminalAttributes,
} from "../../linux/sys.ts";
import type { NodeHost } from "../layout.ts";

/** The null-modem line: two pseudo-terminals and what copies bytes between them while the line is whole. */
export interface NullModem {
  /** The device that becomes the node's /dev/ttyS1. */
  end(node: NodeHost): string;
  setWhole(whole: boolean): void;
}

interface End {
  readonly master: number;
  readonly device: string;
}

/** Terminals are raw from the start: what an echoing line discipline sends back would be taken for the peer. */
export function layNullModem(): NullModem {
  const ends: Record<NodeHost, End> = { zeus: openEnd(), hera: openEnd() };
  let whole = false;
  const carry = (from: End, to: End): void => {
    const onReadable = (): void => relay(from.master, to.master, whole);
    pollFd(from.master, { onReadable, onLost: lost });
  };
  carry(ends.zeus, ends.hera);
  carry(ends.hera, ends.zeus);
  return {
    end: (node) => ends[node].device,
    setWhole: (value) => {
      whole = value;
    },
  };
}

const buffer = Buffer.alloc(4096);

/** Bytes that meet a pulled cable or a full receiver are lost, as on a real line without flow control. */
function relay(from: number, to: number, whole: boolean): void {
  try {
    const length = readSync(from, buffer);
    if (whole && length > 0) writeSync(to, buffer, 0, length);
  } catch {
    // EAGAIN from either side.
  }
}

function lost(): void {
  throw new Error("the null-modem line was lost: its pseudo-terminal failed");
}

function openEnd(): End {
  const TIOCSPTLCK = 0x40045431;
  const TIOCGPTN = 0x80045430;
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  const master = openSync("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
  ioctl("TIOCSPTLCK", master, TIOCSPTLCK, Buffer.alloc(4));
  const number = Buffer.alloc(4);
  ioctl("TIOCGPTN", master, TIOCGPTN, number);
  const device = `/dev/pts/${number.readUInt32LE()}`;
  // Held open for ever: with the last slave's close the master would report a hang-up.
  const slave = openSync(device, O_RDWR | O_NOCTTY | O_NONBLOCK);
  const B9600 = 13;
  const attributes = terminalAttributes(slave);
  makeRaw(attributes, B9600);
  setTerminalAttributes(slave, attributes);
  return { master, device };
}
