import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "./event-queue.ts";

test("events run in the order of their times, equal times in the order of asking", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (times) => {
      const queue = new EventQueue();
      const ran: [number, number][] = [];
      times.forEach((time, index) => {
        queue.at(time, () => ran.push([queue.now, index]));
      });
      while (queue.stepUntil(100));
      const expected = times
        .map((time, index): [number, number] => [time, index])
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(ran).toEqual(expected);
      expect(queue.now).toBe(100);
    }),
  );
});

test("a cancelled event does not run, and a past time means now", () => {
  const queue = new EventQueue();
  const ran: string[] = [];
  queue.at(5, () => ran.push("cancelled")).cancel();
  queue.at(10, () => {
    queue.at(3, () => ran.push(`late at ${queue.now}`));
  });
  while (queue.stepUntil(20));
  expect(ran).toEqual(["late at 10"]);
});

test("nothing beyond the limit runs", () => {
  const queue = new EventQueue();
  queue.at(11, () => expect.unreachable());
  expect(queue.stepUntil(10)).toBe(false);
  expect(queue.now).toBe(10);
});
