import { beforeAll, describe, expect, it } from "vitest";
import { runScenario } from "./netns.ts";

interface Found {
  readonly states: readonly string[];
  readonly ownHeard: string;
  readonly heardAgain: string;
  readonly dropped: { readonly unsent: number; readonly unplugged: number };
}

let found: Found;

beforeAll(async () => {
  found = await runScenario(new URL("./linux/udp-agent.ts", import.meta.url));
});

describe("UDP broadcast on an interface", () => {
  it("follows the interface's life, and says each time what is the matter", () => {
    expect(found.states).toEqual([
      "eth1: no such interface",
      "eth1: interface is down",
      "eth1: no broadcast address",
      "eth1: 10.10.10.255:694",
      "eth1: no carrier",
      "eth1: 10.10.10.255:694",
      "eth1: no broadcast address",
      "eth1: 10.10.10.255:694",
      "eth1: no such interface",
      "eth1: 10.10.10.255:694",
    ]);
  });

  it("hears itself, on an interface that was made anew too", () => {
    expect(found.ownHeard).toBe("first;");
    expect(found.heardAgain).toBe("first;second;");
  });

  it("counts what it could not send", () => {
    expect(found.dropped).toEqual({ unsent: 1, unplugged: 2 });
  });
});
