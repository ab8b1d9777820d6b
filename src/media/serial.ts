import { closeSync, readSync, writeSync } from "node:fs";
import { type Allowance, fullBudget, refilled } from "../base/budget.ts";
import type { MediumConfig } from "../config/types.ts";
import { bootTimeMs } from "../linux/clock.ts";
import { isSysError, type Poll, pollFd } from "../linux/sys.ts";
import { openSerialPort, unsentBytes } from "../linux/termios.ts";
import { BackOff } from "./back-off.ts";
import { type Medium, type MediumCallbacks, onChange, type SendOptions } from "./medium.ts";

type Config = Extract<MediumConfig, { kind: "serial" }>;

/** What may wait beside the kernel's own buffer: 8.5 s of line time at 9600 baud. */
export const QUEUE_BYTES_MAX = 8192;
/** Nothing went out for so long though something waits: the line is of no use. */
const STUCK_MS = 5000;
const CHUNK_BYTES = 4096;
/**
 * What is read of a line. The fastest that ha.cf knows, 460 800 baud, brings 46 080 bytes a second; what
 * brings more is no line that beats come over, and would keep us busy with its noise alone.
 */
export const READ_BYTES: Allowance = { most: 64 * 1024, perSecond: 64 * 1024 };

/**
 * The null-modem: bytes as they come, framing is the wire's. Opened anew, with back-off, when it
 * cannot be opened or hangs up. Callbacks come after this has returned.
 *
 * The device is read and written directly when libuv's poll says so, rather than by Node's tty
 * streams: those open the device a second time by name, which fails after TIOCEXCL for anybody but
 * the machine's own root and then makes every write block.
 */
export function openSerial(config: Config, callbacks: MediumCallbacks): Medium {
  return new Serial(config, callbacks);
}

class Serial implements Medium {
  readonly name: Config["name"];
  readonly counts = { sent: 0, skipped: 0, dropped: 0 };
  readonly #config: Config;
  readonly #onBytes: (bytes: Uint8Array) => void;
  readonly #tell: (usable: boolean, detail: string) => void;
  readonly #buffer = Buffer.alloc(CHUNK_BYTES);
  #port: { readonly fd: number; readonly poll: Poll } | undefined;
  #queue: Buffer = Buffer.alloc(0);
  /** When the line last took something, or had nothing to take. */
  #progressAt = 0;
  #mayRead = fullBudget(READ_BYTES);
  #pauseTimer: NodeJS.Timeout | undefined;
  readonly #reopening = new BackOff(() => this.#open());
  #closed = false;

  constructor(config: Config, callbacks: MediumCallbacks) {
    this.name = config.name;
    this.#config = config;
    this.#onBytes = callbacks.onBytes;
    this.#tell = onChange(callbacks.onState);
    queueMicrotask(() => this.#open());
  }

  send(bytes: Uint8Array, options: SendOptions): void {
    const isSkipped = options.mayDrop && this.isBusy();
    if (this.#port === undefined) {
      this.counts.dropped++;
    } else if (isSkipped) {
      this.counts.skipped++;
      this.#noticeStuck();
    } else if (this.#queue.length + bytes.length > QUEUE_BYTES_MAX) {
      this.counts.dropped++;
      this.#noticeStuck();
    } else {
      this.counts.sent++;
      this.#queue = Buffer.concat([this.#queue, bytes]);
      this.#flush();
    }
  }

  /** A former write waits here, or in the driver: a 300-byte beat is a third of a second on the line. */
  isBusy(): boolean {
    if (this.#port === undefined) return false;
    try {
      const busy = this.#queue.length > 0 || unsentBytes(this.#port.fd) > 0;
      if (!busy) this.#progressAt = bootTimeMs();
      return busy;
    } catch (error) {
      // EIO: the device was unplugged, and the poll has not told yet.
      if (!isSysError(error)) throw error;
      this.#lost(error.message);
      return false;
    }
  }

  close(): void {
    this.#closed = true;
    this.#reopening.end();
    this.#closePort();
  }

  #noticeStuck(): void {
    if (bootTimeMs() - this.#progressAt < STUCK_MS) return;
    this.#tell(false, `${this.#config.device}: takes nothing, ${this.#queue.length} bytes wait`);
  }

  #open(): void {
    if (this.#closed) return;
    const { device, baud } = this.#config;
    try {
      const fd = openSerialPort(device, baud);
      const poll = pollFd(fd, {
        onReadable: () => this.#read(),
        onWritable: () => this.#flush(),
        onLost: () => this.#lost("hung up"),
      });
      this.#port = { fd, poll };
      this.#progressAt = bootTimeMs();
      this.#tell(true, `${device}: open at ${baud} baud`);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#lost(error.message);
    }
  }

  #read(): void {
    if (this.#port === undefined) return;
    try {
      const count = readSync(this.#port.fd, this.#buffer);
      if (count > 0) {
        this.#reopening.succeeded();
        this.#account(count);
        this.#onBytes(Buffer.from(this.#buffer.subarray(0, count)));
      } else {
        this.#lost("hung up");
      }
    } catch (error) {
      this.#settle(error);
    }
  }

  #account(count: number): void {
    const budget = refilled(this.#mayRead, READ_BYTES, bootTimeMs());
    const left = budget.left - count;
    this.#mayRead = { ...budget, left };
    if (left >= CHUNK_BYTES) return;
    // What comes meanwhile waits in the driver's buffer, or is lost there.
    this.#port?.poll.wantReadable(false);
    const pauseMs = (1000 * (CHUNK_BYTES - left)) / READ_BYTES.perSecond;
    this.#pauseTimer = setTimeout(() => this.#port?.poll.wantReadable(true), pauseMs);
  }

  #flush(): void {
    if (this.#port === undefined) return;
    try {
      while (this.#queue.length > 0) {
        const count = writeSync(this.#port.fd, this.#queue);
        this.#queue = this.#queue.subarray(count);
        this.#progressAt = bootTimeMs();
      }
      this.#tell(true, `${this.#config.device}: open at ${this.#config.baud} baud`);
    } catch (error) {
      this.#settle(error);
    }
    this.#port?.poll.wantWritable(this.#queue.length > 0);
  }

  /** Not now is no failure; anything else is the end of this opening. */
  #settle(error: unknown): void {
    if (!(error instanceof Error)) throw error;
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") this.#lost(error.message);
  }

  #lost(why: string): void {
    this.#closePort();
    this.#tell(false, `${this.#config.device}: ${why}`);
    if (!this.#closed) this.#reopening.failed();
  }

  #closePort(): void {
    clearTimeout(this.#pauseTimer);
    this.#port?.poll.close();
    if (this.#port !== undefined) closeSync(this.#port.fd);
    this.#port = undefined;
    this.#queue = Buffer.alloc(0);
  }
}
