import { beforeEach, describe, expect, it } from "vitest";
import { tutorialConfig, ZEUS } from "../../test/pair.ts";
import type { ChannelSnapshot } from "../core/channel/report.ts";
import type { ToPulse } from "../pulse/link.ts";
import type { DaemonEnvironment } from "./environment.ts";
import { ClusterNode } from "./node.ts";

/** A world that remembers what it was asked; its clock is set by hand. */
class FakeWorld implements DaemonEnvironment {
  clock = 10_000;
  timer: number | undefined;
  asksForQueues = 0;
  readonly exits: number[] = [];
  readonly said: ToPulse["kind"][] = [];
  readonly logs: string[] = [];

  now = () => this.clock;
  wallSeconds = () => 1_700_000_000;
  wakeAt = (at: number) => {
    this.timer = at;
  };
  afterQueues = () => {
    this.asksForQueues += 1;
  };
  toPulse = (message: ToPulse) => {
    this.said.push(message.kind);
  };
  operate = () => {};
  probe = () => {};
  leasesOf = () => [];
  writeRecord = () => {};
  log = (_level: string, text: string) => {
    this.logs.push(text);
  };
  answer = () => {};
  changed = () => {};
  exit = (code: number) => {
    this.exits.push(code);
  };
}

const TICK_MS = 400;
const snapshot: ChannelSnapshot = {
  peers: [],
  links: [],
  media: [],
  pings: [],
  discarded: {},
  announcedMs: { beat: 200, deadtime: 3000 },
};

let world = new FakeWorld();
let node = new ClusterNode(world);
const tick = () =>
  node.handle({
    kind: "from-pulse",
    message: { kind: "tick", at: world.clock, tickMs: TICK_MS, snapshot },
  });

/** The timer rings: at the time it was set to, or so much later. */
function ring(lateMs = 0): void {
  if (world.timer === undefined) throw new Error("no timer is set");
  world.clock = Math.max(world.clock, world.timer) + lateMs;
  world.timer = undefined;
  node.handle({ kind: "wake" });
}

/** A tandemd that has just started. */
function boot(): void {
  world = new FakeWorld();
  node = new ClusterNode(world);
  node.handle({
    kind: "boot",
    boot: {
      self: ZEUS,
      config: tutorialConfig(),
      bootId: "boot",
      wallSeconds: 1_700_000_000,
      record: undefined,
      present: [],
      uuid: "00".repeat(16),
      seed: 1,
    },
  });
}

beforeEach(() => {
  boot();
  tick();
});

/** Rings until the watch over the pulse has something to ask. */
function ringUntilAsked(): void {
  for (let times = 0; times < 50 && world.asksForQueues === 0; times++) ring();
  expect(world.asksForQueues).toBe(1);
}

describe("the watch over the pulse", () => {
  it("answers each tick with `well`", () => {
    tick();
    expect(world.said.filter((kind) => kind === "well")).toHaveLength(2);
  });

  it("ends tandemd when the pulse is silent, and its queue is empty", () => {
    ringUntilAsked();
    expect(world.clock - 10_000).toBeGreaterThan(1_000);
    expect(world.exits).toEqual([]);
    node.handle({ kind: "queues-drained" });
    expect(world.exits).toEqual([1]);
  });

  it("ends a tandemd too whose pulse has greeted it and never ticked", () => {
    boot();
    const hello = { kind: "hello", session: "0000aaaa", generation: 1, realtime: "" } as const;
    node.handle({ kind: "from-pulse", message: hello });
    ringUntilAsked();
    node.handle({ kind: "queues-drained" });
    expect(world.exits).toEqual([1]);
  });

  it("goes on when the words of the pulse only waited in the queue", () => {
    ringUntilAsked();
    tick();
    node.handle({ kind: "queues-drained" });
    expect(world.exits).toEqual([]);
    expect(world.timer).toBeGreaterThan(world.clock);
  });

  it("counts silence anew after a sleep that both may have slept", () => {
    ring(60_000);
    expect(world.asksForQueues).toBe(1);
    node.handle({ kind: "queues-drained" });
    expect(world.exits).toEqual([]);
    world.asksForQueues = 0;
    ringUntilAsked();
    node.handle({ kind: "queues-drained" });
    expect(world.exits).toEqual([1]);
  });

  it("lets time pass for the cluster only after what waited has been heard", () => {
    ring(150);
    expect(world.timer).toBeUndefined();
    node.handle({ kind: "queues-drained" });
    expect(world.timer).toBeGreaterThan(world.clock);
    expect(world.exits).toEqual([]);
  });

  it("ends at once when the pulse is gone", () => {
    node.handle({ kind: "pulse-gone" });
    expect(world.exits).toEqual([1]);
    expect(world.logs.join("\n")).toContain("the pulse is gone");
  });
});
