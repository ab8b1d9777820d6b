import { describe, expect, it } from "vitest";
import { idleWorld } from "../../test/sim/idle-world.ts";
import { Chance } from "./chance.ts";
import { drawConfig } from "./draw-config.ts";
import { drawPingHarm, withPings } from "./draw-pings.ts";
import { applyFault } from "./fault.ts";
import type { FaultKind } from "./fault-words.ts";
import { SIDES } from "./station.ts";

const DRAWN = Array.from({ length: 200 }, (_, seed) =>
  withPings(drawConfig(new Chance(seed)), new Chance(seed)),
);
const WITH = DRAWN.filter(({ pings }) => pings.nodes.length > 0);

describe("a drawn pair", () => {
  it("has none to three ping nodes, with ipfail and without", () => {
    const counts = new Set(DRAWN.map(({ pings }) => pings.nodes.length));
    expect([...counts].toSorted()).toEqual([0, 1, 2, 3]);
    expect(new Set(WITH.map(({ ipfail }) => ipfail))).toEqual(new Set([true, false]));
    expect(WITH.flatMap(({ pings }) => pings.nodes).map(({ kind }) => kind)).toContain(
      "ping_group",
    );
  });

  it("is one that ha.cf allows: ipfail only beside ping nodes, deadping above two keepalives", () => {
    for (const { pings, ipfail, timers } of DRAWN) {
      expect(ipfail && pings.nodes.length === 0).toBe(false);
      if (pings.nodes.length > 0) expect(pings.deadMs).toBeGreaterThan(2 * timers.keepaliveMs);
    }
  });

  it("is in all else as it would be without", () => {
    for (const [seed, drawn] of DRAWN.entries()) {
      const without = drawConfig(new Chance(seed));
      expect({ ...drawn, pings: without.pings, ipfail: false }).toEqual(without);
    }
  });
});

describe("what goes wrong with ping nodes", () => {
  const config = WITH.find(({ pings }) => pings.nodes.length === 3);
  const dice = new Chance(1);
  const harms = Array.from({ length: 200 }, () =>
    drawPingHarm(
      idleWorld(() => [], config),
      dice,
    ),
  );

  it("is of every kind, and what repairs it makes it whole; some of it only all repairs mend", () => {
    const kinds = new Set(harms.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    const expected: FaultKind[] = ["cut-cable", "hide-ping-node", "ping-node-off"];
    expect([...kinds].toSorted()).toEqual([...expected, "ping-nodes-off"].toSorted());
    expect(harms.some(({ repairs }) => repairs.length === 0)).toBe(true);
    for (const { faults, repairs } of harms.slice(0, 20)) {
      const world = idleWorld(() => [], config);
      for (const fault of faults) applyFault(world, fault);
      expect(reached(world)).not.toEqual([3, 3]);
      for (const repair of repairs) applyFault(world, repair);
      if (repairs.length > 0) expect(reached(world)).toEqual([3, 3]);
    }
  });
});

function reached({ network, config }: ReturnType<typeof idleWorld>): readonly number[] {
  return SIDES.map(
    (side) => config.pings.nodes.filter(({ name }) => network.pingNodeAnswers(name, side)).length,
  );
}
