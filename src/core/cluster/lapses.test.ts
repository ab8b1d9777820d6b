import { expect, it } from "vitest";
import { Pair } from "../../../test/pair.ts";

it("an address that a program deletes while it is being taken is put back", () => {
  const pair = new Pair();
  pair.start("zeus");
  pair.start("hera");
  pair.join();
  for (let ms = 0; ms < 1000 && pair.hosts.zeus.address === "none"; ms += 1) pair.run(1);
  // The deletion was told before the start had: there was nothing to put back yet.
  pair.hosts.zeus.address = "none";
  pair.tick("zeus");
  pair.run(500);
  expect(pair.phase("zeus")).toBe("holding");
  expect(pair.hosts.zeus.address).toBe("answers");
});
