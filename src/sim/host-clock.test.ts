import { expect, test } from "vitest";
import { EventQueue } from "./event-queue.ts";
import { HostClock } from "./host-clock.ts";

function run(queue: EventQueue, until: number): void {
  while (queue.stepUntil(until));
}

test("a machine's clock counts from its power-on", () => {
  const queue = new EventQueue();
  run(queue, 500);
  const clock = new HostClock(queue);
  run(queue, 800);
  expect(clock.now()).toBe(300);
});

test("a frozen machine sees no gap, and its timers keep their distance", () => {
  const queue = new EventQueue();
  const clock = new HostClock(queue);
  const fired: number[] = [];
  clock.at(100, () => fired.push(queue.now));
  clock.at(5_000, () => fired.push(queue.now));
  run(queue, 40);
  clock.freeze();
  run(queue, 1_040);
  expect(clock.now()).toBe(40);
  clock.thaw();
  run(queue, 20_000);
  expect(fired).toEqual([1_100, 6_000]);
});

test("after a power cut no timer of that boot fires", () => {
  const queue = new EventQueue();
  const clock = new HostClock(queue);
  clock.at(100, () => expect.unreachable());
  clock.end();
  run(queue, 200);
});
