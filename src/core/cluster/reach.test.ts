import { describe, expect, it } from "vitest";
import { HERA, Pair, served, tutorialConfig, WWW, ZEUS } from "../../../test/pair.ts";
import type { ClusterConfig } from "../../config/types.ts";
import { MOVES_MAX, MOVES_WINDOW_MS } from "./budget.ts";
import { encodeReach } from "./reach.ts";

const ROUTERS = ["192.168.43.1", "192.168.43.2"].map(
  (name) => ({ name, kind: "ping", hosts: [name] }) as const,
);
/** More than neither count has to stay as it is, and than a move takes. */
const SETTLED_MS = 6_000;

/** Both reach both routers, and zeus serves. */
function reaching(patch: Partial<ClusterConfig> = {}): Pair {
  const pings = { nodes: ROUTERS, deadMs: 3000 };
  const pair = served(new Pair(tutorialConfig({ ipfail: true, pings, ...patch })));
  pair.reaches("zeus", 2);
  pair.reaches("hera", 2);
  pair.run(SETTLED_MS);
  return pair;
}

/** Both count already, and do not hear each other yet: nothing is served. */
function starting({ zeus, hera }: Record<"zeus" | "hera", number>): Pair {
  const pings = { nodes: ROUTERS, deadMs: 3000 };
  const pair = new Pair(tutorialConfig({ ipfail: true, pings, autoFailback: "off" }));
  pair.start("zeus");
  pair.start("hera");
  pair.reaches("zeus", zeus);
  pair.reaches("hera", hera);
  return pair;
}

function reason(pair: Pair, name: "zeus" | "hera"): string {
  return pair.hosts[name].state?.groups[0]?.reason.rule ?? "";
}

function owner(pair: Pair): string {
  return (["zeus", "hera"] as const).filter((name) => pair.phase(name) === "holding").join(" and ");
}

function note(pair: Pair, name: "zeus" | "hera"): string {
  return pair.hosts[name].state?.groups[0]?.note?.text ?? "";
}

/** Its home asks for the group, and says what it reaches. */
function zeusAsks(pair: Pair, pings: string): void {
  const strings = { t: "tandem", step: "ask", grp: WWW, planned: "0", pings };
  const fields = Object.entries(strings).map(
    ([name, value]) => ({ kind: "string", name, value }) as const,
  );
  pair.event("hera", { kind: "message", from: ZEUS, fresh: true, message: { fields } });
}

