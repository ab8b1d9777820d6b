import { assert } from "../base/assert.ts";

/** Something that will happen, unless it is cancelled first. */
export interface Timer {
  /** Milliseconds of virtual time. */
  readonly at: number;
  cancel(): void;
}

/**
 * The heart of virtual time: a binary heap ordered by (time, order of asking). The same questions in
 * the same order give the same answers, so a run is a function of its seed. Time jumps from one event
 * to the next and never goes back.
 */
export class EventQueue {
  #now = 0;
  #asked = 0;
  #done = 0;
  readonly #heap: Entry[] = [];

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** Events run so far, for the measure of speed. */
  get done(): number {
    return this.#done;
  }

  /** Runs this at that time, or now (behind what already waits for now) when the time is past. */
  at(time: number, run: () => void): Timer {
    assert(!Number.isNaN(time), "an event has a time");
    this.#asked += 1;
    const entry = new Entry(Math.max(time, this.#now), this.#asked, run);
    this.#rise(entry);
    return entry;
  }

  after(ms: number, run: () => void): Timer {
    return this.at(this.#now + ms, run);
  }

  /** Runs the next event if it comes before `limit`; otherwise moves the clock there and says no. */
  stepUntil(limit: number): boolean {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.at > limit) {
        this.#now = Math.max(this.#now, limit);
        return false;
      }
      this.#removeFirst();
      if (first.run === undefined) continue;
      this.#now = first.at;
      this.#done += 1;
      first.run();
      return true;
    }
  }

  #rise(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.isBefore(entry)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      if (left === undefined) break;
      const right = heap[2 * index + 2];
      const rightIsLess = right?.isBefore(left) === true;
      const less = rightIsLess ? right : left;
      if (less === undefined || last.isBefore(less)) break;
      heap[index] = less;
      index = 2 * index + (rightIsLess ? 2 : 1);
    }
    heap[index] = last;
  }
}

class Entry implements Timer {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;

  constructor(at: number, order: number, run: () => void) {
    this.at = at;
    this.order = order;
    this.run = run;
  }

  isBefore(other: Entry): boolean {
    return this.at < other.at || (this.at === other.at && this.order < other.order);
  }

  cancel(): void {
    this.run = undefined;
  }
}
