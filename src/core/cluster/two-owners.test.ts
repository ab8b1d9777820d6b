import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClaimRecord } from "./group.ts";
import { decodeRecord, encodeRecord, keeps, precedence, whyKept } from "./two-owners.ts";

/** Small ranges, so that ties come up at every level of the rule. */
const record = (node: string): fc.Arbitrary<ClaimRecord> =>
  fc.record({
    node: fc.constant(node),
    epoch: fc.integer({ min: 1, max: 3 }),
    basis: fc.constantFrom("agreed", "proved", "silent"),
    carrier: fc.boolean(),
    reach: fc.option(fc.record({ seen: fc.nat({ max: 2 }), of: fc.constantFrom(2, 3) }), {
      nil: undefined,
    }),
    healthy: fc.boolean(),
    connections: fc.integer({ min: 0, max: 2 }),
    heldMs: fc.integer({ min: 0, max: 2 }),
    nonce: fc.integer({ min: 0, max: 0xffffffff }).map((n) => n.toString(16).padStart(8, "0")),
  });
const preferred = fc.constantFrom("zeus", "hera", "another");

const plain: ClaimRecord = {
  node: "zeus",
  epoch: 7,
  basis: "silent",
  carrier: true,
  reach: { seen: 1, of: 2 },
  healthy: true,
  connections: 0,
  heldMs: 1000,
  nonce: "00c0ffee",
};

describe("where two owners meet", () => {
  it("exactly one of the two keeps the group, whoever asks", () => {
    fc.assert(
      fc.property(record("zeus"), record("hera"), preferred, (a, b, home) => {
        expect(keeps(a, b, home)).toBe(!keeps(b, a, home));
      }),
    );
  });

  it("both see the same precedence from their own side", () => {
    const mirrored = { ours: "theirs", theirs: "ours", settle: "settle" } as const;
    fc.assert(
      fc.property(record("zeus"), record("hera"), (a, b) => {
        expect(precedence(b, a)).toBe(mirrored[precedence(a, b)]);
      }),
    );
  });

  it.each([
    ["reachable clients before all", { carrier: false, heldMs: 9999 }, "hera", "no carrier"],
    [
      "ping nodes before health",
      { reach: { seen: 2, of: 2 }, healthy: false },
      "zeus",
      "2 ping nodes",
    ],
    ["no word of ping nodes decides nothing", { reach: undefined, heldMs: 999 }, "hera", "longer"],
    ["other ping nodes neither", { reach: { seen: 2, of: 3 }, heldMs: 999 }, "hera", "longer"],
    ["health before connections", { healthy: false, connections: 9 }, "hera", "all run"],
    ["connections before time", { connections: 3, heldMs: 0 }, "zeus", "3 established"],
    ["longer service before the preferred node", { heldMs: 999 }, "hera", "longer"],
    ["the preferred node before the name", {}, "zeus", "preferred"],
  ] as const)("%s", (_, patch, winner, why) => {
    const zeus: ClaimRecord = { ...plain, ...patch };
    const hera: ClaimRecord = { ...plain, node: "hera" };
    const [first, second] = keeps(zeus, hera, "zeus") ? [zeus, hera] : [hera, zeus];
    expect(first.node).toBe(winner);
    expect(whyKept(first, second, "zeus")).toContain(why);
  });

  it.each([
    ["proved beats a higher silent one", [5, "proved"], [9, "silent"], "ours"],
    ["of two agreed ones the later counts", [9, "agreed"], [5, "agreed"], "ours"],
    ["a later silent one decides nothing", [9, "silent"], [5, "agreed"], "settle"],
    ["a later agreed one beats a silent one", [9, "agreed"], [5, "silent"], "ours"],
    ["equal numbers decide nothing", [5, "agreed"], [5, "agreed"], "settle"],
  ] as const)("%s", (_, [ourEpoch, ourBasis], [theirEpoch, theirBasis], expected) => {
    const ours = { epoch: ourEpoch, basis: ourBasis };
    expect(precedence(ours, { epoch: theirEpoch, basis: theirBasis })).toBe(expected);
  });
});

describe("a claim record", () => {
  it("comes back as it went", () => {
    fc.assert(
      fc.property(record("zeus.example.com"), (one) => {
        expect(decodeRecord(encodeRecord(one))).toEqual(one);
      }),
    );
  });

  it("that nobody writes is none, and nothing throws", () => {
    const { rec = "" } = encodeRecord(plain);
    for (const bad of ["", `${rec} `, rec.replace("silent", "certain"), rec.replace(" 1 ", " 2 ")])
      expect(decodeRecord({ rec: bad }), bad).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (anything) => {
        expect(decodeRecord({ rec: anything, pings: anything })?.node).not.toBe("");
      }),
    );
  });

  it("of an older version is read, and stands without what is reached", () => {
    const { rec = "" } = encodeRecord(plain);
    expect(decodeRecord({ rec })).toEqual({ ...plain, reach: undefined });
  });
});
