import { describe, expect, it } from "vitest";
import { idleWorld } from "../../test/sim/idle-world.ts";
import { groupName, nodeName } from "../base/names.ts";
import type { ResourceConfig, TandemConfig } from "../config/types.ts";
import { ExclusiveChecker } from "./check-exclusive.ts";
import { Sight } from "./sight.ts";
import { SIDES, type Side } from "./station.ts";
import type { Observer } from "./surroundings.ts";
import type { World } from "./world.ts";

const ADDRESS = "192.168.43.53";
const ON_TWO = `exclusive-on-two: ${ADDRESS}/1 was started on hera.example.com while it ran on the other`;
/** Of idleWorld: deadtime less a keepalive, less what a loop may be late. */
const SILENT_MS = 3_000 - 500 - 5;
/** To take an address and to start the last service behind it: two deadlines of 20 s, and 10 s. */
const TAKEN_WITHIN_MS = 50_000;
/** The longest start of a service that works. */
const START_MS = 1_500;

/** A pair whose service is a filesystem, and the checker: only what a test says happens. */
class Watched {
  readonly world: World;
  readonly reports: string[] = [];
  readonly #sight: Sight;
  readonly #checker: ExclusiveChecker;

  constructor({ script = "Filesystem", mode = "availability" }: Setting = {}) {
    const address = { kind: "address", name: ADDRESS, address: ADDRESS, ...UNSET } as const;
    const service: ResourceConfig = { kind: "script", name: script, script, args: [] };
    const name = groupName(ADDRESS);
    const preferred = nodeName("zeus.example.com");
    this.world = idleWorld(() => [this.#observer()], {
      groups: [{ name, preferred, resources: [address, service] }],
      tandem: { mode, autoFailbackNow: false, onProbeAnswer: "check" },
    });
    this.#sight = new Sight(this.world);
    const report = (rule: string, text: string): number => this.reports.push(`${rule}: ${text}`);
    this.#checker = new ExclusiveChecker(this.world, report, this.#sight);
    this.hear(0, 1);
  }

  /** As the watch does it; the world changes already while it is built. */
  #observer(): Observer {
    const nothing = (): void => {};
    const changed = (): void => {
      this.#sight?.look();
      this.#checker?.look();
    };
    return { log: nothing, changed, heard: nothing, crashed: nothing, answered: nothing };
  }

  /** A message of the other has just come. */
  hear(...sides: readonly Side[]): void {
    for (const side of sides) this.#sight.heard(side, this.world.now);
  }

  /** Time passes in which these sides hear the other, and the checker looks. */
  pass(ms: number, ...hearing: readonly Side[]): void {
    const until = this.world.now + ms;
    while (this.world.now < until) {
      this.world.runUntil(Math.min(until, this.world.now + 100));
      this.hear(...hearing);
      this.world.disturbed();
    }
  }

  /** Both hear each other for longer than any silence is an excuse. */
  forget(): void {
    this.pass(TAKEN_WITHIN_MS + 100, 0, 1);
  }

  mount(side: Side, ...hearing: readonly Side[]): void {
    this.#operate(side, "start", hearing);
  }

  unmount(side: Side): void {
    this.#operate(side, "stop", SIDES);
  }

  #operate(side: Side, op: "start" | "stop", hearing: readonly Side[]): void {
    this.world.hosts[side].running?.services.get(`${ADDRESS}/1`)?.operate(op, () => {});
    this.pass(START_MS, ...hearing);
  }
}

interface Setting {
  readonly script?: string;
  readonly mode?: TandemConfig["mode"];
}

const UNSET = { prefix: undefined, interface: undefined, label: undefined, broadcast: undefined };

/** The first has it mounted, and for long both have heard each other. */
function mounted(setting: Setting = {}): Watched {
  const watched = new Watched(setting);
  watched.forget();
  watched.mount(0, 0, 1);
  expect(watched.reports).toEqual([]);
  return watched;
}

/** This machine is paused for a moment, in which the other hears no silence. */
function paused(watched: Watched, side: Side): void {
  watched.world.hosts[side].running?.clock.freeze();
  watched.pass(1_000, side === 0 ? 1 : 0);
}

function thawed(watched: Watched, side: Side): void {
  watched.world.hosts[side].running?.clock.thaw();
  watched.world.disturbed();
}

