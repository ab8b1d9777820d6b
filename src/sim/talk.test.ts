import { expect, test } from "vitest";
import { idleWorld } from "../../test/sim/idle-world.ts";
import { mediumName } from "../base/names.ts";
import type { MediumConfig } from "../config/types.ts";
import { talksBothWays, talksFast } from "./talk.ts";

const ETH1 = mediumName("eth1");
const TTY = mediumName("/dev/ttyS1");
const CROSSOVER: MediumConfig = { kind: "bcast", name: ETH1, interface: ETH1, port: 694 };
const LINE: MediumConfig = { kind: "serial", name: TTY, device: TTY, baud: 9600 };

function talk(change: { isLossy?: boolean; isLineCut?: boolean } = {}): readonly boolean[] {
  const world = idleWorld(undefined, { media: [CROSSOVER, LINE] });
  const [out] = world.network.cable(ETH1)?.ways ?? [];
  const [line] = world.network.cable(TTY)?.ways ?? [];
  if (out === undefined || line === undefined) throw new Error("no such cables");
  if (change.isLossy) out.loss = 0.9;
  if (change.isLineCut) line.isCut = true;
  return [talksBothWays(world), talksFast(world)];
}

test("two that hear each other over a crossover talk fast", () => {
  expect(talk({ isLineCut: true })).toEqual([true, true]);
});

test("where the crossover loses most of what is said they talk over the slow line alone", () => {
  expect(talk({ isLossy: true })).toEqual([true, false]);
  expect(talk({ isLossy: true, isLineCut: true })).toEqual([false, false]);
});
