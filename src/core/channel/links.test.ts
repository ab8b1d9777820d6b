import { describe, expect, it } from "vitest";
import { mediumName } from "../../base/names.ts";
import {
  hearOn,
  judgeLink,
  type Link,
  named,
  nextLinkVerdictAt,
  silentLink,
  statusOf,
  unnamedByPlain,
} from "./links.ts";

const ETH1 = mediumName("eth1");
const NAMES_US = { hears: [{ medium: ETH1, ageMs: 5 }], ourMedia: [ETH1] };
const NAMES_NOBODY = { hears: [], ourMedia: [ETH1] };
/** Two beats of 2 s, and a second. */
const LASTS_MS = 5_000;

function heardLink(): Link {
  const link = hearOn(silentLink(ETH1), 1, 0);
  if (link === undefined) throw new Error("a first number is always heard");
  return link;
}

function judged(link: Link, now: number, expiry = 12_000): Link {
  return judgeLink(link, { expiry, beatMs: 2_000, isPeerLost: false }, now);
}

describe("a link", () => {
  it("is up when both hear each other, or when the peer does not say", () => {
    expect(statusOf(named(heardLink(), NAMES_US, 0))).toBe("up");
    expect(statusOf(unnamedByPlain(heardLink()))).toBe("up");
  });

  it("is one-way once the peer's beats have left it out for some beats", () => {
    const link = named(heardLink(), NAMES_NOBODY, 1_000);
    const at = 1_000 + LASTS_MS;
    expect(nextLinkVerdictAt(link, { expiry: 12_000, beatMs: 2_000 })).toBe(at);
    expect(statusOf(judged(link, at - 1))).toBe("up");
    expect(statusOf(judged(link, at))).toBe("in-only");
    expect(statusOf(judged(named(link, NAMES_US, at - 1), at))).toBe("up");
    expect(statusOf(named(judged(link, at), NAMES_US, at + 1))).toBe("up");
  });

  it("is out-only once the peer has heard us for some beats where we do not hear it", () => {
    const link = named(silentLink(ETH1), NAMES_US, 1_000);
    expect(statusOf(judged(link, 999 + LASTS_MS))).toBe("dead");
    expect(statusOf(judged(link, 1_000 + LASTS_MS))).toBe("out-only");
    expect(statusOf(silentLink(ETH1))).toBe("dead");
  });

  it("that is pulled is never called one-way, though both notice at a time of their own", () => {
    const ours = judged(named(heardLink(), NAMES_US, 0), 12_000);
    expect(statusOf(ours)).toBe("dead");
    const theirs = named(ours, NAMES_NOBODY, 15_900);
    expect(statusOf(judged(theirs, 30_000))).toBe("dead");
  });

  it("that works in one direction and then in the other alone begins anew to last", () => {
    const inOnly = judged(named(heardLink(), NAMES_NOBODY, 0), LASTS_MS);
    const outOnly = named(judged(inOnly, 12_000), NAMES_US, 12_500);
    expect(statusOf(judged(outOnly, 12_500))).toBe("dead");
    expect(statusOf(judged(outOnly, 12_500 + LASTS_MS))).toBe("out-only");
  });

  it("is not called one-way when the peer's device has another name", () => {
    const foreign = { hears: [{ medium: mediumName("enp3s0"), ageMs: 5 }], ourMedia: [ETH1] };
    expect(statusOf(judged(named(heardLink(), foreign, 0), 11_000))).toBe("up");
  });

  it("is not refreshed by a number that it has brought already", () => {
    expect(hearOn(heardLink(), 1, 500)).toBeUndefined();
    expect(hearOn(heardLink(), 2, 500)?.heardAt).toBe(500);
  });
});
