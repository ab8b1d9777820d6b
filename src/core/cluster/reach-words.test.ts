import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareReach, decodeReach, encodeReach, type Reach } from "./reach.ts";

describe("a count on the wire", () => {
  const reach = fc
    .record({ since: fc.nat(), seen: fc.nat({ max: 999 }), of: fc.integer({ min: 1, max: 999 }) })
    .filter(({ seen, of }) => seen <= of);

  it("comes back as it went, and is short", () => {
    fc.assert(
      fc.property(reach, (one) => {
        expect(decodeReach(encodeReach(one))).toEqual(one);
        expect(encodeReach(one).length).toBeLessThanOrEqual(22);
      }),
    );
  });

  it.each(["", "2 0 1 2", "1 0 3 2", "1 0 0 0", "1 0 -1 2", "1 0 1 2 ", "1 x 1 2", "1 0 1234 1"])(
    "%j is none",
    (text) => {
      expect(decodeReach(text)).toBeUndefined();
    },
  );

  it("both see the same from their own side", () => {
    const mirrored: Readonly<Record<string, string>> = {
      fewer: "more",
      equal: "equal",
      more: "fewer",
    };
    fc.assert(
      fc.property(reach, reach, (ours: Reach, theirs: Reach) => {
        const seen = compareReach(ours, theirs);
        expect(compareReach(theirs, ours)).toBe(mirrored[seen] ?? seen);
      }),
    );
  });
});
