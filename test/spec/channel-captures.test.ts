import { describe, expect, it } from "vitest";
import { fieldOf } from "../../src/wire/message.ts";
import {
  deliveredOf,
  type Played,
  playZeus,
  saidByZeus,
  sentOfType,
} from "../pulse/play-capture.ts";

const LOSSY = { keepaliveMs: 1000, warntimeMs: 3000, deadtimeMs: 6000, initdeadMs: 12_000 };

function livenessOf(played: Played): readonly string[] {
  const all = played.reports.flatMap(({ report }) =>
    report.kind === "peer" ? [report.peer.liveness] : [],
  );
  return all.filter((liveness, index) => liveness !== all[index - 1]);
}

/** protocol.md 2: "each node is dead when nothing was heard for its own announced dt". */
describe("the real zeus, heard by our channel", () => {
  it("is up through its steady state, a plain node whose words are never fresh", () => {
    const played = playZeus("03-steady-state", { afterMs: 0 });
    expect(livenessOf(played)).toEqual(["up"]);
    expect(played.discarded).toEqual({});
    expect(played.reports.findLast(({ report }) => report.kind === "peer")?.report).toMatchObject({
      peer: { dialect: "plain", deadtimeMs: 12_000 },
    });
  });

  it("is dead its announced dead time after its last beat before the power cut", () => {
    const played = playZeus("04-crash-and-takeover", { afterMs: 15_000 });
    const silent = played.reports.find(
      ({ report }) => report.kind === "peer" && report.peer.liveness === "silent",
    );
    expect(silent?.at).toBeCloseTo((played.beats.at(-1) ?? 0) + 12_000, 3);
    expect(played.logs).toContain("node zeus.example.com: is dead");
    expect(played.logs).toContain("Link zeus.example.com:eth1 dead.");
  });

  it("restarts by a higher generation after a crash", () => {
    const played = playZeus("05-crashed-node-returns-auto-failback-on", { afterMs: 0 });
    expect(livenessOf(played)).toContain("up");
    expect(played.logs).toContain("Status update for node zeus.example.com: status active");
  });

  it("is acknowledged once in ten messages, with a number that it has sent", () => {
    const played = playZeus("03-steady-state", { afterMs: 0 });
    const acks = sentOfType(played, "NS_ackmsg");
    const perTen = played.beats.length / 10;
    expect(acks.length).toBeGreaterThanOrEqual(Math.floor(perTen));
    expect(acks.length).toBeLessThanOrEqual(Math.ceil(perTen) + 1);
    for (const ack of acks) expect(fieldOf(ack, "dest")).toBe("zeus.example.com");
  });

  it.each([
    "01-first-node-boots-alone",
    "02-second-node-joins-running-node",
    "06-hb_standby-all",
    "08-clean-shutdown-of-owner",
    "13-both-nodes-start-together",
    "14-retransmission-35pct-send-loss",
  ])("has each of its messages of %s delivered exactly once", (file) => {
    const played = playZeus(file, { timers: LOSSY, afterMs: 0 });
    const delivered = deliveredOf(played).map((message) => fieldOf(message, "seq") ?? "");
    expect(delivered.length).toBe(new Set(delivered).size);
    expect(new Set(delivered)).toEqual(saidByZeus(file));
  });

  it("is asked for what its cable lost, and its answers close the gaps", () => {
    const played = playZeus("14-retransmission-35pct-send-loss", { timers: LOSSY, afterMs: 0 });
    expect(played.logs.some((text) => text.includes("lost packet(s) for"))).toBe(true);
    expect(played.logs).toContain("No pkts missing from zeus.example.com!");
    for (const request of sentOfType(played, "NS_rexmit")) {
      expect(fieldOf(request, "firstseq")).toMatch(/^\d+$/);
      expect(fieldOf(request, "firstseq")).toBe(fieldOf(request, "lastseq"));
      expect(fieldOf(request, "seq")).toBeUndefined();
    }
  });
});
