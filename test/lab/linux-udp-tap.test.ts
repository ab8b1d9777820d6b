import { beforeAll, expect, test } from "vitest";
import { runScenario } from "./netns.ts";

/** That a tap sees what nft, iptables and rules on the interface drop is shown in test/packages/firewall.test.ts. */
interface Found {
  readonly seen: Readonly<Record<"inward" | "inward6" | "outward" | "again", readonly string[]>>;
  readonly whenDown: string;
  readonly afterIt: readonly string[];
  readonly whenGone: string;
  readonly ofNothing: string;
}

let found: Found;

beforeAll(async () => {
  found = await runScenario(new URL("./linux/udp-tap-agent.ts", import.meta.url));
});

test("an inward tap shows what comes in to its port, in its family, and nothing of our own", () => {
  expect(found.seen.inward).toEqual(["10.10.10.255: hers", "10.10.10.1: hers, to us"]);
  expect(found.seen.inward6).toEqual(["IPv6: hers, in IPv6"]);
});

test("an outward tap shows what leaves, and nothing of others", () => {
  expect(found.seen.outward).toEqual(["10.10.10.255: ours"]);
});

test("each datagram is shown once", () => {
  expect(found.seen.again).toEqual([]);
});

test("a tap outlives its interface's down, and says so; not its end", () => {
  expect(found.whenDown).toBe("ENETDOWN");
  expect(found.afterIt).toEqual(["10.10.10.255: hers, after it"]);
  expect(found.whenGone).toBe("ENETDOWN");
  expect(found.ofNothing).toBe("ENODEV");
});
