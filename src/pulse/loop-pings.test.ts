import { describe, expect, it } from "vitest";
import { type PulseHost, Wire } from "../../test/pulse/two-loops.ts";
import type { PingConfig } from "../config/types.ts";

const ROUTER = "192.168.43.1";
const PINGS: PingConfig = {
  nodes: [{ name: ROUTER, kind: "ping", hosts: [ROUTER] }],
  deadMs: 6000,
};

/** The hosts of this test keep every answer, for whoever wants to send one again. */
function started(): { wire: Wire; zeus: PulseHost } {
  const wire = new Wire();
  const zeus = wire.host("zeus", { pings: PINGS }).start();
  wire.run(3000);
  return { wire, zeus };
}

const statuses = (host: PulseHost) => host.reports("ping").map(({ ping }) => ping.status);

describe("a ping node", () => {
  it("is reported up by its first answer, and is in each tick's snapshot", () => {
    const { zeus } = started();
    expect(statuses(zeus)).toEqual(["unknown", "up"]);
    expect(zeus.reports("tick").at(-1)?.snapshot.pings).toMatchObject([
      { node: ROUTER, kind: "ping", status: "up", hindrance: "" },
    ]);
    expect(zeus.logs).toContain(`ping node ${ROUTER} answers`);
  });

  it("is dead deadping after its last answer, and up again by the next", () => {
    const { wire, zeus } = started();
    wire.pingNodesAnswer = false;
    wire.run(10_000);
    const dead = zeus.reports("ping").at(-1);
    expect(dead?.ping.status).toBe("dead");
    expect((dead?.at ?? 0) - (dead?.ping.answeredAt ?? 0)).toBeCloseTo(6000, 0);
    wire.pingNodesAnswer = true;
    wire.run(2000);
    expect(statuses(zeus)).toEqual(["unknown", "up", "dead", "up"]);
  });

  it("is not dead because this pulse slept", () => {
    const { wire, zeus } = started();
    zeus.stall(20_000);
    wire.run(25_000);
    expect(statuses(zeus)).toEqual(["unknown", "up"]);
  });

  it("is not up by an answer to a former life of this pulse", () => {
    const { wire, zeus } = started();
    const [former] = zeus.pongs;
    wire.pingNodesAnswer = false;
    zeus.restart();
    wire.run(1000);
    zeus.deliver({ kind: "pong", node: ROUTER, bytes: former ?? new Uint8Array() });
    wire.run(1000);
    expect(statuses(zeus).slice(-1)).toEqual(["unknown"]);
    expect(zeus.reports("tick").at(-1)?.snapshot.discarded).toEqual({ "not-our-ping": 1 });
  });

  it("is not up by what nobody has signed", () => {
    const { wire, zeus } = started();
    wire.pingNodesAnswer = false;
    wire.run(10_000);
    zeus.deliver({ kind: "pong", node: ROUTER, bytes: Buffer.from("###\n%%%\n") });
    zeus.deliver({ kind: "pong", node: ROUTER, bytes: Buffer.alloc(0) });
    wire.run(1000);
    expect(statuses(zeus).at(-1)).toBe("dead");
  });

  it("says what keeps us from asking it", () => {
    const { wire, zeus } = started();
    wire.pingNodesAnswer = false;
    const detail = "192.168.43.1: send ENETUNREACH";
    zeus.deliver({ kind: "ping-medium", node: ROUTER, usable: false, detail });
    wire.run(10_000);
    expect(zeus.reports("ping").at(-1)?.ping).toMatchObject({ status: "dead", hindrance: detail });
    expect(zeus.logs).toContain(`ping node ${ROUTER}: is dead: ${detail}`);
  });

  it("counts as a node in ttl", () => {
    const { zeus } = started();
    const beat = Buffer.from(zeus.sent.at(-1) ?? []).toString("latin1");
    expect(beat).toContain("ttl=4");
  });
});
