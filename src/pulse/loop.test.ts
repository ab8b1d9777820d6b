import { describe, expect, it } from "vitest";
import { leaseOf, type PulseHost, Wire } from "../../test/pulse/two-loops.ts";
import { mediumName } from "../base/names.ts";
import type { ChannelReport } from "../core/channel/report.ts";
import { encodeClaims } from "../core/claim.ts";

const OWNS = encodeClaims([{ part: "owns", epoch: 7, basis: "agreed" }]);

function pair(): { wire: Wire; zeus: PulseHost; hera: PulseHost } {
  const wire = new Wire();
  const zeus = wire.host("zeus").start();
  const hera = wire.host("hera").start();
  return { wire, zeus, hera };
}

function lastPeer(host: PulseHost) {
  return host.reports("peer").at(-1)?.peer;
}

describe("two pulses on one cable", () => {
  it("find each other within a second and know that both directions work", () => {
    const { wire, zeus, hera } = pair();
    wire.run(1000);
    for (const host of [zeus, hera]) {
      expect(lastPeer(host)).toMatchObject({ liveness: "up", dialect: "native", hearsUs: true });
      expect(host.reports("link").at(-1)?.link.status).toBe("up");
    }
    expect(zeus.logs).toContain("Link hera:eth1 up.");
    expect(zeus.logs).toContain("Status update for node hera: status up");
  });

  it("carry a message once, in order and fresh, to the other's daemon", () => {
    const { wire, zeus, hera } = pair();
    wire.run(1000);
    for (const value of ["one", "two"]) {
      zeus.daemonSays({
        kind: "send",
        fields: [
          { kind: "string", name: "t", value: "tandem-test" },
          { kind: "string", name: "word", value },
        ],
      });
    }
    wire.run(5000);
    const got = hera.reports("message");
    expect(got.map(({ fresh }) => fresh)).toEqual([true, true]);
    expect(got.map(({ message }) => message.fields.find((f) => f.name === "word")?.value)).toEqual([
      "one",
      "two",
    ]);
  });

  it("fill a gap by asking for what was lost", () => {
    const { wire, zeus, hera } = pair();
    wire.run(1000);
    let toLose = 1;
    wire.loses = (from) => from === zeus.name && toLose-- > 0;
    zeus.daemonSays({ kind: "send", fields: [{ kind: "string", name: "t", value: "lost-one" }] });
    wire.run(3000);
    expect(hera.reports("message").map(({ message }) => message.fields[0]?.value)).toEqual([
      "lost-one",
    ]);
    expect(hera.logs).toContain("No pkts missing from zeus!");
  });

  it("call the other dead exactly its dead time after its last beat, and not before", () => {
    const { wire, zeus, hera } = pair();
    wire.run(10_000);
    zeus.powerOff();
    const heardAt = lastPeer(hera)?.heardAt ?? 0;
    wire.run(20_000);
    const verdicts = hera.reports("peer").filter(({ at }) => at > heardAt + 1);
    expect(verdicts.map(({ at, peer }) => [peer.liveness, at - heardAt])).toEqual([
      ["late", 6000],
      ["suspect", 11_000],
      ["silent", 12_000],
    ]);
    expect(hera.logs).toContain("node zeus: is dead");
    expect(hera.logs).toContain("Link zeus:eth1 dead.");
  });

  it("do not call the other dead whose beats may be among what was dropped unread, and beat on", () => {
    const { wire, hera } = pair();
    wire.run(10_000);
    wire.loses = (from) => from !== hera.name;
    const sentBefore = hera.sent.length;
    for (let ms = 0; ms < 40_000; ms += 500) {
      hera.deliver({ kind: "unread", medium: mediumName("eth1"), count: 100 });
      wire.run(500);
    }
    wire.run(2000);
    const verdicts = hera.reports("peer").map(({ peer }) => peer.liveness);
    expect(verdicts).not.toContain("silent");
    expect(verdicts.at(-1)).toBe("unjudged");
    expect(hera.sent.length - sentBefore).toBeGreaterThanOrEqual(40_000 / 2000);
    expect(hera.reports("tick").at(-1)?.snapshot.discarded).toEqual({ unread: 8000 });
    expect(hera.logs.filter((text) => text.includes("packet discarded: unread ("))).toHaveLength(1);
  });

  it("do not call the other dead when we slept and its beats wait in the socket", () => {
    const { wire, hera } = pair();
    wire.run(10_000);
    hera.stall(30_000);
    wire.run(60_000);
    expect(hera.reports("peer").some(({ peer }) => peer.liveness === "silent")).toBe(false);
    expect(hera.reports("stalled").length).toBeGreaterThan(0);
  });

  it("do not call the other dead sooner for the time that our own renewal took", () => {
    const { wire, zeus, hera } = pair();
    wire.run(1000);
    hera.daemonSays({ kind: "hold", leases: [leaseOf(wire)] });
    wire.run(9_000);
    zeus.powerOff();
    const heardAt = lastPeer(hera)?.heardAt ?? 0;
    hera.renewalTakesMs = 900;
    wire.run(1);
    for (let ms = 0; ms < 4_000 && hera.reports("stalled").length === 0; ms += 100) wire.run(100);
    hera.renewalTakesMs = 0;
    const sleptMs = hera.reports("stalled").reduce((sum, { lateMs }) => sum + lateMs, 0);
    wire.run(20_000);
    const dead = hera.reports("peer").find(({ peer }) => peer.liveness === "silent");
    expect(sleptMs).toBe(900);
    expect((dead?.at ?? 0) - heardAt).toBe(12_000 + sleptMs);
  });

  it("see a restart by its generation, and a killed pulse that returns not at all", () => {
    const { wire, zeus, hera } = pair();
    wire.run(5000);
    zeus.restart();
    wire.run(5000);
    expect(hera.reports("restart")).toEqual([]);
    expect(lastPeer(hera)).toMatchObject({ liveness: "up", hearsUs: true });
    zeus.record = undefined;
    zeus.daemonSays({ kind: "bye" });
    const settings = {
      ...zeus.settings,
      storedGeneration: zeus.reports("hello")[0]?.generation ?? 0,
    };
    Object.assign(zeus, { settings });
    zeus.restart();
    wire.run(5000);
    expect(hera.reports("restart")).toHaveLength(1);
    expect(hera.logs).toContain("Heartbeat restart on node zeus");
  });

  it("never use a number twice over restarts of a pulse", () => {
    const { wire, zeus } = pair();
    for (let life = 0; life < 4; life++) {
      wire.run(7000);
      zeus.restart();
    }
    wire.run(3000);
    const numbers = zeus.sent.flatMap((bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      const seq = /\(0\)seq=([0-9a-f]+)/.exec(text)?.[1];
      return seq === undefined || text.includes("t=NS_") ? [] : [seq];
    });
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(zeus.reports("hello").map(({ generation }) => generation)).toEqual(
      Array.from({ length: 5 }, () => zeus.reports("hello")[0]?.generation),
    );
  });
});

