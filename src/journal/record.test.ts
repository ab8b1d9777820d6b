import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeName } from "../base/names.ts";
import type { ClusterRecord } from "../core/cluster/world.ts";
import { decodeRecord, encodeRecord } from "./record.ts";

const example: ClusterRecord = {
  bootId: "b1",
  at: 12_345.5,
  highestEpoch: 1_795_342_362,
  groups: {
    "192.168.43.53": {
      word: "owned",
      epoch: { number: 1_795_342_362, node: nodeName("zeus.example.com"), basis: "agreed" },
    },
  },
  peerReleased: false,
  deaths: [1_795_342_000],
  peerMacs: ["02:00:00:00:00:02"],
  peer: { uuid: "00112233445566778899aabbccddeeff", generation: 7, native: true },
  cleanStop: false,
};

describe("the journal's record", () => {
  it("comes back as it was written", () => {
    expect(decodeRecord(encodeRecord(example))).toEqual({ ok: true, record: example });
  });

  it("may lack a peer", () => {
    const alone = { ...example, peer: undefined };
    const decoded = decodeRecord(encodeRecord(alone));
    expect(decoded.ok && decoded.record.peer).toBeUndefined();
  });

  it("knows what rules have moved, and reads one that says nothing of it", () => {
    const [[name, group] = []] = Object.entries(example.groups);
    if (name === undefined || group === undefined) throw new Error("there is a group");
    const moves = { own: [11_000.5], peers: [10_000, 12_000] };
    const told = { ...example, groups: { [name]: { ...group, moves } } };
    expect(decodeRecord(encodeRecord(told))).toEqual({ ok: true, record: told });
    const untold = { ...example, groups: { [name]: { ...group, moves: undefined } } };
    expect(decodeRecord(encodeRecord(untold))).toEqual({ ok: true, record: example });
    const endless = { own: Array.from({ length: 9 }, () => 1), peers: [] };
    const odd = { ...example, groups: { [name]: { ...group, moves: endless } } };
    expect(decodeRecord(encodeRecord(odd))).toMatchObject({ ok: false });
  });

  it("is refused when one byte was changed, wherever it was", () => {
    const text = encodeRecord(example);
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom("x", "0", "\n", "\u0000"),
        (at, byte) => {
          const rotten = text.slice(0, at) + byte + text.slice(at + 1);
          expect(decodeRecord(rotten).ok).toBe(rotten === text);
        },
      ),
    );
  });

  it("is refused when it was cut short, wherever it was", () => {
    const text = encodeRecord(example);
    for (let length = 0; length < text.length; length++) {
      expect(decodeRecord(text.slice(0, length)).ok).toBe(false);
    }
  });

  it("never throws on what a disk may hold", () => {
    fc.assert(fc.property(fc.string(), (text) => !decodeRecord(text).ok));
  });

  it("says which part of a well-summed record is wrong", () => {
    const odd = { ...example, highestEpoch: -1 };
    const decoded = decodeRecord(encodeRecord(odd));
    expect(decoded).toMatchObject({ ok: false });
    expect(!decoded.ok && decoded.why).toContain("highestEpoch");
  });
});
