import { expect, test } from "vitest";
import { Chance } from "./chance.ts";
import { EventQueue } from "./event-queue.ts";
import { Segment } from "./segment.ts";
import type { Station } from "./station.ts";

interface Listener extends Station {
  powered: boolean;
  readonly heard: number[];
}

function listener(name: string): Listener {
  const heard: number[] = [];
  return {
    name,
    powered: true,
    heard,
    isPowered() {
      return this.powered;
    },
    isAwake() {
      return this.powered;
    },
    hear: (_medium, bytes) => heard.push(bytes[0] ?? -1),
    carrierChanged: () => {},
  };
}

function wire(kind: "lan" | "crossover", carrierFollowsPower = false) {
  const queue = new EventQueue();
  const chance = new Chance(1);
  const segment = new Segment({ name: "eth1", kind, carrierFollowsPower, queue, chance });
  const [zeus, hera] = [listener("zeus"), listener("hera")];
  segment.connect([zeus, hera]);
  const send = (...numbers: number[]): void => {
    for (const number of numbers) segment.transmit(0, Uint8Array.of(number));
    while (queue.stepUntil(queue.now + 100));
  };
  return { segment, zeus, hera, send };
}

test("a broadcast reaches the other machine, and its own sender", () => {
  const { zeus, hera, send } = wire("crossover");
  send(7);
  expect([zeus.heard, hera.heard]).toEqual([[7], [7]]);
});

test("a cut in one direction leaves the other alone", () => {
  const { segment, hera, send } = wire("crossover");
  segment.ways[1].isCut = true;
  send(7);
  expect(hera.heard).toEqual([7]);
  expect(segment.carries(1, 0)).toBe(false);
  expect(segment.arpPasses(0)).toBe(false);
});

test("a firewall eats beats and lets ARP through", () => {
  const { segment, hera, send } = wire("lan");
  segment.ways[0].isBlocked = true;
  send(7);
  expect(hera.heard).toEqual([]);
  expect(segment.arpPasses(0)).toBe(true);
});

test("at a switch each machine has a cable and a carrier of its own", () => {
  const { segment, zeus, hera, send } = wire("lan");
  segment.plug(0, false);
  send(7);
  expect([zeus.heard, hera.heard]).toEqual([[], []]);
  expect([segment.hasCarrier(0), segment.hasCarrier(1)]).toEqual([false, true]);
});

test("a crossover is dark for both when it is pulled, or when one has no power", () => {
  const { segment, hera } = wire("crossover", true);
  hera.powered = false;
  expect(segment.hasCarrier(0)).toBe(false);
  hera.powered = true;
  segment.plug(1, false);
  expect([segment.hasCarrier(0), segment.hasCarrier(1)]).toEqual([false, false]);
});

test("a split LAN has carrier everywhere and carries nothing between the machines", () => {
  const { segment, hera, send } = wire("lan");
  segment.split(true);
  send(7);
  expect(hera.heard).toEqual([]);
  expect(segment.hasCarrier(0) && segment.hasCarrier(1)).toBe(true);
});

test("duplication doubles and loss loses", () => {
  const { segment, hera, send } = wire("lan");
  segment.ways[0].duplication = 1;
  send(1);
  expect(hera.heard).toEqual([1, 1]);
  segment.ways[0].loss = 1;
  send(2);
  expect(hera.heard).toEqual([1, 1]);
});

test("jitter beyond the distance of packets reorders them", () => {
  const { segment, hera, send } = wire("lan");
  segment.ways[0].jitterMs = 50;
  const numbers = Array.from({ length: 30 }, (_, index) => index);
  send(...numbers);
  expect(hera.heard).not.toEqual(numbers);
  expect([...hera.heard].sort((a, b) => a - b)).toEqual(numbers);
});
