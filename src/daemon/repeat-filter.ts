/** The same sentence more often than this within a window says nothing new. */
const LINES_MAX = 5;
const WINDOW_MS = 10_000;
/** Sentences that are watched at once; the oldest makes room. */
const SENTENCES_MAX = 200;

/** Bounds how often one and the same sentence is logged; what was left out is counted and told. */
export class RepeatFilter {
  readonly #seen = new Map<string, { since: number; count: number }>();

  /** What to log for this sentence now: itself, or nothing; before it, what was left out of others. */
  pass(sentence: string, now: number): readonly string[] {
    const told = this.#closeWindows(now);
    const seen = this.#seen.get(sentence) ?? { since: now, count: 0 };
    seen.count += 1;
    this.#seen.set(sentence, seen);
    if (this.#seen.size > SENTENCES_MAX) this.#forgetOldest();
    return seen.count <= LINES_MAX ? [...told, sentence] : told;
  }

  #closeWindows(now: number): string[] {
    const told: string[] = [];
    for (const [sentence, { since, count }] of this.#seen) {
      if (now - since < WINDOW_MS) continue;
      this.#seen.delete(sentence);
      if (count > LINES_MAX) told.push(`${sentence} (${count - LINES_MAX} more times)`);
    }
    return told;
  }

  #forgetOldest(): void {
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined) this.#seen.delete(oldest);
  }
}
