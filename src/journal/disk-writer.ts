import { writeDurable } from "./atomic-file.ts";

/** A write that takes longer is reported: the machine's memory of itself hangs on a sick disk. */
const SLOW_MS = 2_000;
/** A disk that failed is tried again with the last record after this. */
const RETRY_MS = 5_000;

/** Which file, and who hears of the disk's health. */
export interface DiskWriterOptions {
  readonly path: string;
  /** Called when the disk's health or its detail changes, not at each write. */
  readonly onDisk: (ok: boolean, detail: string) => void;
  /** For tests: what writes. */
  readonly write?: (path: string, text: string) => Promise<void>;
  readonly retryMs?: number;
  readonly slowMs?: number;
}

/**
 * Keeps a file on disk equal to the last text given, by another thread. While one write is under way
 * only the newest text waits: the queue is bounded to one, and the file is behind by the write under
 * way plus one (safety.md 5 allows 200 ms on a healthy disk).
 */
export class DiskWriter {
  readonly #options: DiskWriterOptions;
  #waiting: string | undefined;
  #writing: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #ok = true;
  #detail = "";

  constructor(options: DiskWriterOptions) {
    this.#options = options;
  }

  write(text: string): void {
    this.#waiting = text;
    clearTimeout(this.#retry);
    this.#writing ??= this.#run();
  }

  /** Resolves when nothing waits and nothing is under way: before a clean end. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    clearTimeout(this.#retry);
  }

  async #run(): Promise<void> {
    while (this.#waiting !== undefined) {
      const text = this.#waiting;
      this.#waiting = undefined;
      if (!(await this.#writeOne(text))) {
        this.#retryWith(text);
        break;
      }
    }
    this.#writing = undefined;
  }

  async #writeOne(text: string): Promise<boolean> {
    const { path } = this.#options;
    const slow = setTimeout(
      () => this.#report(false, `${path}: a write has taken longer than ${SLOW_MS / 1000} s`),
      this.#options.slowMs ?? SLOW_MS,
    );
    try {
      await (this.#options.write ?? writeDurable)(path, text);
      this.#report(true, "");
      return true;
    } catch (error) {
      this.#report(false, `${path}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    } finally {
      clearTimeout(slow);
    }
  }

  #retryWith(text: string): void {
    const retry = () => this.write(this.#waiting ?? text);
    this.#retry = setTimeout(retry, this.#options.retryMs ?? RETRY_MS);
    this.#retry.unref();
  }

  #report(ok: boolean, detail: string): void {
    if (ok === this.#ok && detail === this.#detail) return;
    this.#ok = ok;
    this.#detail = detail;
    this.#options.onDisk(ok, detail);
  }
}
