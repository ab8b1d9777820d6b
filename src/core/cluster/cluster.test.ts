import { describe, expect, it } from "vitest";
import { HERA, Pair, served, tutorialConfig, WWW, ZEUS } from "../../../test/pair.ts";
import { messageOf } from "../../wire/message.ts";

describe("starting", () => {
  it("both start: the preferred node serves and the other stands by", () => {
    const pair = served();
    expect(pair.hosts.zeus.service).toBe(true);
    expect(pair.hosts.hera.service).toBe(false);
    expect(pair.bothAnswered).toBe(0);
  });

  it("a node alone takes nothing before the peer is known to be gone", () => {
    const pair = new Pair();
    pair.start("hera");
    pair.run(5000);
    expect(pair.phase("hera")).toBe("free");
    pair.report("hera", "silent", { heardAt: undefined });
    pair.run(1000);
    // zeus, its home, would have gone first.
    expect(pair.phase("hera")).toBe("probing");
    pair.run(1500);
    expect(pair.phase("hera")).toBe("holding");
  });

  it("a cluster of one serves at once", () => {
    const pair = new Pair(tutorialConfig({ nodes: [ZEUS] }));
    pair.start("zeus");
    pair.run(500);
    expect(pair.phase("zeus")).toBe("holding");
  });

  it("a daemon that was killed finds its address and adopts it", () => {
    const pair = served();
    const { address, record, service } = pair.hosts.zeus;
    pair.kill("zeus");
    Object.assign(pair.hosts.zeus, { address, record, service });
    pair.start("zeus");
    expect(pair.hosts.zeus.held).toBe(1);
    pair.join();
    pair.run(500);
    expect(pair.phase("zeus")).toBe("holding");
    expect(pair.nobodyAnswered).toBe(0);
    expect(pair.phase("hera")).toBe("free");
  });

  it("an address of another boot is not adopted but cleared away", () => {
    const pair = served();
    const { address, record } = pair.hosts.zeus;
    pair.kill("zeus");
    Object.assign(pair.hosts.zeus, { address, record });
    pair.start("zeus", { bootId: "another" });
    pair.run(50);
    expect(pair.hosts.zeus.address).toBe("none");
  });
});

describe("death", () => {
  it("hera takes over when zeus is silent and nobody answers for the address", () => {
    const pair = served();
    pair.kill("zeus");
    pair.report("hera", "suspect", { silentAt: pair.now + 750 });
    pair.run(750);
    pair.report("hera", "silent");
    pair.run(2);
    expect(pair.hosts.hera.address).toBe("answers");
    pair.run(100);
    expect(pair.phase("hera")).toBe("holding");
  });

  describe("mode safety does not take on silence alone", () => {
    const SAFETY = { mode: "safety", autoFailbackNow: false, onProbeAnswer: "check" } as const;

    function saidOnSilence({ hosts }: Pair): number {
      return hosts.hera.log.filter((line) => line.includes("mode safety does not take it")).length;
    }

    it("and says so", () => {
      const pair = served(new Pair(tutorialConfig({ tandem: SAFETY })));
      pair.kill("zeus");
      pair.report("hera", "silent");
      pair.run(2000);
      expect(pair.phase("hera")).toBe("free");
      expect(saidOnSilence(pair)).toBe(1);
    });

    it("nor does an owner give up for it that reads that it is not heard", () => {
      const pair = served(new Pair(tutorialConfig({ tandem: SAFETY })));
      pair.run(2000);
      pair.report("zeus", "up", { hearsUs: false, unheardMs: 2900 });
      pair.report("hera", "silent");
      pair.run(2000);
      expect(pair.phase("zeus")).toBe("holding");
      expect(pair.nobodyAnswered).toBe(0);
    });

    it("and says so though something else was noted before", () => {
      const pair = served(new Pair(tutorialConfig({ tandem: SAFETY })));
      const message = messageOf({ t: "tandem", step: "decline", grp: WWW, why: "not now" });
      pair.event("hera", { kind: "message", from: ZEUS, fresh: true, message });
      pair.kill("zeus");
      pair.report("hera", "silent");
      pair.run(2000);
      expect(saidOnSilence(pair)).toBe(1);
    });

    it("and says so each time, and no longer than the silence lasts", () => {
      const pair = served(new Pair(tutorialConfig({ tandem: SAFETY })));
      for (const times of [1, 2]) {
        pair.report("hera", "silent");
        pair.run(2000);
        expect(saidOnSilence(pair)).toBe(times);
        pair.join();
        pair.run(100);
        expect(pair.hosts.hera.state?.groups[0]?.note).toBeUndefined();
      }
    });
  });

  it("after a death failback waits for a minute of being up", () => {
    const pair = served();
    pair.kill("zeus");
    pair.report("hera", "silent");
    pair.run(500);
    expect(pair.phase("hera")).toBe("holding");
    pair.start("zeus", { bootId: "next" });
    pair.event("hera", { kind: "restart", node: ZEUS, generation: 2 });
    pair.join();
    pair.run(55_000);
    expect(pair.phase("hera")).toBe("holding");
    pair.run(15_000);
    expect(pair.phase("zeus")).toBe("holding");
    expect(pair.phase("hera")).toBe("free");
    expect(pair.bothAnswered).toBe(0);
  });

  it("auto_failback_now fails back at once after a death", () => {
    const tandem = { mode: "availability", autoFailbackNow: true, onProbeAnswer: "check" } as const;
    const pair = served(new Pair(tutorialConfig({ tandem })));
    pair.kill("zeus");
    pair.report("hera", "silent");
    pair.run(500);
    pair.start("zeus", { bootId: "next" });
    pair.event("hera", { kind: "restart", node: ZEUS, generation: 2 });
    pair.join();
    pair.run(6000);
    expect(pair.phase("zeus")).toBe("holding");
  });
});

