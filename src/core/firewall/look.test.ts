import { describe, expect, it } from "vitest";
import { mediumName } from "../../base/names.ts";
import { type Firewall, look, type Obstacle, type Sight, UNWATCHED, type Wish } from "./look.ts";

const ETH1 = mediumName("eth1");
const pace = { beatMs: 2000, warntimeMs: 6000 };

/** A peer that is heard on another medium and not on this one, and nothing seen yet. */
const silent: Sight = {
  medium: ETH1,
  link: { medium: ETH1, status: "dead", ageMs: undefined },
  isHeardElsewhere: true,
  usable: true,
  isRefused: false,
  arrived: undefined,
  left: undefined,
};
const up: Sight["link"] = { medium: ETH1, status: "up", ageMs: 100 };
const inOnly: Sight["link"] = { ...up, status: "in-only" };
const outOnly: Sight["link"] = { medium: ETH1, status: "out-only", ageMs: undefined };

/** Looks every two seconds, with the tick of the tutorial's timers. */
class Watch {
  now = 100_000;
  firewall: Firewall = UNWATCHED;
  obstacles: readonly Obstacle[] = [];
  wishes: readonly Wish[] = [];

  see(patch: Partial<Sight>, times = 1): this {
    for (let count = 0; count < times; count++) {
      this.now += 2000;
      const seen = look(this.firewall, [{ ...silent, ...patch }], pace, this.now);
      this.firewall = seen.firewall;
      this.obstacles = seen.obstacles;
      this.wishes = seen.wishes;
    }
    return this;
  }

  get causes(): readonly string[] {
    return this.obstacles.map(({ direction, cause }) => `${direction} ${cause}`);
  }
}

describe("what the peer sends", () => {
  it("is dropped here when it came in three looks and was heard in none", () => {
    const watch = new Watch();
    expect(watch.see({ arrived: true }, 2).causes).toEqual([]);
    expect(watch.see({ arrived: true }).causes).toEqual(["in dropped-here"]);
  });

  it("need not come in every look", () => {
    const watch = new Watch();
    for (let round = 0; round < 3; round++) watch.see({ arrived: true }).see({ arrived: false }, 4);
    expect(watch.causes).toEqual(["in dropped-here"]);
  });

  it("is not dropped as long as it is heard between the looks", () => {
    const watch = new Watch();
    // The age begins anew each time: a new message was heard.
    expect(watch.see({ arrived: true, link: up }, 20).causes).toEqual([]);
  });

  it("is heard again: that ends it", () => {
    const watch = new Watch().see({ arrived: true }, 4);
    expect(watch.see({ arrived: true, link: up }).causes).toEqual([]);
    expect(watch.see({ arrived: false, link: up }, 3).causes).toEqual([]);
  });

  it("is forgotten some time after the last of it came: the peer may be off by now", () => {
    const watch = new Watch().see({ arrived: true }, 3);
    expect(watch.see({ arrived: false }, 15).causes).toEqual(["in dropped-here"]);
    expect(watch.see({ arrived: false }).causes).toEqual([]);
  });

  it("does not come at all, though the peer hears us", () => {
    const watch = new Watch().see({ arrived: false, link: outOnly }, 2);
    expect(watch.causes).toEqual([]);
    expect(watch.see({ arrived: false, link: outOnly }).causes).toEqual(["in nothing-arrives"]);
  });

  it("is not missed at once when its last word on another medium came a little later", () => {
    const watch = new Watch().see({ arrived: false, link: { ...up, ageMs: 9000 } }, 10);
    expect(watch.see({ arrived: false, link: outOnly }).causes).toEqual([]);
    const off = { arrived: false, link: outOnly, isHeardElsewhere: false };
    expect(watch.see(off, 100).causes).toEqual([]);
  });

  it("is not awaited of a peer that is off", () => {
    const watch = new Watch();
    expect(watch.see({ arrived: false, isHeardElsewhere: false }, 100).causes).toEqual([]);
  });
});

describe("what we send", () => {
  it("is refused by the kernel", () => {
    const watch = new Watch().see({ isRefused: true, usable: false }, 2);
    expect(watch.causes).toEqual([]);
    expect(watch.see({ isRefused: true, usable: false }).causes).toEqual(["out refused-here"]);
    expect(watch.see({}).causes).toEqual([]);
  });

  it("does not leave, for as long as two beats take", () => {
    const watch = new Watch().see({ left: false }, 2);
    expect(watch.causes).toEqual([]);
    expect(watch.see({ left: false }).causes).toEqual(["out stuck-here"]);
    expect(watch.see({ left: true }).causes).toEqual([]);
  });

  it("is not missed on a medium that does not work", () => {
    const watch = new Watch().see({ left: false, usable: false }, 20);
    expect(watch.causes).toEqual([]);
  });

  it("leaves, and the peer says that it does not hear it", () => {
    const watch = new Watch().see({ left: true, link: inOnly });
    expect(watch.causes).toEqual([]);
    expect(watch.see({ left: true, link: inOnly }).causes).toEqual(["out dropped-there"]);
    expect(watch.see({ left: true, link: up }).causes).toEqual([]);
  });
});

describe("the taps", () => {
  it("are closed where both sides hear each other", () => {
    expect(new Watch().see({ link: up }).wishes).toEqual([{ medium: ETH1, in: false, out: false }]);
  });

  it("are open inward as soon as the peer is late, or was never heard", () => {
    const late = { ...up, ageMs: 6001 };
    expect(new Watch().see({ link: late }).wishes).toMatchObject([{ in: true, out: false }]);
    expect(new Watch().see({}).wishes).toMatchObject([{ in: true }]);
  });

  it("are open outward where a peer that lives does not hear us", () => {
    expect(new Watch().see({ link: inOnly }).wishes).toMatchObject([{ in: false, out: true }]);
    expect(new Watch().see({}).wishes).toMatchObject([{ out: true }]);
    expect(new Watch().see({ isHeardElsewhere: false }).wishes).toMatchObject([{ out: false }]);
  });
});

it("tells both directions of one medium apart", () => {
  const watch = new Watch().see({ arrived: true, isRefused: true }, 3);
  expect(watch.causes).toEqual(["in dropped-here", "out refused-here"]);
});
