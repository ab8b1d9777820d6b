import { expect, test } from "vitest";
import { Chance } from "./chance.ts";
import { EventQueue } from "./event-queue.ts";
import { HostClock } from "./host-clock.ts";
import { SimProcess } from "./process.ts";

type Event = { kind: "wake" } | { kind: "drained" } | { kind: "bytes"; n: number };

function started(handle: (event: Event, process: SimProcess<Event>) => void = () => {}) {
  const queue = new EventQueue();
  const seen: string[] = [];
  const errors: unknown[] = [];
  const process: SimProcess<Event> = new SimProcess<Event>({
    clock: new HostClock(queue),
    chance: new Chance(9),
    startDelayMs: 100,
    begin: () => ({
      handle: (event) => {
        seen.push(event.kind === "bytes" ? `bytes ${event.n}` : event.kind);
        handle(event, process);
      },
    }),
    wake: { kind: "wake" },
    drained: { kind: "drained" },
    crashed: (error) => errors.push(error),
    ended: ({ code, signal }) => seen.push(`ended ${code ?? signal}`),
  });
  const live = (ms: number): void => {
    const until = queue.now + ms;
    while (queue.stepUntil(until));
  };
  live(101);
  return {
    queue,
    process,
    seen,
    errors,
    live,
    send: (n: number) => process.deliver({ kind: "bytes", n }),
  };
}

test("after SIGCONT a due timer comes before what waits in the sockets", () => {
  const { process, seen, live, send } = started();
  process.wakeAt(1_000);
  process.stop();
  live(2_000);
  send(1);
  send(2);
  expect(seen).toEqual([]);
  process.cont();
  expect(seen).toEqual(["wake", "bytes 1", "bytes 2"]);
});

test("who asks for what is behind the queues gets it behind them", () => {
  const { process, seen, live, send } = started((event, self) => {
    if (event.kind === "wake") self.askDrained();
  });
  process.wakeAt(1_000);
  process.stop();
  live(2_000);
  send(1);
  process.cont();
  live(1);
  expect(seen).toEqual(["wake", "bytes 1", "drained"]);
});

test("a stalled process catches up when its stall is over", () => {
  const { process, seen, live, send } = started();
  process.stall(500);
  send(1);
  live(499);
  expect(seen).toEqual([]);
  live(2);
  expect(seen).toEqual(["bytes 1"]);
});

test("a later timer replaces the earlier one", () => {
  const { process, seen, live } = started();
  process.wakeAt(500);
  process.wakeAt(3_000);
  live(2_000);
  expect(seen).toEqual([]);
  live(1_500);
  expect(seen).toEqual(["wake"]);
});

test("a loop that throws is reported and its process ends", () => {
  const { seen, errors, send } = started(() => {
    throw new Error("a bug of ours");
  });
  send(1);
  send(2);
  expect(seen).toEqual(["bytes 1", "ended 1"]);
  expect(errors).toHaveLength(1);
});

test("a killed process neither hears nor wakes", () => {
  const { process, seen, live, send } = started();
  process.wakeAt(500);
  process.end({ signal: "SIGKILL" });
  send(1);
  live(1_000);
  expect(seen).toEqual(["ended SIGKILL"]);
});

test("a call that takes long lets the world go on, and what comes meanwhile wait", () => {
  const { queue, process, seen, live, send } = started((event, self) => {
    if (event.kind !== "wake") return;
    self.passTime(500, () => queue.stepUntil(Infinity));
    seen.push(`back at ${Math.round(queue.now / 100)}`);
  });
  process.wakeAt(1_000);
  queue.at(1_200, () => send(1));
  live(2_000);
  expect(seen).toEqual(["wake", "back at 15", "bytes 1"]);
  expect(process.sleeps.map(({ from, to }) => Math.round(to - from))).toEqual([500]);
});

test("a process that is killed in such a call does not return from it", () => {
  const { queue, process, seen, errors, live } = started((event, self) => {
    if (event.kind !== "wake") return;
    self.passTime(500, () => queue.stepUntil(Infinity));
    seen.push("back");
  });
  process.wakeAt(1_000);
  queue.at(1_200, () => process.end({ signal: "SIGKILL" }));
  live(3_000);
  expect(seen).toEqual(["wake", "ended SIGKILL"]);
  expect(errors).toEqual([]);
});

test("how long it slept is one time, however it fell asleep", () => {
  const { process, live } = started();
  process.stop();
  live(200);
  process.stall(500);
  live(100);
  process.cont();
  live(100);
  expect(process.sleeps.map(({ from, to }) => to - from)).toEqual([400]);
  live(1_000);
  process.cont();
  expect(process.sleeps.map(({ from, to }) => to - from)).toEqual([700]);
});

test("a stall ends, whatever the fractions of its times come to", () => {
  const queue = new EventQueue();
  const chance = new Chance(3);
  let handled = 0;
  for (let n = 1; n <= 300; n += 1) {
    const process = new SimProcess<Event>({
      clock: new HostClock(queue),
      chance,
      startDelayMs: chance.next(),
      begin: () => ({
        handle: () => {
          handled += 1;
        },
      }),
      wake: { kind: "wake" },
      drained: { kind: "drained" },
      crashed: () => {},
      ended: () => {},
    });
    const startedBy = queue.now + 1;
    while (queue.stepUntil(startedBy));
    process.stall(5_000 / n);
    process.deliver({ kind: "bytes", n });
    const until = queue.now + 5_001 + n / 7;
    while (queue.stepUntil(until));
    expect(handled).toBe(n);
  }
});
