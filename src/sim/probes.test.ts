import { expect, test } from "vitest";
import { idleWorld } from "../../test/sim/idle-world.ts";
import { groupName } from "../base/names.ts";
import { runProbe } from "./probes.ts";
import type { World } from "./world.ts";

const ADDRESS = "192.168.43.53";
const GROUP = groupName(ADDRESS);

/** The first holds the address. */
function heldWorld(): World {
  const world = idleWorld();
  const where = { group: GROUP, groupIndex: 0, address: ADDRESS, interface: "eth0", prefix: 32 };
  world.hosts[0].running?.kernel.add({ ...where, lifetimeS: 3_600, isMuted: false });
  return world;
}

test.each([
  [3, 1],
  [2, 0],
  [1, 0],
])("where two questions are lost, a probe of %i tries hears %i answers", (tries, count) => {
  const world = heldWorld();
  const asker = world.hosts[1];
  asker.questionsLost = 2;
  let answers: number | undefined;
  if (asker.running === undefined) throw new Error("it has power");
  runProbe(asker.running, { kind: "address", group: GROUP, tries, spacingMs: 100 }, (result) => {
    answers = result.answers.filter(({ interface: name }) => name === "eth0").length;
  });
  world.runUntil(world.now + 1_000);
  expect(answers).toBe(count);
});
