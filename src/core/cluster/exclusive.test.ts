import { describe, expect, it } from "vitest";
import { HERA, Pair, served, tutorialConfig, WWW, ZEUS } from "../../../test/pair.ts";
import type { ClusterConfig } from "../../config/types.ts";
import { exclusivePlaces } from "./exclusive.ts";

/** The tutorial's pair with a filesystem behind its address. */
function withDisk(): ClusterConfig {
  const config = tutorialConfig();
  const disk = { kind: "script", name: "disk", script: "Filesystem", args: [] } as const;
  const groups = config.groups.map((group) => ({
    ...group,
    resources: [...group.resources.slice(0, 1), disk],
  }));
  return { ...config, groups };
}

/** zeus serves it, the path to hera is proven, and nothing of it will stop on zeus. */
function resisting(): Pair {
  const pair = served(new Pair(withDisk()));
  pair.run(4_000);
  pair.hosts.zeus.failStop = true;
  return pair;
}

it("a group with a filesystem is exclusive, one with a web server is not", () => {
  expect(exclusivePlaces([...tutorialConfig().groups, ...withDisk().groups])).toEqual([1]);
});

describe("an exclusive group is never on two", () => {
  it("in a planned move: it starts there when it has stopped here", () => {
    const pair = served(new Pair(withDisk()));
    pair.run(4_000);
    pair.request("zeus", 7, "standby");
    pair.run(3_000);
    expect([pair.phase("zeus"), pair.phase("hera")]).toEqual(["free", "holding"]);
    expect(pair.bothRan).toBe(0);
  });

  it("in a planned move whose stop fails: it stays, and serves again", () => {
    const pair = resisting();
    pair.request("zeus", 7, "standby");
    pair.run(3_000);
    expect([pair.phase("zeus"), pair.phase("hera")]).toEqual(["holding", "free"]);
    expect(pair.hosts.zeus.answers).toMatchObject([
      { id: 7, ok: false, text: expect.stringContaining("disk did not stop") },
    ]);
    expect(pair.bothRan).toBe(0);
    pair.hosts.zeus.failStop = false;
    pair.request("zeus", 8, "standby");
    pair.run(3_000);
    expect(pair.phase("hera")).toBe("holding");
  });

  it("in a planned move whose offer was of an earlier epoch", () => {
    const pair = served(new Pair(withDisk()));
    const strings = { t: "tandem", step: "offer", grp: WWW, move: "old", epoch: "1", why: "past" };
    const fields = Object.entries(strings).map(
      ([name, value]) => ({ kind: "string", name, value }) as const,
    );
    pair.event("hera", { kind: "message", from: ZEUS, fresh: true, message: { fields } });
    expect(pair.phase("hera")).toBe("prepared");
    const words = pair.hosts.zeus.words?.replace(/^o/, "d") ?? "";
    pair.event("hera", { kind: "beat", node: ZEUS, st: "active", words });
    pair.run(100);
    expect([pair.hosts.hera.address, pair.hosts.hera.service]).toEqual(["none", false]);
  });

  it("after its address was lost: the peer has it when it has stopped", () => {
    const pair = resisting();
    pair.hosts.zeus.address = "none";
    pair.event("zeus", { kind: "lease-lost", group: WWW, why: "we slept" });
    pair.run(15_000);
    expect([pair.part("zeus"), pair.part("hera")]).toEqual(["drains", "free"]);
    expect(pair.hosts.zeus.log.join("\n")).toContain("stop it by hand");
    pair.hosts.zeus.failStop = false;
    pair.run(15_000);
    expect([pair.hosts.zeus.service, pair.hosts.hera.service].filter(Boolean)).toHaveLength(1);
    expect(pair.bothRan).toBe(0);
  });

  it("where both own it: the loser's address goes before what will not stop", () => {
    const pair = resisting();
    pair.event("zeus", { kind: "beat", node: HERA, st: "active", words: "offffffffa" });
    pair.run(10);
    pair.stop("zeus");
    pair.run(50);
    expect([pair.hosts.zeus.address, pair.part("zeus")]).toEqual(["none", "drains"]);
  });

  it("where it was being given and the peer took it on silence: its address waits for no stop", () => {
    const pair = served(new Pair(withDisk()));
    pair.run(4_000);
    pair.hosts.zeus.hangStop = true;
    pair.request("zeus", 7, "standby");
    pair.run(1_000);
    expect([pair.hosts.zeus.address, pair.phase("zeus")]).toEqual(["answers", "releasing"]);
    pair.cut = true;
    pair.event("zeus", { kind: "beat", node: HERA, st: "active", words: "offffffffs" });
    pair.run(50);
    expect([pair.hosts.zeus.address, pair.part("zeus")]).toEqual(["none", "drains"]);
  });

  it("in a clean stop: the node ends when it has stopped", () => {
    const pair = resisting();
    pair.stop("zeus");
    pair.run(25_000);
    expect([pair.hosts.zeus.ended, pair.part("hera")]).toEqual([false, "free"]);
    pair.hosts.zeus.failStop = false;
    pair.run(15_000);
    expect([pair.hosts.zeus.ended, pair.part("hera")]).toEqual([true, "owns"]);
    expect(pair.bothRan).toBe(0);
  });

  it("after a start that finds it running here: it is stopped before the peer may have it", () => {
    const pair = resisting();
    pair.kill("zeus");
    pair.hosts.zeus.service = true;
    pair.start("zeus");
    pair.join();
    pair.run(15_000);
    expect([pair.part("zeus"), pair.part("hera")]).toEqual(["drains", "free"]);
    pair.hosts.zeus.failStop = false;
    pair.run(15_000);
    expect(pair.bothRan).toBe(0);
  });
});
