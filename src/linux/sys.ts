import { endianness } from "node:os";
import { getSystemErrorMap } from "node:util";
import koffi from "koffi";
import { assert } from "../base/assert.ts";

/**
 * The C library, and the only place that loads koffi. Signatures are strings and a wrong one is a
 * crash at run time, so this table is short, exact and checked once at start. Everything here is
 * synchronous and is only used on descriptors that do not block: an asynchronous koffi call would
 * keep one of libuv's four pool threads (platform.md 2).
 */

/** koffi knows size_t but not ssize_t. */
koffi.alias("ssize_t", "intptr_t");
/** dlopen(NULL): the C library that is already in the process, so glibc and musl alike. */
const library = koffi.load(null);
/** koffi types every function as `any`; the type argument is the C signature in TypeScript. */
const declare = <F>(signature: string): F => library.func(signature) as unknown as F;

type Bytes = Uint8Array;

/** struct sock_fprog: eight bytes an instruction. */
const filterProgram = koffi.struct("sock_fprog", { len: "uint16_t", filter: "const uint8_t *" });
interface FilterProgram {
  readonly len: number;
  readonly filter: Bytes;
}

const libc = {
  getpid: declare<() => number>("int getpid()"),
  socket: declare<(family: number, type: number, protocol: number) => number>(
    "int socket(int, int, int)",
  ),
  bind: declare<(fd: number, address: Bytes, size: number) => number>(
    "int bind(int, const void *, uint32_t)",
  ),
  getsockname: declare<(fd: number, address: Bytes, size: Bytes) => number>(
    "int getsockname(int, void *, void *)",
  ),
  sendto: declare<
    (fd: number, b: Bytes, n: number, flags: number, to: Bytes | null, size: number) => number
  >("ssize_t sendto(int, const void *, size_t, int, const void *, uint32_t)"),
  recv: declare<(fd: number, b: Bytes, n: number, flags: number) => number>(
    "ssize_t recv(int, void *, size_t, int)",
  ),
  setsockopt: declare<
    (fd: number, level: number, name: number, value: Bytes, size: number) => number
  >("int setsockopt(int, int, int, const void *, uint32_t)"),
  getsockopt: declare<
    (fd: number, level: number, name: number, value: Bytes, size: Bytes) => number
  >("int getsockopt(int, int, int, void *, void *)"),
  attachFilter: declare<
    (fd: number, level: number, name: number, program: FilterProgram, size: number) => number
  >("int setsockopt(int, int, int, const sock_fprog *, uint32_t)"),
  close: declare<(fd: number) => number>("int close(int)"),
  if_nametoindex: declare<(name: string) => number>("unsigned int if_nametoindex(const char *)"),
  sethostname: declare<(name: string, size: number) => number>(
    "int sethostname(const char *, size_t)",
  ),
  ioctl: declare<(fd: number, request: number, argument: Bytes | null) => number>(
    "int ioctl(int, unsigned long, void *)",
  ),
  tcgetattr: declare<(fd: number, termios: Bytes) => number>("int tcgetattr(int, void *)"),
  tcsetattr: declare<(fd: number, when: number, termios: Bytes) => number>(
    "int tcsetattr(int, int, const void *)",
  ),
  cfmakeraw: declare<(termios: Bytes) => void>("void cfmakeraw(void *)"),
  cfsetspeed: declare<(termios: Bytes, speed: number) => number>(
    "int cfsetspeed(void *, uint32_t)",
  ),
  tcflush: declare<(fd: number, queue: number) => number>("int tcflush(int, int)"),
  clock_gettime: declare<(clock: number, time: Bytes) => number>("int clock_gettime(int, void *)"),
  sched_setscheduler: declare<(pid: number, policy: number, parameter: Bytes) => number>(
    "int sched_setscheduler(int, int, const void *)",
  ),
};

const errnoNames = new Map(Object.entries(koffi.os.errno).map(([name, errno]) => [errno, name]));
// These have two names in C; the ones that manuals use.
for (const name of ["EAGAIN", "EOPNOTSUPP"]) errnoNames.set(errnoOf(name), name);

/** A refusal by the kernel. `code` is stable: the errno's name. */
export class SysError extends Error {
  /** `EPERM`, `EADDRNOTAVAIL`, …; `E123` for a number without a name. */
  readonly code: string;
  /** What was asked: the system call, or the request ("RTM_NEWADDR eth0"). */
  readonly what: string;

