import { expect, test } from "vitest";
import { gridOrigin, latenessOf } from "./beat-grid.ts";

const onTime = [5000, 5100, 5200, 5300, 5400];

test("beats on the grid are not late", () => {
  expect(gridOrigin(onTime, 100)).toBe(5000);
  expect(latenessOf(onTime, 5000, 100)).toEqual([0, 0, 0, 0, 0]);
});

test("the grid is where most beats are, not where the first one is", () => {
  expect((gridOrigin([4930, ...onTime], 100) - 5000) % 100).toBe(0);
});

test("what varies less than the grid can be read is not a turn lost", () => {
  expect(latenessOf([5001, 5099.5, 5200], 5000, 100)).toEqual([1, 0, 0]);
});

test("a beat that is later than the next one's turn takes it along", () => {
  expect(latenessOf([5000, 5350, 5400], 5000, 100)).toEqual([0, 250, 0]);
});

test("a beat out of turn does not count, and those after it are as late as before", () => {
  expect(latenessOf([5000, 5040, 5130], 5000, 100)).toEqual([0, 30]);
});
