import { describe, expect, it } from "vitest";
import { served, ZEUS } from "../../../test/pair.ts";
import { NO_MOVES, spendMove } from "./budget.ts";

describe("planned moves", () => {
  it("standby moves it make before break, with an answer to the operator", () => {
    const pair = served();
    pair.run(4000);
    pair.request("zeus", 7, "standby");
    pair.run(2000);
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.phase("zeus")).toBe("free");
    expect(pair.hosts.zeus.answers).toMatchObject([{ id: 7, ok: true }]);
    expect(pair.hosts.zeus.service).toBe(false);
    expect(pair.bothAnswered).toBe(0);
    expect(pair.nobodyAnswered).toBeLessThanOrEqual(3);
    expect(pair.hosts.hera.state?.groups[0]?.epoch.basis).toBe("agreed");
  });

  it("what an operator moved away does not come back by itself", () => {
    const pair = served();
    pair.request("zeus", 7, "standby");
    pair.run(100_000);
    expect(pair.phase("hera")).toBe("holding");
  });

  it("a takeover asked for while the last move still drains waits for it", () => {
    const pair = served();
    pair.run(4000);
    pair.request("zeus", 7, "standby");
    for (let i = 0; i < 500 && pair.hosts.zeus.answers.length === 0; i += 1) pair.run(1);
    expect(pair.part("zeus")).toBe("drains");
    pair.request("zeus", 8, "takeover");
    pair.run(6000);
    expect(pair.hosts.zeus.answers).toMatchObject([
      { id: 7, ok: true },
      { id: 8, ok: true },
    ]);
    expect(pair.phase("zeus")).toBe("holding");
  });

  it("a move between two healthy nodes is no dispute", () => {
    const pair = served();
    pair.run(4000);
    pair.request("zeus", 7, "standby");
    pair.run(3000);
    const logs = [...pair.hosts.zeus.log, ...pair.hosts.hera.log].join("\n");
    expect(logs).not.toContain("keeps it");
  });

  it("over a slow line the taker's answer is waited for as long as the line needs", () => {
    const pair = served();
    pair.run(4000);
    pair.lineMs = 1_100;
    pair.report("zeus", "up");
    pair.report("hera", "up");
    pair.request("zeus", 7, "standby");
    pair.run(15_000);
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.hosts.zeus.answers).toMatchObject([{ id: 7, ok: true }]);
  });

  it("takeover brings it to the node that asks", () => {
    const pair = served();
    pair.request("hera", 8, "takeover");
    pair.run(6000);
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.hosts.hera.answers).toMatchObject([{ id: 8, ok: true }]);
  });

  it("a taker on which the service does not start changes nothing for the clients", () => {
    const pair = served();
    pair.run(4000);
    pair.hosts.hera.failStart = true;
    pair.request("zeus", 9, "standby");
    pair.run(3000);
    expect(pair.phase("zeus")).toBe("holding");
    expect(pair.phase("hera")).toBe("unable");
    expect(pair.hosts.hera.address).toBe("none");
    expect(pair.hosts.zeus.answers).toMatchObject([{ id: 9, ok: false }]);
    expect(pair.nobodyAnswered).toBe(0);
  });

  it("a clean stop hands over first, and the stopped node's words end", () => {
    const pair = served();
    pair.run(4000);
    pair.stop("zeus");
    pair.run(2000);
    expect(pair.hosts.zeus.ended).toBe(true);
    expect(pair.hosts.zeus.record?.cleanStop).toBe(true);
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.bothAnswered).toBe(0);
    expect(pair.nobodyAnswered).toBeLessThanOrEqual(3);
  });

  it("after a clean return it comes home at once", () => {
    const pair = served();
    pair.run(4000);
    pair.stop("zeus");
    pair.run(2000);
    pair.start("zeus");
    pair.event("hera", { kind: "restart", node: ZEUS, generation: 2 });
    pair.join();
    pair.run(6000);
    expect(pair.phase("zeus")).toBe("holding");
    expect(pair.phase("hera")).toBe("free");
    expect(pair.nobodyAnswered).toBeLessThanOrEqual(6);
  });

  it("the taker dies after the commit: the giver takes it back under a higher epoch", () => {
    const pair = served();
    pair.run(4000);
    pair.request("zeus", 7, "standby");
    for (let i = 0; i < 500 && pair.phase("zeus") !== "committed"; i += 1) pair.run(1);
    expect(pair.phase("zeus")).toBe("committed");
    const epoch = pair.hosts.zeus.state?.groups[0]?.epoch.number ?? 0;
    pair.cut = true;
    pair.kill("hera");
    pair.report("zeus", "silent");
    pair.run(1000);
    expect(pair.phase("zeus")).toBe("holding");
    expect(pair.hosts.zeus.state?.groups[0]?.epoch.number).toBeGreaterThan(epoch);
  });
});

describe("a giver without carrier whose budget of moves is spent", () => {
  it("gives its group to the person who asks, without an ARP answer that cannot come", () => {
    const pair = served();
    pair.run(4000);
    const { zeus } = pair.hosts;
    if (zeus.state === undefined) throw new Error("zeus is down");
    const moves = [1, 2, 3].reduce((before) => spendMove(before, pair.now), NO_MOVES);
    zeus.state = { ...zeus.state, groups: zeus.state.groups.map((group) => ({ ...group, moves })) };
    zeus.carrier = false;
    pair.face("zeus");
    pair.run(1000);
    expect(pair.phase("zeus")).toBe("holding");
    pair.request("hera", 7, "takeover");
    pair.run(1000);
    expect(pair.phase("hera")).toBe("holding");
    expect(pair.hosts.hera.answers).toMatchObject([{ id: 7, ok: true }]);
  });
});

describe("a giver that was restarted", () => {
  it("tells a taker that is ready for a move of its former life to undo it", () => {
    const pair = served();
    pair.run(4000);
    pair.request("zeus", 7, "standby");
    for (let i = 0; i < 500 && pair.phase("hera") !== "prepared"; i += 1) pair.run(1);
    const { address, record, service } = pair.hosts.zeus;
    pair.kill("zeus");
    Object.assign(pair.hosts.zeus, { address, record, service });
    pair.start("zeus");
    pair.join();
    pair.run(5000);
    expect(pair.phase("zeus")).toBe("holding");
    expect(pair.phase("hera")).toBe("free");
    expect(pair.hosts.hera.service).toBe(false);
  });
});
