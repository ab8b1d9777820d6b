import { expect, test } from "vitest";
import { idleWorld } from "../../test/sim/idle-world.ts";
import { groupName } from "../base/names.ts";
import { runProbe } from "./probes.ts";
import type { RunningHost } from "./running-host.ts";
import type { World } from "./world.ts";

const ADDRESS = "192.168.43.53";
const GROUP = groupName(ADDRESS);

const HELD = {
  ...{ group: GROUP, groupIndex: 0, address: ADDRESS, interface: "eth0", prefix: 32 },
  ...{ lifetimeS: 3_600, isMuted: false },
};

/** The first holds the address, the second asks. */
function heldWorld(): { world: World; holder: RunningHost; asker: RunningHost } {
  const world = idleWorld();
  const [holder, asker] = world.hosts.map(({ running }) => running);
  if (holder === undefined || asker === undefined) throw new Error("both have power");
  holder.kernel.add(HELD);
  return { world, holder, asker };
}

test.each([
  [3, 1],
  [2, 0],
  [1, 0],
])("where two questions are lost, a probe of %i tries hears %i answers", (tries, count) => {
  const { world, asker } = heldWorld();
  asker.host.questionsLost = 2;
  let answers: number | undefined;
  const probe = { kind: "address", group: GROUP, tries, spacingMs: 100 } as const;
  runProbe(asker, asker.clock, probe, (result) => {
    answers = result.answers.filter(({ interface: name }) => name === "eth0").length;
  });
  world.runUntil(world.now + 1_000);
  expect(answers).toBe(count);
});

test("who begins to answer while the asker is held up is heard: it announces itself, and that waits", () => {
  const { world, holder, asker } = heldWorld();
  const process = asker.pulse?.process;
  if (process === undefined) throw new Error("it has a process");
  holder.kernel.remove(GROUP);
  let answers: number | undefined;
  runProbe(
    asker,
    process,
    { kind: "address", group: GROUP, tries: 1, spacingMs: 100 },
    (result) => {
      answers = result.answers.filter(({ interface: name }) => name === "eth0").length;
    },
  );
  process.stop();
  world.runUntil(world.now + 150);
  expect(answers).toBeUndefined();
  holder.kernel.add(HELD);
  process.cont();
  expect(answers).toBe(1);
});

test("a proxy that answers on the LAN ends no questions on the crossover", () => {
  const { world, asker } = heldWorld();
  world.network.strangers.proxyMac = "02:00:00:00:98:00";
  const crossover = world.network.segment("eth1");
  if (crossover === undefined) throw new Error("there is one");
  crossover.ways[0].loss = 1;
  const heard: string[] = [];
  const probe = { kind: "address", group: GROUP, tries: 3, spacingMs: 100 } as const;
  runProbe(asker, asker.clock, probe, (result) => {
    heard.push(...result.answers.map(({ interface: name }) => name));
  });
  world.runUntil(world.now + 150);
  expect(heard).toEqual([]);
  crossover.ways[0].loss = 0;
  world.runUntil(world.now + 1_000);
  expect(heard).toContain("eth1");
});
