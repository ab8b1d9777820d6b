import { expect, test } from "vitest";
import { idleWorld } from "../../test/sim/idle-world.ts";
import { groupName } from "../base/names.ts";
import { Ambush } from "./ambush.ts";
import type { World } from "./world.ts";

const ADDRESS = "192.168.43.53";
const GROUP = groupName(ADDRESS);

/** The first holds the address. */
function worldWith(ambush: Ambush): World {
  const world = idleWorld((itself) => [ambush.observer(itself)]);
  const where = { group: GROUP, groupIndex: 0, address: ADDRESS, interface: "eth0", prefix: 32 };
  world.hosts[0].running?.kernel.add({ ...where, lifetimeS: 3_600, isMuted: false });
  return world;
}

test("an ambush strikes once, when an address changes and not before", () => {
  const ambush = new Ambush();
  const world = worldWith(ambush);
  let struck = 0;
  ambush.lay(world, () => {
    struck += 1;
  });
  world.disturbed();
  expect(struck).toBe(0);
  world.hosts[0].running?.kernel.setMuted(GROUP, true);
  expect(struck).toBe(1);
  world.hosts[0].running?.kernel.setMuted(GROUP, false);
  expect(struck).toBe(1);
});

test("an ambush that is called off does not strike", () => {
  const ambush = new Ambush();
  const world = worldWith(ambush);
  let struck = 0;
  ambush.lay(world, () => {
    struck += 1;
  });
  ambush.callOff();
  world.hosts[0].running?.kernel.setMuted(GROUP, true);
  expect(struck).toBe(0);
});
