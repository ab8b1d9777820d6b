import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claim, decodeClaims, encodeClaims } from "./claim.ts";

const claim: fc.Arbitrary<Claim> = fc.record({
  part: fc.constantFrom("owns", "takes", "drains", "free", "unable", "unknown"),
  epoch: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  basis: fc.constantFrom("agreed", "proved", "silent"),
});

describe("the words of a beat", () => {
  it("are a dozen bytes a group", () => {
    const words = encodeClaims([
      { part: "owns", epoch: 0x6b02c01a, basis: "agreed" },
      { part: "free", epoch: 7, basis: "silent" },
    ]);
    expect(words).toBe("o6b02c01aa,f7s");
  });

  it("come back as they went", () => {
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 20 }), (claims) => {
        expect(decodeClaims(encodeClaims(claims))).toEqual(claims);
      }),
    );
  });

  it("of a peer may be anything: what nobody writes means nothing, and nothing throws", () => {
    for (const words of [
      "o",
      "o7",
      "7a",
      "z7a",
      "o7z",
      "o7a,",
      ",o7a",
      "o7a;f7a",
      "oFFa",
      " o7a",
      "o-7a",
    ])
      expect(decodeClaims(words), words).toBeUndefined();
    expect(decodeClaims(`o${"f".repeat(13)}a`)).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (words) => {
        const claims = decodeClaims(words);
        expect((claims ?? []).every(({ epoch }) => Number.isSafeInteger(epoch))).toBe(true);
      }),
    );
  });
});