describe("an address with a lifetime", () => {
  it("is renewed right before each beat", () => {
    const { wire, zeus } = pair();
    wire.run(1000);
    zeus.daemonSays({ kind: "hold", leases: [leaseOf(wire)] });
    wire.run(20_000);
    const renewals = zeus.deeds.filter((deed) => deed.startsWith("renew"));
    expect(renewals.length).toBeGreaterThanOrEqual(10);
    expect(zeus.reports("lease-lost")).toEqual([]);
  });

  it("is deleted, not renewed, after a stall longer than its lifetime", () => {
    const { wire, zeus, hera } = pair();
    wire.run(1000);
    zeus.daemonSays({ kind: "hold", leases: [leaseOf(wire)] });
    zeus.daemonSays({ kind: "say", st: "active", words: OWNS });
    wire.run(3000);
    const stalledAt = wire.now;
    zeus.stall(15_000);
    wire.run(20_000);
    const late = zeus.deeds.filter(
      (d) => d.startsWith("renew") && Number(d.split(" ")[2]) > stalledAt,
    );
    expect(late).toEqual([]);
    expect(zeus.deeds).toContain("delete 192.168.43.53");
    expect(zeus.reports("lease-lost")).toHaveLength(1);
    expect(hera.reports("beat").at(-1)?.words).toBe("f7a");
  });

  it("is deleted after such a stall before anything that waited is told", () => {
    const { wire, zeus, hera } = pair();
    wire.run(1000);
    zeus.daemonSays({ kind: "hold", leases: [leaseOf(wire)] });
    wire.run(3000);
    zeus.stall(15_000);
    hera.daemonSays({ kind: "say", st: "active", words: OWNS });
    const before = zeus.told.length;
    wire.run(16_000);
    const kinds = zeus.told.slice(before).map(({ message }) => message.kind);
    expect(kinds).toContain("beat");
    expect(kinds.indexOf("lease-lost")).toBeLessThan(kinds.indexOf("beat"));
    expect(kinds.indexOf("lease-lost")).toBeLessThan(kinds.indexOf("stalled"));
  });

  it("is deleted, not renewed, when tandemd hands it over too late", () => {
    const { wire, zeus } = pair();
    wire.run(1000);
    zeus.daemonSays({ kind: "hold", leases: [leaseOf(wire, { renewedAt: wire.now - 8_600 })] });
    wire.run(3000);
    expect(zeus.deeds.filter((deed) => deed.startsWith("renew"))).toEqual([]);
    expect(zeus.deeds).toContain("delete 192.168.43.53");
    expect(zeus.reports("lease-lost")).toHaveLength(1);
  });

  it("is deleted when its renewal took so long that the peer may have taken it", () => {
    const { wire, zeus } = pair();
    wire.run(1000);
    zeus.daemonSays({ kind: "hold", leases: [leaseOf(wire)] });
    wire.run(3000);
    expect(zeus.deeds).not.toContain("delete 192.168.43.53");
    zeus.renewalTakesMs = 8_600;
    wire.run(3000);
    expect(zeus.deeds).toContain("delete 192.168.43.53");
    expect(zeus.reports("lease-lost")).toHaveLength(1);
  });

  it("is told as lost to the daemon that starts meanwhile: it may have adopted it just before", () => {
    const { wire, zeus } = pair();
    wire.run(1000);
    zeus.daemonSays({ kind: "hold", leases: [leaseOf(wire)] });
    zeus.configures = false;
    zeus.deliver({ kind: "daemon-gone", code: undefined, signal: "SIGKILL" });
    wire.run(100);
    zeus.renewalTakesMs = 8_600;
    wire.run(3000);
    expect(zeus.deeds).toContain("delete 192.168.43.53");
    zeus.daemonSays({ kind: "configure", settings: zeus.settings });
    wire.run(10);
    const kinds = zeus.told.map(({ message }) => message.kind);
    expect(kinds.lastIndexOf("lease-lost")).toBeGreaterThan(kinds.lastIndexOf("hello"));
    expect(zeus.reports("lease-lost")).toHaveLength(1);
  });

  it("is given up for a higher claim before the beat that claims it is passed on", () => {
    const { wire, zeus, hera } = pair();
    wire.run(1000);
    zeus.daemonSays({ kind: "hold", leases: [leaseOf(wire)] });
    zeus.daemonSays({ kind: "say", st: "active", words: OWNS });
    wire.run(100);
    const words = encodeClaims([{ part: "owns", epoch: 8, basis: "proved" }]);
    hera.daemonSays({ kind: "say", st: "active", words });
    wire.run(100);
    expect(zeus.deeds).toContain("delete 192.168.43.53");
    const kinds = zeus.told.map(({ message }) => message.kind);
    expect(kinds.indexOf("lease-lost")).toBeLessThan(kinds.lastIndexOf("beat"));
  });

  it("is kept against a claim that stands on silence alone", () => {
    const { wire, zeus, hera } = pair();
    wire.run(1000);
    zeus.daemonSays({ kind: "hold", leases: [leaseOf(wire)] });
    const words = encodeClaims([{ part: "owns", epoch: 8, basis: "silent" }]);
    hera.daemonSays({ kind: "say", st: "active", words });
    wire.run(1000);
    expect(zeus.reports("lease-lost")).toEqual([]);
  });
});

