import { describe, expect, it } from "vitest";
import { tutorialConfig, WWW } from "../../test/pair/config.ts";
import { mediumName } from "../base/names.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { DaemonEnvironment } from "../daemon/environment.ts";
import { type Fault, parseFault } from "./fault-words.ts";
import type { Programs } from "./programs.ts";
import { SHIPPED } from "./shipped.ts";
import { Trace } from "./trace.ts";
import type { Violation } from "./violation.ts";
import { Watch } from "./watch.ts";

const NODE = "192.168.43.1";
const HIDDEN = `hide ping node ${NODE} from zeus`;
/** Longer than they need to know what they reach, and to act on it. */
const LONG_MS = 60_000;

const CONFIG: ClusterConfig = tutorialConfig({
  timers: { keepaliveMs: 1_000, warntimeMs: 3_000, deadtimeMs: 5_000, initdeadMs: 10_000 },
  media: [
    { kind: "bcast", name: mediumName("eth1"), interface: "eth1", port: 694 },
    { kind: "bcast", name: mediumName("eth0"), interface: "eth0", port: 694 },
  ],
  pings: { nodes: [{ kind: "ping", name: NODE, hosts: [NODE] }], deadMs: 3_000 },
  ipfail: true,
});

/** The shipped pair in a world with all its checkers; zeus serves, and for long nothing has happened. */
class Played {
  readonly watch: Watch;
  readonly #tandemds = new Map<string, DaemonEnvironment>();

  /** `believed`: what the tandemds take ha.cf to say, who would act rightly otherwise. */
  constructor(told: Partial<ClusterConfig> = {}, believed: Partial<ClusterConfig> = {}) {
    this.watch = new Watch({
      config: { ...CONFIG, ...told },
      programs: this.#programs(believed),
      seed: 1,
      carrierFollowsPower: false,
      trace: new Trace(1_000),
    });
    this.play("power-on zeus", "power-on hera");
    this.pass();
  }

  #programs(believed: Partial<ClusterConfig>): Programs {
    const node: Programs["node"] = (environment) => {
      const shipped = SHIPPED.node(environment);
      return {
        status: () => shipped.status(),
        handle: (event) => {
          if (event.kind !== "boot") return shipped.handle(event);
          this.#tandemds.set(event.boot.self, environment);
          const config = { ...event.boot.config, ...believed };
          shipped.handle({ ...event, boot: { ...event.boot, config } });
        },
      };
    };
    return { ...SHIPPED, node };
  }

  play(...phrases: readonly string[]): void {
    for (const words of phrases) {
      const fault: Fault | undefined = parseFault(words, ["zeus", "hera"]);
      if (fault === undefined) throw new Error(`no fault: ${words}`);
      this.watch.apply(fault);
    }
  }

  pass(ms: number = LONG_MS): void {
    this.watch.live(ms);
  }

  /** zeus says that it begins to give its group. */
  giving(why: string): void {
    const text = `group ${WWW}: giving it to hera.example.com: ${why}`;
    this.#tandemds.get("zeus.example.com")?.log("info", text);
  }

  /** zeus gives its group, and says that it has gone. */
  gave(why: string): void {
    this.giving(why);
    const text = `group ${WWW}: hera.example.com serves it now (epoch 1)`;
    this.#tandemds.get("zeus.example.com")?.log("info", text);
  }

  get server(): string {
    const { hosts } = this.watch.world;
    return hosts.find((host) => host.answersFor(WWW))?.name ?? "nobody";
  }

  get rule(): Violation["rule"] | undefined {
    return this.watch.violation?.rule;
  }
}

/** Where nobody knows of ipfail, a group stays where it is. */
const IDLE = { ipfail: false };

describe("the shipped pair", () => {
  it("violates nothing when it goes by its ping nodes, there and back", () => {
    const played = new Played();
    played.play(HIDDEN);
    played.pass();
    expect(played.server).toBe("hera.example.com");
    played.play(`show ping node ${NODE} to zeus`);
    played.pass();
    expect(played.server).toBe("zeus.example.com");
    expect(played.rule).toBeUndefined();
  });
});

