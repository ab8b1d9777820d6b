import { expect, it } from "vitest";
import { Pair } from "../../../test/pair.ts";

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
