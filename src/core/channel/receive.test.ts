import { describe, expect, it } from "vitest";
import {
  ETH0,
  HERA,
  Hera,
  SESSION,
  said,
  sent,
  ZEUS,
  ZEUS_UUID,
} from "../../../test/channel/hera.ts";
import { typeOf } from "../../wire/message.ts";
import { snapshotOf } from "./reports.ts";
import type { ChannelEffect } from "./state.ts";

describe("what is not believed", () => {
  it("is a lower generation: said before", () => {
    const hera = new Hera();
    hera.hear(said({ hg: 7, seq: 1 }));
    hera.hear(said({ hg: 6, seq: 2 }));
    expect(hera.discarded).toEqual({ replayed: 1 });
    expect(hera.peer?.generation).toBe(7);
  });

  it("is a node that is not the cluster's", () => {
    const hera = new Hera();
    hera.hear(said({ src: "ares" }));
    expect(hera.discarded).toEqual({ "unknown-node": 1 });
  });

  it("is a higher generation that no beat has begun", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    hera.hear(said({ t: "resource", seq: 2, hg: 8 }));
    expect(hera.discarded).toEqual({ unannounced: 1 });
    expect(hera.reports("message")).toEqual([]);
  });

  it("is the plain dialect of a node that was native in this generation", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, heard: SESSION }));
    hera.hear(said({ seq: 2 }));
    expect(hera.discarded).toEqual({ downgraded: 1 });
    hera.hear(said({ seq: 1, hg: 8 }));
    expect(hera.peer).toMatchObject({ dialect: "plain", generation: 8 });
    const logs = hera.done.flatMap((effect) => (effect.kind === "log" ? [effect.text] : []));
    expect(logs.filter((text) => text.includes("speaks Heartbeat's dialect"))).toHaveLength(1);
  });

  it("is the plain dialect of a node that the journal knows as native", () => {
    const hera = new Hera({ pinned: { uuid: ZEUS_UUID, generation: 7 } });
    hera.hear(said({ seq: 1 }));
    hera.hear(said({ seq: 1, hg: 6, heard: SESSION }));
    expect(hera.discarded).toEqual({ downgraded: 1, replayed: 1 });
    hera.hear(said({ seq: 1, hg: 7, heard: SESSION }));
    expect(hera.peer?.liveness).toBe("up");
  });

  it("is another machine under our own name", () => {
    const hera = new Hera();
    hera.hear(said({ src: HERA, uuid: "0c".repeat(16) }));
    expect(hera.discarded).toEqual({ "own-name": 1 });
  });
});

describe("a message of the peer", () => {
  it("is delivered once, however often and wherever it comes", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    const message = said({ t: "resource", seq: 2 });
    hera.hear(message);
    hera.hear(message, ETH0);
    hera.hear(message);
    hera.hear(said({ seq: 3 }));
    hera.hear(message);
    expect(hera.reports("message")).toHaveLength(1);
    expect(hera.discarded).toEqual({ repeated: 2 });
  });

  it("makes the link that brings a second copy live", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    hera.hear(said({ seq: 1 }), ETH0);
    const links = snapshotOf(hera.state, hera.now).links.map(({ link }) => link.status);
    expect(links).toEqual(["up", "up"]);
  });

  it("for another node only counts as a number", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    hera.hear(said({ t: "resource", seq: 2, more: { dest: "zeus" } }));
    expect(hera.reports("message")).toEqual([]);
    hera.hear(said({ seq: 3 }));
    expect(hera.discarded).toEqual({});
  });

  it("is fresh only when it names our present session", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, heard: SESSION }));
    hera.hear(said({ t: "resource", seq: 2, heard: SESSION }));
    hera.hear(said({ t: "resource", seq: 3, heard: "00000009" }));
    expect(hera.reports("message").map((report) => "fresh" in report && report.fresh)).toEqual([
      true,
      false,
    ]);
  });

  it("of another type than status does not make its sender live", () => {
    const hera = new Hera();
    hera.hear(said({ t: "resource", seq: 1 }));
    expect(hera.peer).toMatchObject({ liveness: "never-heard", heardAt: undefined });
  });
});