describe("a group that stays where fewer ping nodes are reached is seen", () => {
  it("once both must know it and a move has had its time", () => {
    const played = new Played({}, IDLE);
    played.play(HIDDEN);
    played.pass(20_000);
    expect(played.rule).toBeUndefined();
    played.pass();
    expect(played.rule).toBe("cut-off");
    expect(played.watch.violation?.text).toContain("is on zeus.example.com for");
  });

  it("also where its owner took it while the other one was down", () => {
    const played = new Played({}, { ...IDLE, autoFailback: "off" });
    played.play("power-cut zeus");
    played.pass();
    expect(played.server).toBe("hera.example.com");
    played.play(`hide ping node ${NODE} from hera`, "power-on zeus");
    played.pass();
    expect(played.rule).toBe("cut-off");
  });

  it("also when attempts are begun that come to nothing", () => {
    const played = new Played({}, IDLE);
    played.play(HIDDEN);
    for (let times = 0; times < 3; times += 1) {
      played.pass(18_000);
      played.giving("zeus.example.com reaches 0 of 1 ping node, hera.example.com 1");
    }
    expect(played.rule).toBe("cut-off");
  });

  it("also when the one attempt is begun once each has judged what it reaches itself", () => {
    const attemptAfter = (ms: number): Played => {
      const played = new Played({}, IDLE);
      played.play(HIDDEN);
      played.pass(ms);
      played.giving("zeus.example.com reaches 0 of 1 ping node, hera.example.com 1");
      played.pass(40_000);
      return played;
    };
    expect(attemptAfter(4_000).rule).toBeUndefined();
    expect(attemptAfter(4_500).rule).toBe("cut-off");
  });

  it.each([
    ["nobody asks for ipfail", [], { ipfail: false }],
    ["both have lost it", [`hide ping node ${NODE} from hera`], {}],
    ["the other one is switched off", ["power-cut hera"], {}],
    ["the other one is paused", ["freeze hera"], {}],
    ["its processes are held up", ["stop both of hera"], {}],
    ["they do not hear each other", ["cut eth1 of zeus", "block eth0 from zeus"], {}],
    ["pings get lost on the LAN", ["lose 0.05 on eth0"], {}],
    ["it would not start there", ["start fails on hera"], {}],
    ["a start hangs there", ["start hangs on hera"], {}],
  ])("but not when %s", (_, faults, told: Partial<ClusterConfig>) => {
    const played = new Played(told, IDLE);
    played.play(...faults, HIDDEN);
    played.pass(2 * LONG_MS);
    expect(played.rule).not.toBe("cut-off");
  });

  it("but not when a person moved it there, who knew", () => {
    const played = new Played();
    played.play("hide ping node 192.168.43.1 from hera");
    played.pass();
    played.play("standby all on zeus");
    played.pass(2 * LONG_MS);
    expect(played.server).toBe("hera.example.com");
    expect(played.rule).toBeUndefined();
  });

  it("but not while the pause after an attempt lasts that had begun before", () => {
    const played = new Played({}, IDLE);
    played.giving("eth0 has no carrier here");
    played.play(HIDDEN);
    played.pass(55_000);
    expect(played.rule).toBeUndefined();
    played.pass();
    expect(played.rule).toBe("cut-off");
  });

  it("but not when its budget was spent before", () => {
    const played = new Played({}, IDLE);
    for (let times = 0; times < 3; times += 1) played.giving("eth0 has no carrier here");
    played.pass();
    played.play(HIDDEN);
    played.pass(5 * LONG_MS);
    expect(played.rule).toBeUndefined();
  });
});

describe("a group that does not come home is seen", () => {
  /** It went to hera, for zeus had lost the ping node and finds it again. */
  function away(told: Partial<ClusterConfig>, believed: Partial<ClusterConfig>): Played {
    const played = new Played(told, believed);
    played.play(HIDDEN);
    played.pass();
    expect(played.server).toBe("hera.example.com");
    return played;
  }

  const STAYS = { autoFailback: "off" } as const;

  it("once its home reaches as many again", () => {
    const played = away({}, STAYS);
    played.pass();
    expect(played.rule).toBeUndefined();
    played.play(`show ping node ${NODE} to zeus`);
    played.pass(2 * LONG_MS);
    expect(played.rule).toBe("not-home");
  });

  it.each([
    ["auto_failback is off", STAYS, [`show ping node ${NODE} to zeus`]],
    ["its home reaches fewer", {}, []],
    [
      "the path to its home cannot be proven",
      {},
      [`show ping node ${NODE} to zeus`, "lose the first 2 questions of hera"],
    ],
    [
      "a person says where it is to be",
      {},
      [`show ping node ${NODE} to zeus`, "standby all on zeus"],
    ],
    ["it would not start at home", {}, [`show ping node ${NODE} to zeus`, "start fails on zeus"]],
  ])("but not when %s", (_, told, faults) => {
    const played = away(told, STAYS);
    played.play(...faults);
    played.pass(2 * LONG_MS);
    expect(played.rule).toBeUndefined();
  });
});

describe("what is given for ping nodes without a ground is seen", () => {
  const WHY = "zeus.example.com reaches 0 of 1 ping node, hera.example.com 1";

  it("when ha.cf does not ask for it", () => {
    const played = new Played({ ipfail: false }, { ipfail: true });
    played.play(HIDDEN);
    played.pass();
    expect(played.rule).toBe("groundless");
  });

  it("when the giver has reached as many for long, and not before", () => {
    const played = new Played({}, IDLE);
    played.play(HIDDEN);
    played.pass(5_000);
    played.play(`show ping node ${NODE} to zeus`);
    played.pass(13_000);
    played.giving(WHY);
    expect(played.rule).toBeUndefined();
    played.pass(3_000);
    played.giving(WHY);
    expect(played.rule).toBe("groundless");
  });

  it("but not when pings were lost, or one was held up", () => {
    const played = new Played({}, IDLE);
    played.play("lose 0.05 on eth0");
    played.pass();
    played.giving(WHY);
    expect(played.rule).toBeUndefined();
    played.play("lose 0 on eth0", "stall daemon of hera for 1000 ms");
    played.pass(9_000);
    played.giving(WHY);
    expect(played.rule).toBeUndefined();
  });
});

describe("a budget that is not kept is seen", () => {
  const CARRIER = "eth0 has no carrier here";

  it("at the fourth time in ten minutes, whatever a person asked for and the other refused", () => {
    const played = new Played();
    for (let times = 0; times < 3; times += 1) {
      played.gave(CARRIER);
      played.gave("standby asked for by an operator");
      played.gave("zeus.example.com is stopping");
      played.giving(CARRIER);
    }
    expect(played.rule).toBeUndefined();
    played.gave(CARRIER);
    expect(played.rule).toBe("restless");
  });

  it("but not ten minutes later, nor of a new tandemd", () => {
    const played = new Played();
    for (let times = 0; times < 3; times += 1) played.gave(CARRIER);
    played.pass(600_000);
    for (let times = 0; times < 3; times += 1) played.gave(CARRIER);
    played.play("kill daemon of zeus");
    played.pass(5_000);
    played.gave(CARRIER);
    expect(played.rule).toBeUndefined();
  });
});
