import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FloodGate, READ_MS } from "./flood-gate.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A thread that does nothing but what comes through the gate; time is vitest's. */
class Thread {
  usedMs = 1000;
  told: string[] = [];
  readonly gate = new FloodGate({
    now: () => Date.now(),
    usedMs: () => this.usedMs,
    shut: () => this.told.push("shut"),
    open: () => this.told.push("open"),
  });

  get isOpen(): boolean {
    return this.told.at(-1) !== "shut";
  }

  /** So many datagrams, which take so much together: also those that wait when the gate shuts. */
  handle(count: number, ms: number): void {
    for (let done = 0; done < count; done++) {
      this.usedMs += ms / count;
      this.gate.passed();
    }
  }

  /** As many as come through in so many milliseconds. @returns processor time spent on them */
  flood(forMs: number): number {
    const before = this.usedMs;
    const until = Date.now() + forMs;
    while (Date.now() < until) {
      if (this.isOpen) this.handle(50, 1);
      vi.advanceTimersByTime(1);
    }
    return this.usedMs - before;
  }
}

describe("the gate of a medium", () => {
  it("is open for a full receive buffer of what costs most, all at once", () => {
    const thread = new Thread();
    thread.handle(3000, 3000 * 0.075);
    expect(thread.told).toEqual([]);
  });

  it("lets a flood have a quarter of a processor and no more", () => {
    const thread = new Thread();
    const seconds = 20;
    const spent = thread.flood(seconds * 1000);
    expect(spent).toBeLessThanOrEqual(READ_MS.most + READ_MS.perSecond * seconds + 2);
    expect(spent).toBeGreaterThanOrEqual(0.9 * READ_MS.perSecond * seconds);
  });

  it("shuts in short moments, so that a part of every second is heard", () => {
    const thread = new Thread();
    thread.flood(1000);
    const quarters = Array.from({ length: 40 }, () => thread.flood(250));
    expect(Math.min(...quarters)).toBeGreaterThan(0);
  });

  it("counts what waited when it shut, and stays shut for longer", () => {
    const thread = new Thread();
    thread.flood(1000);
    while (thread.isOpen) thread.flood(1);
    thread.handle(2500, 100);
    vi.advanceTimersByTime(400);
    expect(thread.isOpen).toBe(false);
    vi.advanceTimersByTime(200);
    expect(thread.isOpen).toBe(true);
  });

  it("counts no more than a datagram can cost of what was done between two of them", () => {
    const thread = new Thread();
    for (let beats = 0; beats < 1000; beats++) {
      thread.handle(1, 50);
      vi.advanceTimersByTime(50);
    }
    expect(thread.told).toEqual([]);
  });

  it("can be closed by what shuts it", () => {
    const told: string[] = [];
    let usedMs = 0;
    const gate = new FloodGate({
      now: () => Date.now(),
      usedMs: () => usedMs++,
      shut: () => {
        told.push("shut");
        gate.close();
      },
      open: () => told.push("open"),
    });
    for (let count = 0; count < 1000; count++) gate.passed();
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual(["shut"]);
  });

  it("does nothing any more once it is closed", () => {
    const thread = new Thread();
    thread.flood(2000);
    const told = thread.told.length;
    thread.gate.close();
    thread.gate.close();
    thread.handle(10_000, 10_000);
    vi.advanceTimersByTime(10_000);
    expect(thread.told).toHaveLength(told);
  });
});
