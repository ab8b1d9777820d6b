import { expect, test } from "vitest";
import { processorsIn } from "./processors.ts";

test.each([
  ["0", [0]],
  ["0-1", [0, 1]],
  ["2-3,7", [2, 3, 7]],
  ["", []],
])("the list `%s` of cpuset(7)", (list, processors) => {
  expect(processorsIn(list)).toEqual(processors);
});
