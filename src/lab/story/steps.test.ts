import { expect, test } from "vitest";
import { stepNames, steps, storyOf } from "./steps.ts";

test("the story plays every step there is, in the order of their names", () => {
  expect(steps.map((step) => step.name)).toEqual([...stepNames]);
});

test("a single event is played after the start and what leads up to it", () => {
  const names = (name: (typeof stepNames)[number]) => storyOf(name).map((step) => step.name);
  expect(names("start")).toEqual(["start"]);
  expect(names("standby")).toEqual(["start", "standby"]);
  expect(names("return")).toEqual(["start", "power-cut", "return"]);
});
