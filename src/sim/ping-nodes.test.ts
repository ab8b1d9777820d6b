import { expect, test } from "vitest";
import { idleWorld } from "../../test/sim/idle-world.ts";
import { Chance } from "./chance.ts";
import { applyFault, healAll } from "./fault.ts";
import { parseFault } from "./fault-words.ts";
import { SIDES } from "./station.ts";
import type { World } from "./world.ts";

const NODES = ["192.168.43.1", "routers"];

/** Whom they answer, both sides of one, then of the other. */
function answers({ network }: World): readonly boolean[] {
  return NODES.flatMap((node) => SIDES.map((side) => network.pingNodeAnswers(node, side)));
}

function after(...faults: readonly string[]): World {
  const world = idleWorld();
  for (const words of faults) {
    const fault = parseFault(words, ["zeus", "hera"]);
    if (fault === undefined) throw new Error(`no fault: ${words}`);
    applyFault(world, fault);
  }
  return world;
}

test.each([
  ["nothing is wrong", [], [true, true, true, true]],
  ["one is off", ["ping node routers goes off"], [true, true, false, false]],
  ["one is hidden", ["hide ping node 192.168.43.1 from hera"], [true, false, true, true]],
  ["all are off", ["the ping nodes go off"], [false, false, false, false]],
  ["a cable is pulled", ["cut eth0 of zeus"], [false, true, false, true]],
  ["the LAN is split", ["split the LAN"], [true, false, true, false]],
])("who is answered when %s, and all again when all is healed", (_, faults, expected) => {
  const world = after(...faults);
  expect(answers(world)).toEqual(expected);
  healAll(world);
  expect(answers(world)).toEqual([true, true, true, true]);
});

test("what comes back, or is shown again, answers", () => {
  const world = after(
    "ping node routers goes off",
    "hide ping node routers from hera",
    "ping node routers comes back",
  );
  expect(answers(world)).toEqual([true, true, true, false]);
  applyFault(world, { kind: "show-ping-node", node: "routers", side: 1 });
  expect(answers(world)).toEqual([true, true, true, true]);
});

test("a LAN that loses frames loses pings, either way", () => {
  const lost = (faults: readonly string[]): number => {
    const { network } = after(...faults);
    const chance = new Chance(1);
    return Array.from({ length: 1_000 }, () => network.losesPing(chance)).filter(Boolean).length;
  };
  expect(lost([])).toBe(0);
  const some = lost(["lose 0.2 on eth0"]);
  expect(some).toBeGreaterThan(300);
  expect(some).toBeLessThan(420);
});