describe("the supervisor", () => {
  it("starts a daemon again that is gone, and goes on beating", () => {
    const { wire, zeus, hera } = pair();
    wire.run(5000);
    zeus.deliver({ kind: "daemon-gone", code: undefined, signal: "SIGKILL" });
    wire.run(15_000);
    expect(zeus.deeds.filter((deed) => deed === "start-daemon")).toHaveLength(2);
    expect(zeus.reports("hello")).toHaveLength(2);
    expect(lastPeer(hera)?.liveness).toBe("up");
    expect(hera.reports("peer").some(({ peer }) => peer.liveness === "late")).toBe(false);
  });

  it("tells a restarted daemon all that it knows", () => {
    const { wire, zeus } = pair();
    wire.run(5000);
    const before = zeus.told.length;
    zeus.deliver({ kind: "daemon-gone", code: 1, signal: undefined });
    wire.run(100);
    const kinds = new Set(zeus.told.slice(before).map(({ message }) => message.kind));
    for (const kind of ["hello", "peer", "link", "beat"] satisfies (
      | ChannelReport["kind"]
      | "hello"
    )[]) {
      expect(kinds).toContain(kind);
    }
  });

  it("takes other settings of a restarted daemon without becoming another node", () => {
    const { wire, zeus, hera } = pair();
    wire.run(5000);
    const timers = { ...zeus.settings.timers, keepaliveMs: 500, deadtimeMs: 3000 };
    zeus.daemonSays({ kind: "configure", settings: { ...zeus.settings, timers } });
    wire.run(5000);
    const [first, second] = zeus.reports("hello");
    expect(second).toMatchObject({ session: first?.session, generation: first?.generation });
    expect(lastPeer(hera)).toMatchObject({ liveness: "up", deadtimeMs: 3000 });
    expect(hera.reports("peer").filter(({ at }) => at > wire.now - 4000).length).toBeGreaterThan(6);
    expect(hera.reports("restart")).toEqual([]);
  });

  it("ends a daemon that does not answer for a quarter of deadtime", () => {
    const { wire, zeus } = pair();
    wire.run(5000);
    zeus.daemonIsWell = false;
    wire.run(3500);
    expect(zeus.deeds).toContain("kill-daemon");
    expect(zeus.logs.some((text) => text.includes("tandemd has not answered"))).toBe(true);
  });

  it("gives the address up when no daemon is well for half of deadtime, and says free", () => {
    const { wire, zeus, hera } = pair();
    wire.run(2000);
    zeus.daemonSays({ kind: "hold", leases: [leaseOf(wire)] });
    zeus.daemonSays({ kind: "say", st: "active", words: OWNS });
    wire.run(1000);
    zeus.configures = false;
    zeus.deliver({ kind: "daemon-gone", code: 1, signal: undefined });
    wire.run(4500);
    expect(zeus.deeds).not.toContain("delete 192.168.43.53");
    wire.run(2000);
    expect(zeus.deeds).toContain("delete 192.168.43.53");
    expect(hera.reports("beat").at(-1)).toMatchObject({ words: "f7a" });
  });

  it("exits with the daemon's code when the files cannot be used", () => {
    const wire = new Wire();
    const zeus = wire.host("zeus");
    zeus.configures = false;
    zeus.start();
    zeus.deliver({ kind: "daemon-gone", code: 6, signal: undefined });
    wire.run(100);
    expect(zeus.exitCode).toBe(6);
  });

  it("passes a wish to stop on, and ends with the daemon after its goodbye", () => {
    const { wire, zeus, hera } = pair();
    wire.run(3000);
    zeus.deliver({ kind: "stop" });
    expect(zeus.reports("stop")).toHaveLength(1);
    zeus.daemonSays({ kind: "bye" });
    const sent = zeus.sent.length;
    wire.run(3000);
    expect(zeus.sent).toHaveLength(sent);
    expect(zeus.record).toBeUndefined();
    zeus.deliver({ kind: "daemon-gone", code: 0, signal: undefined });
    expect(zeus.exitCode).toBe(0);
    expect(lastPeer(hera)?.liveness).toBe("up");
  });
});
