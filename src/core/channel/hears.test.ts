import { describe, expect, it } from "vitest";
import { mediumName } from "../../base/names.ts";
import { decodeHears, encodeHears } from "./hears.ts";

describe("the list of whom a node hears where", () => {
  it("reads back, with ages in whole milliseconds", () => {
    const hearings = [
      { medium: mediumName("eth1"), ageMs: 119.6 },
      { medium: mediumName("/dev/ttyS1"), ageMs: 0 },
    ];
    expect(encodeHears(hearings)).toBe("eth1:120,/dev/ttyS1:0");
    expect(decodeHears("eth1:120,/dev/ttyS1:0").map(({ ageMs }) => ageMs)).toEqual([120, 0]);
  });

  it("takes names with colons, as alias interfaces have", () => {
    expect(decodeHears("eth0:1:50")).toEqual([{ medium: "eth0:1", ageMs: 50 }]);
  });

  it("leaves out what it cannot read", () => {
    expect(decodeHears("")).toEqual([]);
    expect(decodeHears("eth1,eth1:,eth1:-4,:3,eth1:9")).toEqual([{ medium: "eth1", ageMs: 9 }]);
  });

  it("is bounded", () => {
    const long = Array.from({ length: 1000 }, (_, n) => `eth${n}:1`).join(",");
    expect(decodeHears(long)).toHaveLength(16);
  });
});
