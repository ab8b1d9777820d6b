/** Cuts a stream of bytes into lines; what is longer than the bound is not kept. */
export class LineReader {
  readonly #bytesMax: number;
  #pending: Buffer[] = [];
  #size = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The lines that these bytes complete; `tooLong` once a line exceeds the bound: stop reading then. */
  push(bytes: Buffer): { readonly lines: readonly string[]; readonly tooLong: boolean } {
    const lines: string[] = [];
    let from = 0;
    for (;;) {
      const at = bytes.indexOf(0x0a, from);
      const end = at < 0 ? bytes.length : at;
      this.#size += end - from;
      if (this.#size > this.#bytesMax) return { lines, tooLong: true };
      this.#pending.push(bytes.subarray(from, end));
      if (at < 0) return { lines, tooLong: false };
      lines.push(Buffer.concat(this.#pending).toString("utf8"));
      this.#pending = [];
      this.#size = 0;
      from = at + 1;
    }
  }
}