  /** `hint`: the kernel's own explanation or our next step, when there is one. */
  constructor(what: string, errno: number, hint = "") {
    const code = errnoNames.get(errno) ?? `E${errno}`;
    const sentence = getSystemErrorMap().get(-errno)?.[1] ?? "no description";
    super(`${what}: ${code} (${sentence})${hint === "" ? "" : `: ${hint}`}`);
    this.name = "SysError";
    this.code = code;
    this.what = what;
  }
}

/** The number of an errno by its name. */
export function errnoOf(name: string): number {
  const errno = koffi.os.errno[name];
  assert(errno !== undefined, `no such errno: ${name}`);
  return errno;
}

/** Whether this error is the kernel's refusal with one of these codes. */
export function isSysError(error: unknown, ...codes: readonly string[]): error is SysError {
  return error instanceof SysError && (codes.length === 0 || codes.includes(error.code));
}

function check(what: string, result: number): number {
  if (result < 0) throw new SysError(what, koffi.errno());
  return Number(result);
}

export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOL_SOCKET = 1;

/** Every socket is non-blocking and closed on exec. */
export function openSocket(family: number, type: number, protocol: number): number {
  const NONBLOCK_CLOEXEC = 0o2004000;
  return check("socket", libc.socket(family, type | NONBLOCK_CLOEXEC, protocol));
}

/** `address` is a struct sockaddr_*. */
export function bind(fd: number, address: Uint8Array): void {
  check("bind", libc.bind(fd, address, address.length));
}

/** The struct sockaddr that the socket is bound to, at most `size` bytes of it. */
export function socketName(fd: number, size: number): Buffer {
  const address = Buffer.alloc(size);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(size);
  check("getsockname", libc.getsockname(fd, address, length));
  return address;
}

/** Sends all of `bytes` as one datagram; `to` is a struct sockaddr_*. Never raises SIGPIPE. */
export function send(fd: number, bytes: Uint8Array, to?: Uint8Array): void {
  const MSG_NOSIGNAL = 0x4000;
  const sent = libc.sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, to ?? null, to?.length ?? 0);
  assert(check("sendto", sent) === bytes.length, "a datagram is sent whole or not at all");
}

/** One datagram into `buffer`: its length, or undefined when nothing is waiting. */
export function receive(fd: number, buffer: Uint8Array): number | undefined {
  const MSG_DONTWAIT = 0x40;
  const count = Number(libc.recv(fd, buffer, buffer.length, MSG_DONTWAIT));
  if (count >= 0) return count;
  const errno = koffi.errno();
  if (errno === errnoOf("EAGAIN") || errno === errnoOf("EINTR")) return undefined;
  throw new SysError("recv", errno);
}

/** A number is passed as C's int. */
export function setOption(
  fd: number,
  level: number,
  name: number,
  value: number | Uint8Array,
): void {
  const bytes = typeof value === "number" ? int32(value) : value;
  check("setsockopt", libc.setsockopt(fd, level, name, bytes, bytes.length));
}

/** What an option holds, at most `size` bytes of it. */
export function getOption(fd: number, level: number, name: number, size: number): Buffer {
  const value = Buffer.alloc(size);
  const length = int32(size);
  check("getsockopt", libc.getsockopt(fd, level, name, value, length));
  return value.subarray(0, length.readUInt32LE());
}

/** Lets through to this socket what a classic BPF program, eight bytes an instruction, says. */
export function attachFilter(fd: number, filter: Uint8Array): void {
  const SO_ATTACH_FILTER = 26;
  const program = { len: filter.length / 8, filter };
  const size = koffi.sizeof(filterProgram);
  check(
    "setsockopt SO_ATTACH_FILTER",
    libc.attachFilter(fd, SOL_SOCKET, SO_ATTACH_FILTER, program, size),
  );
}

/** Lets everything through again. */
export function detachFilter(fd: number): void {
  const SO_DETACH_FILTER = 27;
  setOption(fd, SOL_SOCKET, SO_DETACH_FILTER, 0);
}

/** Asks for a receive buffer of this size, past the system's limit where we may. */
export function setReceiveBuffer(fd: number, sizeBytes: number): void {
  const SO_RCVBUF = 8;
  const SO_RCVBUFFORCE = 33;
  try {
    setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, sizeBytes);
  } catch {
    setOption(fd, SOL_SOCKET, SO_RCVBUF, sizeBytes);
  }
}

/** Throws a SysError where there is no such descriptor. */
export function closeFd(fd: number): void {
  check("close", libc.close(fd));
}

/** The interface's number in this network namespace, or undefined when there is none of that name. */
export function interfaceIndex(name: string): number | undefined {
  return libc.if_nametoindex(name) || undefined;
}