describe("carrier", () => {
  it("the owner's LAN cable is pulled: the other takes it by consent", () => {
    const pair = served();
    pair.hosts.zeus.carrier = false;
    pair.face("zeus");
    pair.run(1500);
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.part("zeus")).toBe("unable");
  });

  it("a taker that still clears away what its last life left is asked again, at a pace", () => {
    const pair = served();
    pair.kill("hera");
    pair.report("zeus", "silent");
    pair.hosts.hera.hangStop = true;
    pair.hosts.zeus.carrier = false;
    pair.face("zeus");
    pair.start("hera");
    pair.join();
    pair.run(20_000);
    expect([pair.phase("zeus"), pair.phase("hera")]).toEqual(["holding", "releasing"]);
    expect(pair.sent.zeus.filter((step) => step === "offer").length).toBeLessThanOrEqual(11);
    const phase = pair.hosts.hera.state?.groups[0]?.phase;
    if (phase?.kind !== "releasing") throw new Error("hera still releases it");
    const result = { ok: true, state: "stopped", detail: "" } as const;
    pair.event("hera", { kind: "resource-done", id: phase.opId, result });
    pair.run(2500);
    expect(pair.phase("hera")).toBe("holding");
  });

  it("both LAN cables are pulled: it stays where it is", () => {
    const pair = served();
    pair.hosts.hera.carrier = false;
    pair.face("hera");
    pair.hosts.zeus.carrier = false;
    pair.face("zeus");
    pair.run(1500);
    expect(pair.phase("zeus")).toBe("holding");
  });
});

describe("two owners", () => {
  it("a healed partition has one loser, and the one that served longer keeps it", () => {
    const pair = served();
    pair.cut = true;
    pair.hosts.zeus.carrier = false;
    pair.report("hera", "silent");
    pair.report("zeus", "silent");
    pair.run(3000);
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.phase("zeus")).toBe("holding");
    pair.hosts.zeus.carrier = true;
    pair.join();
    pair.run(100);
    expect([pair.phase("zeus"), pair.phase("hera")]).toEqual(["holding", "free"]);
    expect(pair.hosts.hera.log.join("\n")).toContain("served without a break for longer");
    expect(pair.hosts.zeus.log.join("\n")).toContain("keeps it");
  });

  it("an owner that reads that it is not heard gives up before it is doubled", () => {
    const pair = served();
    pair.run(2000);
    pair.report("zeus", "up", { hearsUs: false, unheardMs: 2900 });
    pair.run(100);
    expect(pair.phase("zeus")).toBe("free");
    expect(pair.hosts.zeus.address).toBe("none");
  });

  it("what a peer says on its return, that it has not heard us, tells of the time before", () => {
    const pair = served();
    pair.report("zeus", "silent");
    pair.run(2000);
    pair.report("zeus", "up", { hearsUs: false, unheardMs: 2900 });
    pair.run(100);
    expect(pair.phase("zeus")).toBe("holding");
  });
});

describe("the address", () => {
  it("is not put back on the strength of a tick that waited in a queue while we slept", () => {
    const pair = served();
    pair.tick("zeus", 700);
    pair.hosts.zeus.address = "none";
    pair.event("zeus", { kind: "address-gone", group: "192.168.43.53" as never, by: "program" });
    pair.run(1);
    expect(pair.part("zeus")).not.toBe("owns");
  });

  it("deleted by a program it is put back; expired it is taken anew after asking", () => {
    const pair = served();
    pair.tick("zeus");
    pair.hosts.zeus.address = "none";
    pair.event("zeus", { kind: "address-gone", group: "192.168.43.53" as never, by: "program" });
    pair.run(5);
    expect(pair.hosts.zeus.address).toBe("answers");
    const epoch = pair.hosts.zeus.state?.groups[0]?.epoch.number ?? 0;
    pair.hosts.zeus.address = "none";
    pair.event("zeus", {
      kind: "lease-lost",
      group: "192.168.43.53" as never,
      why: "renewal came too late",
    });
    pair.run(60);
    expect(pair.phase("zeus")).toBe("holding");
    expect(pair.hosts.zeus.state?.groups[0]?.epoch.number).toBeGreaterThan(epoch);
    expect(pair.phase("hera")).toBe("free");
  });
});

describe("an address deleted while the pulse does not tick", () => {
  it("is not put back: it would outlive the last beat by a whole lifetime", () => {
    const pair = served();
    pair.pulsesTick = false;
    pair.run(400);
    pair.hosts.zeus.address = "none";
    pair.event("zeus", { kind: "address-gone", group: "192.168.43.53" as never, by: "program" });
    expect(pair.phase("zeus")).not.toBe("holding");
  });
});

describe("a start that fails", () => {
  it("is undone, and the other node takes it", () => {
    const pair = new Pair();
    pair.hosts.zeus.failStart = true;
    pair.start("zeus");
    pair.start("hera");
    pair.join();
    pair.run(1000);
    expect(pair.phase("zeus")).toBe("unable");
    expect(pair.hosts.zeus.address).toBe("none");
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.hosts.hera.state?.self).toBe(HERA);
  });
});
