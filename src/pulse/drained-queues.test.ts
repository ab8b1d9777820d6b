import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, it } from "vitest";
import { DrainedQueues } from "./drained-queues.ts";

it("comes behind every packet that already waits in a socket", async () => {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const order: string[] = [];
  let drained: () => void = () => {};
  const queues = new DrainedQueues(() => {
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
