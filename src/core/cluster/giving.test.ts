import { expect, it } from "vitest";
import { Pair, served } from "../../../test/pair.ts";

it("a move whose taker has begun anew is called off at once, not after a minute", () => {
  const pair = new Pair();
  pair.start("zeus");
  pair.start("hera");
  pair.join();
  pair.run(4000);
  pair.request("zeus", 7, "standby");
  for (let ms = 0; ms < 500 && pair.phase("hera") !== "preparing"; ms += 1) pair.run(1);
  pair.run(2);
  expect(pair.phase("zeus")).toBe("offering");
  pair.kill("hera");
  pair.start("hera");
  pair.join();
  pair.run(500);
  expect([pair.phase("zeus"), pair.part("hera")]).toEqual(["holding", "free"]);
  expect(pair.hosts.zeus.answers).toMatchObject([{ id: 7, ok: false }]);
});

it("a move that cannot be proven is answered to the node that asked for it, with the reason", () => {
  const pair = new Pair();
  pair.questionsLost = 1;
  served(pair);
  pair.request("hera", 7, "takeover");
  pair.run(16_000);
  expect(pair.phase("zeus")).toBe("holding");
  expect(pair.hosts.hera.answers).toMatchObject([
    { id: 7, ok: false, text: expect.stringContaining("does not answer on the service interface") },
  ]);
});
