import { describe, expect, it } from "vitest";
import { mediumName } from "../../base/names.ts";
import { hearOn, type Link, named, silentLink, statusOf, unnamedByPlain } from "./links.ts";

const ETH1 = mediumName("eth1");
const HEARD = [{ medium: ETH1, ageMs: 5 }];

function heardLink(): Link {
  const link = hearOn(silentLink(ETH1), 1, 0);
  if (link === undefined) throw new Error("a first number is always heard");
  return link;
}

describe("a link", () => {
  it("is up when both hear each other, or when the peer does not say", () => {
    expect(statusOf(named(heardLink(), HEARD, [ETH1]))).toBe("up");
    expect(statusOf(unnamedByPlain(heardLink()))).toBe("up");
  });

  it("is one-way after two beats that leave it out", () => {
    const once = named(heardLink(), [], [ETH1]);
    expect(statusOf(once)).toBe("up");
    expect(statusOf(named(once, [], [ETH1]))).toBe("in-only");
  });

  it("is out-only when the peer hears us where we do not hear it", () => {
    expect(statusOf(named(silentLink(ETH1), HEARD, [ETH1]))).toBe("out-only");
    expect(statusOf(silentLink(ETH1))).toBe("dead");
  });

  it("is not called one-way when the peer's device has another name", () => {
    const foreign = [{ medium: mediumName("enp3s0"), ageMs: 5 }];
    const link = named(named(heardLink(), foreign, [ETH1]), foreign, [ETH1]);
    expect(statusOf(link)).toBe("up");
  });

  it("is not refreshed by a number that it has brought already", () => {
    expect(hearOn(heardLink(), 1, 500)).toBeUndefined();
    expect(hearOn(heardLink(), 2, 500)?.heardAt).toBe(500);
  });
});