describe("two Tandem nodes that compare what they reach", () => {
  it("the owner that reaches fewer gives its group to the other", () => {
    const pair = reaching();
    pair.reaches("zeus", 1);
    pair.run(SETTLED_MS);
    expect(owner(pair)).toBe("hera");
    expect(pair.bothAnswered).toBe(0);
    expect(pair.hosts.zeus.log).toContain(
      `group ${WWW}: giving it to hera.example.com: zeus.example.com reaches 1 of 2 ping nodes, hera.example.com 2`,
    );
  });

  it("a group whose services still started when a count changed goes once they run", () => {
    const pings = { nodes: ROUTERS, deadMs: 3000 };
    const pair = new Pair(tutorialConfig({ ipfail: true, pings }));
    pair.start("zeus");
    pair.start("hera");
    pair.join();
    for (const name of ["zeus", "hera"] as const) pair.reaches(name, 2);
    for (let ms = 0; ms < 500 && pair.phase("zeus") !== "starting"; ms += 1) pair.run(1);
    pair.hosts.zeus.scriptMs = 10_000;
    pair.run(1_000);
    expect(pair.phase("zeus")).toBe("starting");
    pair.reaches("zeus", 1);
    pair.run(10_000 + SETTLED_MS);
    expect(owner(pair)).toBe("hera");
  });

  it("a group that its home took at the start goes where more is reached, and was served at once", () => {
    const pair = starting({ zeus: 1, hera: 2 });
    pair.join();
    pair.run(500);
    expect(owner(pair)).toBe("zeus");
    pair.run(SETTLED_MS);
    expect(owner(pair)).toBe("hera");
    expect(pair.bothAnswered).toBe(0);
  });

  it("and so does one that the other node took, since its home left it", () => {
    const pair = starting({ zeus: 2, hera: 1 });
    pair.join();
    pair.run(3);
    // It does not take what it cannot ask for.
    pair.report("zeus", "up", { hearsUs: false });
    for (let ms = 0; ms < 10_000 && pair.phase("hera") !== "starting"; ms += 1) pair.run(1);
    expect(reason(pair, "hera")).toBe("unowned");
    pair.join();
    pair.run(SETTLED_MS);
    expect(owner(pair)).toBe("zeus");
  });

  it("what was taken because the other node could not run it stays: nothing says that it can now", () => {
    const pair = starting({ zeus: 2, hera: 1 });
    pair.hosts.zeus.failStart = true;
    pair.join();
    pair.run(90_000);
    expect([owner(pair), reason(pair, "hera")]).toEqual(["hera", "peer-unable"]);
    expect(pair.sent.hera).not.toContain("offer");
  });

  it("gives without an ARP answer of the taker: where the giver is cut off there is none", () => {
    const pair = reaching();
    const { zeus } = pair.hosts;
    if (zeus.state !== undefined)
      zeus.state = {
        ...zeus.state,
        groups: zeus.state.groups.map((group) => ({
          ...group,
          path: { answers: 0, probeId: 1, nextAt: Infinity },
        })),
      };
    pair.reaches("zeus", 0);
    pair.run(SETTLED_MS);
    expect(owner(pair)).toBe("hera");
  });

  it("nothing moves before both counts have settled", () => {
    const pair = reaching();
    for (let times = 0; times < 5; times += 1) {
      pair.reaches("zeus", 1);
      pair.run(1_500);
      pair.reaches("zeus", 2);
      pair.run(1_500);
    }
    expect(owner(pair)).toBe("zeus");
    expect(pair.sent.zeus).not.toContain("offer");
  });

  it.each([
    ["both lose the same router", 1, 1],
    ["both lose all", 0, 0],
    ["the other one reaches fewer", 2, 1],
  ])("nothing moves when %s", (_, zeus, hera) => {
    const pair = reaching();
    pair.reaches("zeus", zeus);
    pair.run(300);
    pair.reaches("hera", hera);
    pair.run(60_000);
    expect(owner(pair)).toBe("zeus");
    expect(pair.sent.zeus).not.toContain("offer");
  });

  it("without `respawn … ipfail` nothing moves, and nothing is said of it", () => {
    const pair = reaching({ ipfail: false });
    const { length } = pair.sent.zeus;
    pair.reaches("zeus", 0);
    pair.run(60_000);
    expect(owner(pair)).toBe("zeus");
    expect(pair.sent.zeus).toHaveLength(length);
  });

  it("nothing is given to a node that has not judged its own", () => {
    const pair = reaching();
    pair.reaches("hera", undefined);
    pair.run(1_000);
    pair.reaches("zeus", 0);
    pair.run(SETTLED_MS);
    expect(owner(pair)).toBe("zeus");
    expect(note(pair, "zeus")).toContain("hera.example.com does not know yet what it reaches");
    pair.reaches("hera", 2);
    pair.run(90_000);
    expect(owner(pair)).toBe("hera");
  });

  it("nothing is given to a node that is not heard, nor to one that cannot run it", () => {
    const pair = reaching();
    pair.cut = true;
    pair.report("zeus", "silent");
    pair.reaches("zeus", 0);
    pair.run(10_000);
    expect(owner(pair)).toContain("zeus");
    expect(pair.sent.zeus).not.toContain("offer");
  });

  it("a taker without carrier is not asked, and the owner says why it stays", () => {
    const pair = reaching();
    pair.hosts.hera.carrier = false;
    pair.face("hera");
    pair.reaches("zeus", 0);
    pair.run(SETTLED_MS);
    expect(owner(pair)).toBe("zeus");
    expect(note(pair, "zeus")).toBe(
      "stays here: zeus.example.com reaches 0 of 2 ping nodes, hera.example.com 2, but hera.example.com is not free to own it",
    );
    pair.reaches("zeus", 2);
    expect(note(pair, "zeus")).toBe("");
  });

  it("the taker has the last word: it refuses where it reaches no more by now", () => {
    const pair = reaching();
    pair.reaches("zeus", 1);
    pair.run(1_900);
    // Its word of this is lost.
    pair.cut = true;
    pair.reaches("hera", 1);
    pair.run(10);
    pair.cut = false;
    pair.run(SETTLED_MS);
    expect(owner(pair)).toBe("zeus");
    expect(pair.sent.hera).toContain("refuse");
    expect(note(pair, "zeus")).toBe(
      "not moved: hera.example.com reaches 1 of 2 ping nodes, not more",
    );
  });

  it("of two counts in one millisecond the later one counts, though its word came first", () => {
    const pair = reaching();
    pair.reaches("zeus", 0);
    pair.reaches("hera", 1);
    const earlier = encodeReach({ since: pair.now, seen: 1, of: 2 });
    pair.reaches("hera", 0);
    pair.run(SETTLED_MS);
    const strings = { t: "tandem", step: "info", pings: earlier };
    const fields = Object.entries(strings).map(
      ([name, value]) => ({ kind: "string", name, value }) as const,
    );
    pair.event("zeus", { kind: "message", from: HERA, fresh: true, message: { fields } });
    pair.run(SETTLED_MS);
    expect(pair.hosts.zeus.log.join("\n")).not.toContain("giving it");
    expect(pair.hosts.zeus.state?.reach.relation).toBe("equal");
  });

  it("other ping nodes in its ha.cf cannot be compared, and both are told", () => {
    const pair = reaching();
    const [one] = ROUTERS;
    if (one === undefined) throw new Error("there are routers");
    pair.event("zeus", {
      kind: "message",
      from: pair.hosts.zeus.state?.peer?.node ?? ZEUS,
      fresh: true,
      message: {
        fields: Object.entries({
          t: "tandem",
          step: "info",
          pings: "1 fffffff 3 3",
        }).map(([name, value]) => ({ kind: "string", name, value })),
      },
    });
    pair.reaches("zeus", 0);
    pair.run(60_000);
    expect(owner(pair)).toBe("zeus");
    expect(pair.hosts.zeus.log).toContain(
      "hera.example.com counts 3 ping nodes, this node 2: make ha.cf the same on both nodes; nothing is moved for what they reach",
    );
  });
});

