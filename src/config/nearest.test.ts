import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearest } from "./nearest.ts";

test("the distance is the number of letters to insert, delete, replace or swap", () => {
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("", "abc")).toBe(3);
  expect(editDistance("eht1", "eth1")).toBe(1);
  expect(editDistance("ab", "ba")).toBe(1);
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});

test("a slip is near, another word is not, a name without its domain is", () => {
  const names = ["keepalive", "deadtime", "zeus.example.com"];
  expect(nearest("keepalvie", names)).toBe("keepalive");
  expect(nearest("DEADTIME", names)).toBe("deadtime");
  expect(nearest("frobnicate", names)).toBeUndefined();
  expect(nearest("zeus", names)).toBe("zeus.example.com");
  expect(nearest("x".repeat(100_000), names)).toBeUndefined();
});
