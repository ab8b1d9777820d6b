import { describe, expect, it } from "vitest";
import { Pair, served, tutorialConfig, WWW, ZEUS } from "../../../test/pair.ts";
import { DEATHS_MAX, holdOffMs, lostUngiven } from "./failback.ts";
import type { Turn } from "./state.ts";

const NOW_S = 1_700_000_000;
const MINUTE_S = 60;
const HOUR_S = 3600;
/** Deaths so many seconds ago, as they are kept: newest last. */
const ago = (...seconds: number[]) => seconds.map((one) => NOW_S - one);
const every = (seconds: number, times: number) =>
  ago(...Array.from({ length: times }, (_, index) => seconds * (index + 1)).toReversed());

describe("how long the preferred node waits for its groups", () => {
  it.each([
    ["nothing after a clean end", [], 120_000, 0],
    ["nothing when its death was long ago", ago(HOUR_S + 1), 120_000, 0],
    ["a minute after a death", ago(5), 120_000, 60_000],
    ["a minute when the death before was more than an hour earlier", ago(5000, 5), 120_000, 60_000],
    ["2 × initdead after a second death within an hour", ago(30 * MINUTE_S, 5), 120_000, 240_000],
    ["4 × initdead after a third", ago(50 * MINUTE_S, 20 * MINUTE_S, 5), 120_000, 480_000],
    ["never less than a minute", ago(90, 5), 1_000, 60_000],
    ["a day at most", every(MINUTE_S, DEATHS_MAX), 120_000, 86_400_000],
  ] as const)("%s", (_, deaths, initdeadMs, expected) => {
    expect(holdOffMs({ deaths, wallSeconds: NOW_S, initdeadMs })).toBe(expected);
  });

  it("counts a chain of deaths of which each was within an hour of the next", () => {
    const deaths = every(50 * MINUTE_S, 3);
    expect(holdOffMs({ deaths, wallSeconds: NOW_S, initdeadMs: 100_000 })).toBe(400_000);
  });
});

describe("the preferred node has started again after a clean stop", () => {
  it.each([
    ["on", "zeus"],
    ["legacy", "zeus"],
    ["off", "hera"],
  ] as const)("auto_failback %s: the group is then on %s", (autoFailback, owner) => {
    const pair = new Pair(tutorialConfig({ autoFailback }));
    pair.start("zeus");
    pair.start("hera");
    pair.join();
    pair.run(500);
    pair.stop("zeus");
    pair.run(5_000);
    expect(pair.phase("hera")).toBe("holding");
    pair.start("zeus");
    pair.event("hera", { kind: "restart", node: ZEUS, generation: 2 });
    pair.join();
    pair.run(20_000);
    expect(pair.phase(owner)).toBe("holding");
  });

  it("comes home at once although the node had died before that", () => {
    const pair = served();
    pair.stop("zeus");
    pair.run(5_000);
    const { zeus } = pair.hosts;
    const second = 1_700_000_000 + Math.floor(pair.now / 1000);
    const deaths = [second - 600, second - 300];
    pair.start("zeus", { record: zeus.record && { ...zeus.record, deaths } });
    pair.event("hera", { kind: "restart", node: ZEUS, generation: 2 });
    pair.join();
    pair.run(5_000);
    expect(pair.phase("zeus")).toBe("holding");
    expect(zeus.record?.deaths).toEqual(deaths);
  });
});

describe("a group that its home lost without giving it", () => {
  /** zeus sleeps beyond deadtime, hera takes over, and zeus wakes. */
  function slept(): Pair {
    const pair = new Pair();
    pair.start("zeus");
    pair.start("hera");
    pair.join();
    pair.run(500);
    pair.cut = true;
    pair.hosts.zeus.address = "none";
    pair.report("hera", "silent");
    pair.run(500);
    expect(pair.phase("hera")).toBe("holding");
    pair.event("zeus", { kind: "lease-lost", group: WWW, why: "the last renewal is too long ago" });
    pair.join();
    return pair;
  }

  it("comes home a minute after, as after a death", () => {
    const pair = slept();
    pair.run(55_000);
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.hosts.zeus.state?.groups[0]?.note).toMatchObject({
      kind: "comes-home",
      text: expect.stringContaining("comes home in "),
    });
    pair.run(15_000);
    expect(pair.phase("zeus")).toBe("holding");
    expect(pair.phase("hera")).toBe("free");
    expect(pair.bothAnswered).toBe(0);
  });

  it("counts as one death with all that is lost within a minute", () => {
    const pair = slept();
    const { state } = pair.hosts.zeus;
    if (state === undefined) throw new Error("zeus runs");
    const turn: Turn = { state, effects: [], now: pair.now };
    lostUngiven(turn, 0);
    expect(turn.state.deaths).toHaveLength(1);
    const later: Turn = { ...turn, now: pair.now + 90_000 };
    lostUngiven(later, 0);
    expect(later.state.deaths).toHaveLength(2);
  });
});