describe("coming home", () => {
  it("waits until the preferred node reaches as much again, and the group says so", () => {
    const pair = reaching();
    pair.reaches("zeus", 1);
    pair.run(30_000);
    expect(owner(pair)).toBe("hera");
    expect(note(pair, "zeus")).toBe(
      "stays there: zeus.example.com reaches 1 of 2 ping nodes, hera.example.com 2",
    );
    pair.reaches("zeus", 2);
    pair.run(20_000);
    expect(owner(pair)).toBe("zeus");
    expect(note(pair, "zeus")).toBe("");
    expect(pair.bothAnswered).toBe(0);
  });

  it("an owner that is cut off needs no ARP answer of the preferred node that comes back", () => {
    const tandem = { ...tutorialConfig().tandem, autoFailbackNow: true };
    const pair = reaching({ tandem });
    pair.kill("zeus");
    pair.report("hera", "silent");
    pair.run(SETTLED_MS);
    expect(owner(pair)).toBe("hera");
    pair.reaches("hera", 0);
    // Its switch has lost its uplink: it hears nobody there.
    pair.questionsLost = Infinity;
    pair.start("zeus");
    pair.reaches("zeus", 2);
    pair.join();
    pair.run(30_000);
    expect(owner(pair)).toBe("zeus");
  });

  it("a router that comes back is no reason to move, though the preferred node sees it first", () => {
    const pair = reaching();
    pair.reaches("zeus", 0);
    pair.run(SETTLED_MS);
    expect(owner(pair)).toBe("hera");
    pair.reaches("hera", 1);
    pair.reaches("zeus", 1);
    pair.run(3);
    pair.reaches("zeus", 2);
    zeusAsks(pair, "1 fffffff 2 2");
    pair.run(3);
    pair.reaches("hera", 2);
    pair.run(30_000);
    expect(owner(pair)).toBe("zeus");
    expect(pair.hosts.hera.log.join("\n")).not.toMatch(/giving it to .* reaches/);
  });

  it("with auto_failback off it stays", () => {
    const pair = reaching({ autoFailback: "off" });
    pair.reaches("zeus", 1);
    pair.run(SETTLED_MS);
    pair.reaches("zeus", 2);
    pair.run(60_000);
    expect(owner(pair)).toBe("hera");
  });

  it("the owner declines what the asking node's own count speaks against", () => {
    const pair = reaching();
    pair.reaches("zeus", 1);
    pair.run(SETTLED_MS);
    zeusAsks(pair, "1 fffffff 1 2");
    pair.run(5_000);
    expect(owner(pair)).toBe("hera");
    expect(pair.hosts.zeus.log).toContain(
      `group ${WWW}: not given to us: zeus.example.com reaches 1 of 2 ping nodes, hera.example.com 2`,
    );
  });

  it("what a node took by itself and an operator moves there again stays there", () => {
    const pair = starting({ zeus: 1, hera: 2 });
    pair.join();
    pair.run(SETTLED_MS);
    expect(owner(pair)).toBe("hera");
    pair.request("zeus", 1, "takeover");
    pair.run(90_000);
    expect(owner(pair)).toBe("zeus");
  });

  it("what an operator moves to the node that reaches fewer stays there", () => {
    const pair = reaching();
    pair.reaches("hera", 1);
    pair.run(SETTLED_MS);
    pair.request("zeus", 1, "standby");
    pair.run(60_000);
    expect(owner(pair)).toBe("hera");
  });

  it("a router that comes and goes moves a group three times in ten minutes, there and back together", () => {
    const pair = reaching();
    const begun = pair.now;
    while (pair.now < begun + MOVES_WINDOW_MS - 30_000) {
      pair.reaches("zeus", 1);
      pair.run(15_000);
      pair.reaches("zeus", 2);
      pair.run(15_000);
    }
    expect(moves(pair)).toBe(MOVES_MAX);
    expect(owner(pair)).toBe("hera");
    expect(note(pair, "zeus")).toContain("it was moved too often lately");
    expect(pair.bothAnswered).toBe(0);
    // Once there is room to leave again it comes home.
    pair.run(60_000);
    expect(owner(pair)).toBe("zeus");
  });
});

/** So many have gone over, by either. */
function moves(pair: Pair): number {
  const logs = [...pair.hosts.zeus.log, ...pair.hosts.hera.log];
  return logs.filter((line) => line.includes(" serves it now ")).length;
}