/** The name that `uname -n` gives in this UTS namespace, at most 64 bytes. */
export function setHostName(name: string): void {
  check("sethostname", libc.sethostname(name, Buffer.byteLength(name)));
}

/** Throws a SysError that names `what`; what the kernel answers is in `argument`. */
export function ioctl(what: string, fd: number, request: number, argument?: Uint8Array): void {
  check(`ioctl ${what}`, libc.ioctl(fd, request, argument ?? null));
}

/** A struct termios as this process's C library has it: 60 bytes on glibc and musl. */
export function terminalAttributes(fd: number): Buffer {
  const termios = Buffer.alloc(60);
  check("tcgetattr", libc.tcgetattr(fd, termios));
  return termios;
}

/** Makes the attributes raw and sets both speeds; `speed` is one of termios.h's B constants. */
export function makeRaw(termios: Uint8Array, speed: number): void {
  libc.cfmakeraw(termios);
  check("cfsetspeed", libc.cfsetspeed(termios, speed));
}

export function setTerminalAttributes(fd: number, termios: Uint8Array): void {
  const TCSANOW = 0;
  check("tcsetattr", libc.tcsetattr(fd, TCSANOW, termios));
}

/** Throws away what was received and not read, and what was written and not sent. */
export function flushTerminal(fd: number): void {
  const TCIOFLUSH = 2;
  check("tcflush", libc.tcflush(fd, TCIOFLUSH));
}

const timespec = Buffer.alloc(16);

/** Seconds and nanoseconds of a clock of clock_gettime(2). */
export function clockTime(clock: number): readonly [seconds: number, nanoseconds: number] {
  check("clock_gettime", libc.clock_gettime(clock, timespec));
  return [Number(timespec.readBigInt64LE(0)), Number(timespec.readBigInt64LE(8))];
}

/** Acts on the calling thread alone; in this program that is the main thread of the process. */
export function setScheduler(policy: number, priority: number): void {
  check("sched_setscheduler", libc.sched_setscheduler(0, policy, int32(priority)));
}

/** What a polled descriptor has to tell. */
export interface PollCallbacks {
  onReadable(): void;
  /** Only after `wantWritable(true)`. */
  onWritable?(): void;
  /** The poll is dead and the descriptor is suspect: close both and open anew. */
  onLost(): void;
}

/** A descriptor that is being polled. */
export interface Poll {
  /** True from the beginning. While it is false, no hang-up is noticed either. */
  wantReadable(wanted: boolean): void;
  wantWritable(wanted: boolean): void;
  /** Must come before the descriptor is closed. Idempotent. */
  close(): void;
}

/**
 * Watches a descriptor by libuv's own poll, without a thread. libuv answers an error condition on
 * the descriptor by ending the poll for good, without an exception: that is `onLost`. A packet
 * socket must not be polled, since an interface going down is such an error (platform.md 2). What a
 * callback throws is an uncaught exception, as anywhere else.
 */
export function pollFd(fd: number, callbacks: PollCallbacks): Poll {
  // koffi's typings promise callback(events); the call is callback(status, events).
  const onEvent = (status: unknown, events?: { readable: boolean; writable: boolean }): void => {
    if (handle === undefined) return;
    if (typeof status === "number" && status < 0) callbacks.onLost();
    else if (events?.writable) callbacks.onWritable?.();
    // The callback before may have closed us.
    if (handle !== undefined && events?.readable) callbacks.onReadable();
  };
  const callback = onEvent as () => void;
  let handle: ReturnType<typeof koffi.node.poll> | undefined = koffi.node.poll(
    fd,
    { readable: true },
    callback,
  );
  let readable = true;
  let writable = false;
  const watch = (): void => {
    if (readable || writable) handle?.start({ readable, writable }, callback);
    else handle?.stop();
  };
  return {
    wantReadable: (wanted) => {
      readable = wanted;
      watch();
    },
    wantWritable: (wanted) => {
      writable = wanted;
      watch();
    },
    close: () => {
      handle?.close();
      handle = undefined;
    },
  };
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** The layouts in this folder are those of a 64-bit little-endian Linux; anything else stops here. */
function selfTest(): void {
  assert(endianness() === "LE", "the structures here are little-endian");
  assert(koffi.sizeof("long") === 8, "the structures here have 64-bit longs");
  assert(libc.getpid() === process.pid, "calls into the C library do not work: getpid");
  assert((interfaceIndex("lo") ?? 0) > 0, "calls into the C library do not work: if_nametoindex");
}

selfTest();
