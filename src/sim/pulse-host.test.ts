import { expect, test } from "vitest";
import { mediumName } from "../base/names.ts";
import type { ClusterConfig, MediumConfig } from "../config/types.ts";
import { Chance } from "./chance.ts";
import { drawConfig } from "./draw-config.ts";
import type { Programs } from "./programs.ts";
import { World } from "./world.ts";

const TTY = "/dev/ttyS1";

const media: readonly MediumConfig[] = [
  { kind: "serial", name: mediumName(TTY), device: TTY, baud: 9600 },
];
const config: ClusterConfig = { ...drawConfig(new Chance(1)), media };

/** A pulse that opens its media and says nothing. */
const silent: Programs = {
  pulse: (environment) => ({
    handle: (event) => {
      if (event.kind === "start") environment.openMedia(media);
    },
  }),
  node: () => ({ handle: () => {}, status: () => undefined }),
};

test("half a message, from before the cable was plugged, is not heard", () => {
  const heard: number[] = [];
  const world = new World({
    config,
    programs: silent,
    seed: 1,
    carrierFollowsPower: false,
    observers: [
      {
        heard: (side, sentAt) => side === 1 && heard.push(sentAt),
        ...{ log: () => {}, changed: () => {}, crashed: () => {}, answered: () => {} },
      },
    ],
  });
  for (const host of world.hosts) host.powerOn(0);
  world.runUntil(1_000);
  const line = world.network.serial(TTY);
  line?.plug(0, false);
  line?.transmit(0, new Uint8Array(400), false);
  world.runUntil(1_300);
  line?.plug(0, true);
  world.runUntil(2_000);
  expect(heard).toEqual([]);
  line?.transmit(0, new Uint8Array(400), false);
  world.runUntil(3_000);
  expect(heard).toEqual([2_000]);
});
