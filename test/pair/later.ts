/** What is to happen at a virtual time; of what is due together, the first that was put in goes first. */
export class Later {
  readonly #items: { at: number; order: number; run: () => void }[] = [];
  #order = 0;

  at(at: number, run: () => void): void {
    this.#items.push({ at, order: this.#order++, run });
  }

  /** Runs what is due. What that adds waits for the next time, even if it is due already. */
  run(now: number): void {
    const due = this.#items.filter((item) => item.at <= now).sort((a, b) => a.order - b.order);
    for (const item of due) {
      this.#items.splice(this.#items.indexOf(item), 1);
      item.run();
    }
  }
}
