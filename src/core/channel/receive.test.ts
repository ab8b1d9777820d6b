import { describe, expect, it } from "vitest";
import { mediumName, nodeName } from "../../base/names.ts";
import { checkHeader } from "../../wire/header.ts";
import { type Message, messageOf, typeOf } from "../../wire/message.ts";
import { withStandardFields } from "../../wire/standard-fields.ts";
import { startChannel } from "./begin.ts";
import { nextWakeAt, reduceChannel } from "./channel.ts";
import { encodeMark } from "./native.ts";
import { snapshotOf } from "./reports.ts";
import type { ChannelSettings } from "./settings.ts";
import type { ChannelEffect, ChannelEvent, ChannelState } from "./state.ts";

const ETH0 = mediumName("eth0");
const ETH1 = mediumName("eth1");
const ZEUS = nodeName("zeus");
const HERA = nodeName("hera");
const ZEUS_UUID = "0a".repeat(16);
const SESSION = "00000001";

/** We are hera and hear what the tests let zeus say. */
class Hera {
  now = 200_000;
  state: ChannelState;
  readonly done: ChannelEffect[] = [];

  constructor(settings: Partial<ChannelSettings> = {}) {
    this.state = startChannel(
      {
        settings: {
          self: HERA,
          nodes: [ZEUS, HERA],
          uuid: "0b".repeat(16),
          pinned: undefined,
          timers: {
            keepaliveMs: 2000,
            warntimeMs: 6000,
            deadtimeMs: 12_000,
            initdeadMs: 150_000,
          },
          media: [ETH0, ETH1].map((name) => ({ kind: "bcast", name, interface: name, port: 694 })),
          pings: { nodes: [], deadMs: 12_000 },
          hopfudge: 1,
          ...settings,
        },
        session: SESSION,
        generation: 3,
        resumed: false,
        nextSeq: 1,
        seed: 5,
      },
      this.now,
    );
    this.step({ kind: "medium", medium: ETH1, usable: true, detail: "" });
  }

  step(event: ChannelEvent): readonly ChannelEffect[] {
    const moment = { now: this.now, wallSeconds: 1_795_000_000, load: "0.00", busy: [] };
    const [next, effects] = reduceChannel(this.state, event, moment);
    this.state = next;
    this.done.push(...effects);
    for (const effect of effects) {
      if (effect.kind === "after-queues") this.step({ kind: "queues-drained" });
    }
    return effects;
  }

  hear(message: Message, medium = ETH1): readonly ChannelEffect[] {
    const checked = checkHeader(message, [ZEUS, HERA, nodeName("ares")]);
    if (!checked.ok) throw new Error(`the test's message is refused: ${checked.reason}`);
    return this.step({ kind: "received", medium, header: checked.header, message });
  }

  wait(ms: number): void {
    const until = this.now + ms;
    for (let at = nextWakeAt(this.state); at <= until; at = nextWakeAt(this.state)) {
      this.now = at;
      this.step({ kind: "wake" });
    }
    this.now = until;
  }

  get discarded(): Readonly<Record<string, number>> {
    return this.state.discards.counts;
  }

  get peer() {
    return snapshotOf(this.state, this.now).peers[0];
  }

  reports(kind: string) {
    return this.done.flatMap((effect) =>
      effect.kind === "report" && effect.report.kind === kind ? [effect.report] : [],
    );
  }
}

interface Said {
  readonly t?: string;
  readonly src?: string;
  readonly uuid?: string;
  readonly seq?: number;
  readonly hg?: number;
  /** Undefined: a plain message; else our session as zeus last heard it. */
  readonly heard?: string;
  readonly more?: Record<string, string>;
}

function said({ t = "status", src = ZEUS, uuid = ZEUS_UUID, seq = 1, hg = 7, ...rest }: Said) {
  const beat = t === "status" ? { st: "active", dt: "2ee0", protocol: "1" } : {};
  const mark = rest.heard && encodeMark({ session: "0000aaaa", heard: rest.heard });
  return withStandardFields(messageOf({ t, ...beat, tdm: mark, ...rest.more }).fields, {
    src,
    srcuuidHex: uuid,
    seq,
    hg,
    ts: 1_795_000_000,
    ttl: 3,
  });
}