describe("a filesystem that is mounted on a second machine is seen", () => {
  it("when both are alive and hear each other, once", () => {
    const watched = mounted();
    watched.mount(1, 0, 1);
    expect(watched.reports).toEqual([ON_TWO]);
    watched.forget();
    expect(watched.reports).toEqual([ON_TWO]);
  });

  it("as often as it begins, whoever begins it", () => {
    const watched = mounted();
    watched.mount(1, 0, 1);
    watched.unmount(0);
    watched.mount(0, 0, 1);
    const onZeus = ON_TWO.replace("hera", "zeus");
    expect(watched.reports).toEqual([ON_TWO, onZeus]);
  });

  it("when only the other machine had heard nothing", () => {
    const watched = mounted();
    watched.pass(10_000, 1);
    watched.mount(1, 1);
    expect(watched.reports).toEqual([ON_TWO]);
  });
});

describe("no rule is violated", () => {
  it("when it moves from one machine to the other", () => {
    const watched = mounted();
    watched.unmount(0);
    watched.mount(1, 0, 1);
    expect(watched.reports).toEqual([]);
  });

  it("when the other machine has no power, whatever was heard", () => {
    const watched = mounted();
    watched.world.hosts[0].powerCut();
    watched.mount(1, 1);
    expect(watched.reports).toEqual([]);
  });

  it("by a service that is no filesystem", () => {
    const watched = mounted({ script: "httpd" });
    watched.mount(1, 0, 1);
    expect(watched.reports).toEqual([]);
  });
});

describe("a silent machine may be taken for dead", () => {
  /** hera hears nothing for so long, then again, and mounts so much later. */
  function mountAfter({ silentMs, laterMs }: { silentMs: number; laterMs: number }): Watched {
    const watched = mounted();
    watched.hear(1);
    watched.world.runUntil(watched.world.now + silentMs);
    watched.world.disturbed();
    watched.hear(1);
    watched.pass(laterMs, 0, 1);
    watched.mount(1, 0, 1);
    return watched;
  }

  it("after the dead time less a keepalive, and not before", () => {
    expect(mountAfter({ silentMs: SILENT_MS, laterMs: 0 }).reports).toEqual([]);
    expect(mountAfter({ silentMs: SILENT_MS - 1, laterMs: 0 }).reports).toEqual([ON_TWO]);
  });

  it("by who begins then, however long its start takes, and not later", () => {
    const laterMs = TAKEN_WITHIN_MS - START_MS;
    expect(mountAfter({ silentMs: SILENT_MS, laterMs }).reports).toEqual([]);
    const tooLateMs = TAKEN_WITHIN_MS;
    expect(mountAfter({ silentMs: SILENT_MS, laterMs: tooLateMs }).reports).toEqual([ON_TWO]);
  });

  it("and what both have mounted since is no new violation when they hear each other again", () => {
    const watched = mounted();
    watched.pass(10_000);
    watched.mount(1);
    watched.forget();
    expect(watched.reports).toEqual([]);
  });
});

describe("in safety mode", () => {
  it("no silence is an excuse, and no pause of the other", () => {
    const silent = mounted({ mode: "safety" });
    silent.pass(10_000);
    silent.mount(1);
    expect(silent.reports).toEqual([ON_TWO]);
    const beside = mounted({ mode: "safety" });
    paused(beside, 0);
    beside.mount(1, 1);
    expect(beside.reports).toEqual([ON_TWO]);
  });

  it("what a machine had begun before its own pause goes on", () => {
    const watched = mounted({ mode: "safety" });
    paused(watched, 1);
    thawed(watched, 1);
    watched.mount(1, 0, 1);
    expect(watched.reports).toEqual([]);
  });
});

describe("beside a paused virtual machine", () => {
  it("a second one is allowed while it is paused", () => {
    const watched = mounted();
    paused(watched, 0);
    watched.mount(1, 1);
    expect(watched.reports).toEqual([]);
  });

  it("a second one is allowed to itself, for what it began then", () => {
    const watched = mounted();
    paused(watched, 1);
    thawed(watched, 1);
    watched.mount(1, 0, 1);
    expect(watched.reports).toEqual([]);
  });

  it("no second one is allowed once both have heard each other for long", () => {
    const watched = mounted();
    paused(watched, 0);
    thawed(watched, 0);
    watched.forget();
    watched.mount(1, 0, 1);
    expect(watched.reports).toEqual([ON_TWO]);
  });
});
