import { expect, test } from "vitest";
import { groupName } from "../base/names.ts";
import { Chance } from "./chance.ts";
import { EventQueue } from "./event-queue.ts";
import { HostClock } from "./host-clock.ts";
import { Kernel } from "./kernel.ts";

const group = groupName("192.168.43.53");
const address = {
  group,
  groupIndex: 0,
  address: group,
  interface: "eth0",
  prefix: 32,
  lifetimeS: 2,
  isMuted: false,
};

function kernel() {
  const queue = new EventQueue();
  const gone: string[] = [];
  const events = { changed: () => {}, gone: (_: unknown, by: string) => gone.push(by) };
  const made = new Kernel(new HostClock(queue), new Chance(5), events);
  const live = (ms: number): void => {
    const until = queue.now + ms;
    while (queue.stepUntil(until));
  };
  return { kernel: made, gone, live };
}

test("an address that nobody renews goes away by itself, up to 0.4 s late", () => {
  const { kernel: k, gone, live } = kernel();
  k.add(address);
  live(1_999);
  expect(k.find(group)).toBeDefined();
  live(402);
  expect(k.find(group)).toBeUndefined();
  expect(gone).toEqual(["expiry"]);
});

test("renewed in time it stays; renewed too late there is nothing to renew", () => {
  const { kernel: k, live } = kernel();
  k.add(address);
  for (let i = 0; i < 10; i += 1) {
    live(1_500);
    expect(k.renew(group, 2)).toBe("renewed");
  }
  live(3_000);
  expect(k.renew(group, 2)).toBe("gone");
});

test("adding what is there is a success and does not renew it", () => {
  const { kernel: k, gone, live } = kernel();
  k.add(address);
  live(1_900);
  k.add({ ...address, isMuted: true });
  expect(k.find(group)?.isMuted).toBe(true);
  live(600);
  expect(gone).toEqual(["expiry"]);
});

test("a deletion by a program is told apart, ours is not told", () => {
  const { kernel: k, gone, live } = kernel();
  k.add(address);
  k.removeByProgram(group);
  k.add(address);
  k.remove(group);
  live(5_000);
  expect(gone).toEqual(["program"]);
});