/** The types of all that hera has sent, in order. */
function sent(hera: Hera): readonly string[] {
  return hera.done.flatMap((effect) =>
    effect.kind === "transmit" ? [typeOf(effect.message)] : [],
  );
}

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
    hera.hear(said({ seq: 1, more: { dt: "3e8" } }));
    expect(hera.peer?.deadtimeMs).toBe(1000);
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

  it("shows a link that works one way only", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1, heard: SESSION, more: { hears: "eth1:40" } }));
    hera.hear(said({ seq: 1, heard: SESSION, more: { hears: "eth1:40" } }), ETH0);
    hera.hear(said({ seq: 2, heard: SESSION, more: { hears: "eth1:40" } }));
    const statuses = snapshotOf(hera.state, hera.now).links.map(({ link }) => link.status);
    expect(statuses).toEqual(["in-only", "up"]);
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

describe("numbers that we miss", () => {
  it("are asked for within a quarter of a second, and again until they come", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    hera.hear(said({ seq: 3 }));
    const requests = () =>
      hera.done.filter(
        (effect) =>
          effect.kind === "transmit" &&
          effect.message.fields.some(({ name, value }) => name === "t" && value === "NS_rexmit"),
      ).length;
    hera.wait(49);
    expect(requests()).toBe(0);
    hera.wait(201);
    expect(requests()).toBe(1);
    hera.wait(500);
    expect(requests()).toBe(3);
    hera.hear(said({ seq: 2 }));
    hera.wait(5000);
    expect(requests()).toBe(3);
  });

  it("are given up when the sender does not have them any more", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    hera.hear(said({ seq: 3 }));
    const nak = { dest: "hera", firstseq: "2", lastseq: "2", info: "seqno not found" };
    hera.hear(said({ t: "NS_nak_rexmit", more: nak }));
    const text = "Irretrievably lost packet: node zeus seq 2";
    expect(hera.done).toContainEqual({ kind: "log", level: "ERROR", text });
    expect(hera.state.peers[0]?.sequence.missing).toEqual([]);
  });
});

describe("a new pulse of the peer in the same generation", () => {
  it("leaves a hole in the numbers that nobody asks for", () => {
    const hera = new Hera();
    hera.hear(said({ seq: 40, heard: SESSION }));
    const mark = encodeMark({ session: "0000bbbb", heard: SESSION });
    hera.hear(said({ seq: 101, more: { tdm: mark } }));
    expect(hera.state.peers[0]?.sequence).toEqual({ last: 101, missing: [] });
    const logs = hera.done.flatMap((effect) => (effect.kind === "log" ? [effect.text] : []));
    expect(logs.filter((text) => text.includes("lost"))).toEqual([]);
  });
});

describe("numbers that the peer misses", () => {
  function answersTo(first: string, last: string): readonly string[] {
    const hera = new Hera();
    hera.hear(said({ seq: 1 }));
    for (const word of ["one", "two"]) {
      hera.step({ kind: "send", fields: messageOf({ t: "resource", word }).fields });
    }
    const more = { dest: "hera", firstseq: first, lastseq: last };
    return hera.hear(said({ t: "NS_rexmit", more })).flatMap((effect) => {
      if (effect.kind !== "transmit") return [];
      const field = (name: string) => effect.message.fields.find((f) => f.name === name)?.value;
      return [`${field("t")} ${field("word") ?? field("firstseq")}`];
    });
  }

  it("are sent again as they were", () => {
    expect(answersTo("2", "3")).toEqual(["resource one", "resource two"]);
  });

  it("are refused when they were never kept", () => {
    expect(answersTo("0", "0")).toEqual(["NS_nak_rexmit 0"]);
  });

  it("are not answered when they were never sent or make no sense", () => {
    expect(answersTo("99", "99")).toEqual([]);
    expect(answersTo("3", "2")).toEqual([]);
    expect(answersTo("1f", "1f")).toEqual([]);
  });
});
