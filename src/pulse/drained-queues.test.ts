import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { bootTimeMs } from "../linux/clock.ts";
import { DrainedQueues } from "./drained-queues.ts";

it("comes behind every packet that already waits in a socket", async () => {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const order: string[] = [];
  let drained: () => void = () => {};
  const queues = new DrainedQueues(bootTimeMs, () => {
    order.push("drained");
    drained();
  });
  socket.on("message", () => {
    order.push("packet");
    queues.heard();
  });
  const sent = Array.from(
    { length: 150 },
    () =>
      new Promise<void>((resolve) => {
        socket.send("beat", socket.address().port, "127.0.0.1", () => resolve());
      }),
  );
  await Promise.all(sent);
  await new Promise<void>((resolve) => {
    drained = resolve;
    order.length = 0;
    for (let n = 0; n < 150; n++) socket.send("beat", socket.address().port, "127.0.0.1");
    queues.ask();
    queues.ask();
  });
  expect(order.filter((what) => what === "packet").length).toBeGreaterThanOrEqual(150);
  expect(order.filter((what) => what === "drained")).toHaveLength(1);
  expect(order.at(-1)).toBe("drained");
  socket.close();
});

describe("where a flood never lets it become quiet", () => {
  /** One packet in each turn of the event loop, each of which takes so long; when it is over. */
  const overAt = (turnMs: number): Promise<number> => {
    let now = 0;
    return new Promise((resolve) => {
      const queues = new DrainedQueues(
        () => now,
        () => {
          clearImmediate(next);
          resolve(now);
        },
      );
      const turn = (): NodeJS.Immediate =>
        setImmediate(() => {
          now += turnMs;
          queues.heard();
          next = turn();
        });
      let next = turn();
      queues.ask();
    });
  };

  it("is over after a tenth of a second, so that no renewal comes too late for it", async () => {
    expect(await overAt(2)).toBeLessThanOrEqual(104);
    expect(await overAt(30)).toBeLessThanOrEqual(150);
  });

  it("has had a few turns of every socket by then, however slow they are", async () => {
    expect(await overAt(200)).toBeGreaterThanOrEqual(600);
  });
});