describe("a beat", () => {
  it("is judged by the dead time that it announces, within bounds", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, more: { dt: "1388" } }));
    expect(hera.peer?.deadtimeMs).toBe(5000);
    hera.hear(said({ seq: 2, more: { dt: "ffffffffff" } }));
    expect(hera.peer?.deadtimeMs).toBe(600_000);
  });

  it("that comes late fills its gap and says nothing", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, more: { st: "up" } }));
    hera.hear(said({ seq: 3, more: { st: "active" } }));
    const before = hera.reports("beat").length;
    hera.hear(said({ seq: 2, more: { st: "up" } }));
    expect(hera.reports("beat")).toHaveLength(before);
    expect(hera.done).toContainEqual({
      kind: "log",
      level: "info",
      text: "No pkts missing from zeus!",
    });
  });

  it("tells whether the peer hears us, and since when it does not", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, heard: SESSION, more: { hears: "eth1:40,eth0:9000" } }));
    expect(hera.peer).toMatchObject({ hearsUs: true, unheardMs: 40 });
    hera.hear(said({ seq: 2, heard: SESSION, more: { hears: "" } }));
    expect(hera.peer).toMatchObject({ hearsUs: false, unheardMs: 12_000 });
    hera.hear(said({ seq: 3, heard: "00000009", more: { hears: "eth1:40" } }));
    expect(hera.peer).toMatchObject({ hearsUs: false, unheardMs: undefined });
  });

  it("shows a link that works one way only, once that has lasted", () => {
    const hera = new Hera();
    const status = () => snapshotOf(hera.state, hera.now).links.map(({ link }) => link.status);
    const more = { hears: "eth1:40" };
    for (const seq of [1, 2, 3]) {
      hera.hear(said({ seq, heard: SESSION, more }));
      hera.hear(said({ seq, heard: SESSION, more }), ETH0);
      expect(status()).toEqual(["up", "up"]);
      hera.wait(2_000);
    }
    expect(status()).toEqual(["in-only", "up"]);
  });

  it("is late by the words of Heartbeat's log", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    hera.wait(7000);
    hera.hear(said({ seq: 2 }));
    const text = "Late heartbeat: Node zeus: interval 7000 ms";
    expect(hera.done).toContainEqual({ kind: "log", level: "WARN", text });
  });

  it("of a peer counted dead in the same generation is a return after partition", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    hera.wait(13_000);
    expect(hera.peer?.liveness).toBe("silent");
    hera.hear(said({ seq: 2 }));
    expect(hera.peer?.liveness).toBe("up");
    const text = "Cluster node zeus returning after partition.";
    expect(hera.done).toContainEqual({ kind: "log", level: "CRIT", text });
  });

  it("of a peer counted dead is told before the verdict: it is judged by what it says now", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, heard: SESSION, more: { own: "o7a" } }));
    hera.wait(13_000);
    const effects = hera.hear(said({ seq: 2, heard: SESSION, more: { own: "o7a" } }));
    const kinds = effects.flatMap((one) => (one.kind === "report" ? [one.report.kind] : []));
    expect(kinds).toEqual(["beat", "peer", "link"]);
  });

  it("of a new generation begins everything anew", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 40, heard: SESSION }));
    hera.hear(said({ seq: 1, hg: 8, heard: SESSION }));
    expect(hera.reports("restart")).toEqual([{ kind: "restart", node: ZEUS, generation: 8 }]);
    hera.hear(said({ t: "resource", seq: 2, hg: 8, heard: SESSION }));
    expect(hera.reports("message")).toHaveLength(1);
  });

  it("of a node that has just started is answered out of turn: it should know that we are active", () => {
    const hera = new Hera();
    hera.step({ kind: "say", st: "active", words: "" });
    hera.wait(1_000);
    const isBeat = (effect: ChannelEffect): boolean =>
      effect.kind === "transmit" && typeOf(effect.message) === "status";
    expect(hera.hear(said({ seq: 1, more: { st: "init" } })).filter(isBeat)).toHaveLength(1);
    expect(hera.hear(said({ seq: 2 })).filter(isBeat)).toEqual([]);
  });

  it("of a node that has just started is answered before its messages are acknowledged or asked for", () => {
    const hera = new Hera();
    hera.step({ kind: "say", st: "active", words: "" });
    hera.hear(said({ seq: 40 }));
    // Our last beat out of turn is not long ago: the next one has to wait.
    hera.done.length = 0;
    for (const seq of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]) hera.hear(said({ seq, hg: 8 }));
    hera.wait(249);
    expect(sent(hera)).toEqual([]);
    hera.wait(1);
    expect(sent(hera)).toEqual(["status", "NS_rexmit"]);
    hera.hear(said({ seq: 11, hg: 8 }));
    for (let seq = 13; seq <= 22; seq += 1) hera.hear(said({ seq, hg: 8 }));
    expect(sent(hera)).toContain("NS_ackmsg");
  });

  it("claims against our leases only when it is fresh and stands on more than silence", () => {
    const hera = new Hera();
    const claims = (heard: string, own: string, seq: number) =>
      hera.hear(said({ seq, heard, more: { own } })).filter(({ kind }) => kind === "claimed")
        .length;
    expect(claims("00000009", "o9a", 1)).toBe(0);
    expect(claims(SESSION, "o9s,f9a", 2)).toBe(0);
    expect(claims(SESSION, "f9a,o9p", 3)).toBe(1);
  });
});
