import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { assert } from "../base/assert.ts";
import { flushTerminal, ioctl, makeRaw, setTerminalAttributes, terminalAttributes } from "./sys.ts";

const TIOCEXCL = 0x540c;
const TIOCOUTQ = 0x5411;

/** c_cflag in struct termios, and its bits. */
const CFLAG_OFFSET = 8;
const CREAD = 0o200;
const HUPCL = 0o2000;
const CLOCAL = 0o4000;
const CRTSCTS = 0o20000000000;

/** Linux's B constants of termios.h. */
const SPEEDS: ReadonlyMap<number, number> = new Map([
  [1200, 0o11],
  [2400, 0o13],
  [4800, 0o14],
  [9600, 0o15],
  [19200, 0o16],
  [38400, 0o17],
  [57600, 0o10001],
  [115200, 0o10002],
  [230400, 0o10003],
  [460800, 0o10004],
  [921600, 0o10007],
]);

/**
 * Opens a serial line for bytes as they are: raw, this speed, no flow control (a dead peer must not
 * block our writes), no modem control, nothing left over from before, and for us alone. Does not
 * block. Throws as openSync does (ENOENT, EACCES, EBUSY) or a SysError (ENOTTY: no terminal).
 */
export function openSerialPort(device: string, baud: number): number {
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  const fd = openSync(device, O_RDWR | O_NOCTTY | O_NONBLOCK);
  try {
    setRaw(fd, baud);
    if (!isPseudoTerminal(fd)) ioctl("TIOCEXCL", fd, TIOCEXCL);
    flushTerminal(fd);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Bytes as they are, at this speed. Throws a SysError: ENOTTY. */
export function setRaw(fd: number, baud: number): void {
  const speed = SPEEDS.get(baud);
  assert(speed !== undefined, `no such baud rate: ${baud}`);
  const termios = terminalAttributes(fd);
  makeRaw(termios, speed);
  const flags = (termios.readUInt32LE(CFLAG_OFFSET) | CLOCAL | CREAD) & ~(HUPCL | CRTSCTS);
  termios.writeUInt32LE(flags >>> 0, CFLAG_OFFSET);
  setTerminalAttributes(fd, termios);
}

/** Bytes that were written and have not gone out on the line yet. */
export function unsentBytes(fd: number): number {
  const count = Buffer.alloc(4);
  ioctl("TIOCOUTQ", fd, TIOCOUTQ, count);
  return count.readInt32LE(0);
}

/**
 * A pty keeps TIOCEXCL until its other end closes too: a daemon that was killed could not open it
 * again, unless as the machine's own root.
 */
function isPseudoTerminal(fd: number): boolean {
  const UNIX98_PTY_MAJORS = { first: 136, last: 143 };
  const major = (fstatSync(fd).rdev >> 8) & 0xfff;
  return major >= UNIX98_PTY_MAJORS.first && major <= UNIX98_PTY_MAJORS.last;
}
