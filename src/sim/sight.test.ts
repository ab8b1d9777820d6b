import { expect, test } from "vitest";
import { idleWorld } from "../../test/sim/idle-world.ts";
import { Sight } from "./sight.ts";

test("silence is counted only while a machine listens, less what it cannot know to have slept", () => {
  const world = idleWorld();
  const sight = new Sight(world);
  sight.heard(1, world.now);
  world.runUntil(6_000);
  const pulse = world.hosts[1].running?.pulse?.process;
  pulse?.stop();
  world.runUntil(8_000);
  expect(sight.silenceMs(1)).toBe(3_000);
  expect(sight.listenedMs(1)).toBe(3_000 - (2_000 - 600));
  pulse?.cont();
  world.runUntil(9_000);
  expect(sight.listenedMs(1)).toBe(4_000 - (2_000 - 600));
});

test("what it slept before it heard the other does not count", () => {
  const world = idleWorld();
  const sight = new Sight(world);
  const pulse = world.hosts[1].running?.pulse?.process;
  pulse?.stall(2_000);
  world.runUntil(7_500);
  sight.heard(1, world.now);
  world.runUntil(9_000);
  expect(sight.listenedMs(1)).toBe(1_500);
});

test("what has just arrived is not known yet, and what arrived a little before is", () => {
  const world = idleWorld();
  const sight = new Sight(world);
  sight.heard(1, world.now);
  world.runUntil(6_000);
  sight.heard(1, world.now);
  expect(sight.silenceMs(1)).toBe(1_000);
  world.runUntil(6_002);
  sight.heard(1, world.now);
  expect(sight.silenceMs(1)).toBe(1_002);
  world.runUntil(6_004);
  expect(sight.silenceMs(1)).toBe(4);
  world.runUntil(6_010);
  expect(sight.silenceMs(1)).toBe(8);
});
