import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageOf } from "../../wire/message.ts";
import {
  answered,
  excusedPings,
  hindered,
  isOurPing,
  judgePings,
  nextPingAt,
  nextPingVerdictAt,
  type Pings,
  pingChanges,
  pingReports,
  pingRound,
  unansweredPings,
  withPings,
} from "./pings.ts";

const ROUTER = "192.168.43.1";
const SESSION = "0000feed";
const CONFIG = {
  nodes: [
    { name: ROUTER, kind: "ping", hosts: [ROUTER] },
    { name: "routers", kind: "ping_group", hosts: [ROUTER, "192.168.43.2"] },
  ],
  deadMs: 6000,
} as const;

/** Asked from 1 000 on, expected by 10 000. */
const fresh = (): Pings => unansweredPings(CONFIG, 10_000, 1000);
const round = (pings: Pings, now: number) =>
  pingRound(pings, { session: SESSION, keepaliveMs: 2000 }, { now, wallSeconds: 0x6b02c2f3 });
const statusOf = (pings: Pings) => pingReports(pings).map(({ status }) => status);

describe("ping nodes", () => {
  it("are asked each keepalive, as Heartbeat asks them, with our session in it", () => {
    const [next, asked] = round(fresh(), 1000);
    expect(asked.map(({ node }) => node)).toEqual([ROUTER, "routers"]);
    expect(asked[0]?.message).toEqual(
      messageOf({
        t: "NS_st",
        st: "ping",
        info: "ping",
        src: ROUTER,
        ts: "6b02c2f3",
        tdm: `1 ${SESSION} -`,
      }),
    );
    expect(nextPingAt(next)).toBe(3000);
    expect(round(next, 2999)[1]).toEqual([]);
    expect(round(next, 3000)[1]).toHaveLength(2);
  });

  it("are asked once after a stall, not once for each round that was missed", () => {
    const [next, asked] = round(fresh(), 8500);
    expect(asked).toHaveLength(2);
    expect(nextPingAt(next)).toBe(9000);
  });

  it("are nobody's business where there are none", () => {
    const none = unansweredPings({ nodes: [], deadMs: 6000 }, 10_000, 1000);
    expect(nextPingAt(none)).toBe(Infinity);
    expect(nextPingVerdictAt(none)).toBe(Infinity);
    expect(round(none, 5000)).toEqual([none, []]);
  });

  it("are unknown until they answer, or should have", () => {
    expect(statusOf(judgePings(fresh(), 9999))).toEqual(["unknown", "unknown"]);
    const heard = answered(fresh(), ROUTER, 8000);
    expect(statusOf(judgePings(heard, 10_000))).toEqual(["up", "dead"]);
    expect(statusOf(judgePings(heard, 13_999))).toEqual(["up", "dead"]);
    expect(statusOf(judgePings(heard, 14_000))).toEqual(["dead", "dead"]);
  });

  it("are up again by one answer", () => {
    const dead = judgePings(fresh(), 10_000);
    expect(nextPingVerdictAt(dead)).toBe(Infinity);
    expect(statusOf(answered(dead, "routers", 20_000))).toEqual(["dead", "up"]);
  });

  it("are not dead for what we slept", () => {
    const slept = excusedPings(answered(fresh(), ROUTER, 2000), 4000);
    expect(statusOf(judgePings(slept, 11_999))[0]).toBe("up");
    expect(statusOf(judgePings(slept, 12_000))[0]).toBe("dead");
    expect(nextPingVerdictAt(answered(slept, ROUTER, 9000))).toBe(14_000);
  });

  it("keep their state under new settings, where they stay", () => {
    const up = answered(fresh(), ROUTER, 8000);
    const more = withPings(up, { nodes: [CONFIG.nodes[0]], deadMs: 9000 }, 8500);
    expect(pingReports(more)).toMatchObject([{ node: ROUTER, status: "up", answeredAt: 8000 }]);
    expect(nextPingVerdictAt(more)).toBe(17_000);
    expect(statusOf(withPings(more, CONFIG, 9000))).toEqual(["up", "unknown"]);
  });

  it("say each change once, with what keeps us from asking", () => {
    const stuck = hindered(fresh(), ROUTER, "socket: EPERM");
    const dead = judgePings(stuck, 10_000);
    const said = (before: Pings, after: Pings) =>
      pingChanges(before, after).flatMap(({ logs }) => logs.map(({ text }) => text));
    expect(said(fresh(), stuck)).toEqual([]);
    expect(said(stuck, dead)).toEqual([
      `ping node ${ROUTER}: is dead: socket: EPERM`,
      "ping node routers: is dead: it does not answer",
    ]);
    expect(said(dead, dead)).toEqual([]);
    expect(said(dead, answered(dead, ROUTER, 11_000))).toEqual([`ping node ${ROUTER} answers`]);
  });

  it("are dead at no time within deadping of an answer, whatever else happens", () => {
    const happening = fc.oneof(
      fc.record({ kind: fc.constant("answer" as const), node: fc.constantFrom(ROUTER, "routers") }),
      fc.record({ kind: fc.constant("sleep" as const), ms: fc.integer({ min: 0, max: 5000 }) }),
      fc.constant({ kind: "judge" as const }),
      fc.constant({ kind: "hinder" as const }),
    );
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 4000 }), happening), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (all) => {
        let now = 1000;
        let pings = fresh();
        const heard = new Map<string, number>();
        for (const [afterMs, step] of all) {
          now += afterMs;
          if (step.kind === "answer") {
            pings = answered(pings, step.node, now);
            heard.set(step.node, now);
          } else if (step.kind === "sleep") pings = excusedPings(pings, step.ms);
          else if (step.kind === "hinder") pings = hindered(pings, ROUTER, `${now}`);
          else pings = judgePings(pings, now);
          for (const { node, status, answeredAt } of pingReports(pings)) {
            const at = heard.get(node);
            expect(answeredAt).toBe(at);
            if (at !== undefined && now - at < CONFIG.deadMs) expect(status).toBe("up");
            if (at === undefined) expect(status).not.toBe("up");
          }
          expect(nextPingVerdictAt(judgePings(pings, now))).toBeGreaterThan(now);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("what comes back", () => {
  const ours = { t: "NS_st", st: "ping", src: ROUTER, tdm: `1 ${SESSION} -` };

  it("is ours with our session, from that node", () => {
    expect(isOurPing(messageOf(ours), ROUTER, SESSION)).toBe(true);
  });

  it.each([
    ["of another life", { ...ours, tdm: "1 00000001 -" }],
    ["of a Heartbeat on this machine", { ...ours, tdm: undefined }],
    ["of another node", { ...ours, src: "192.168.43.2" }],
    ["no ping at all", { ...ours, t: "status" }],
  ])("is not ours: %s", (_what, fields) => {
    expect(isOurPing(messageOf(fields), ROUTER, SESSION)).toBe(false);
  });
});
