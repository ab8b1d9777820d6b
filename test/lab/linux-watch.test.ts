import { beforeAll, describe, expect, it } from "vitest";
import { runScenario } from "./netns.ts";

let told: Readonly<Record<string, readonly string[]>> & { readonly overrun: object };

beforeAll(async () => {
  told = await runScenario(new URL("./linux/watch-agent.ts", import.meta.url));
});

describe("the network watch", () => {
  it("begins with what is there", () => {
    expect(told["atStart"]).toEqual(["eth0 down off"]);
  });

  it("tells a cable pulled and plugged", () => {
    expect(told["up"]?.at(-1)).toBe("eth0 up on");
    expect(told["pulled"]).toEqual(["eth0 up off"]);
  });

  it("does not take a port's leaving its bridge for the interface's end", () => {
    expect(told["inBridge"]).toEqual(["eth0 up on"]);
  });

  it("tells a new address once, and no renewal", () => {
    expect(told["added"]).toEqual(["192.168.43.53 there"]);
    expect(told["renewedAndDeletedByUs"]).toEqual(["192.168.43.53 gone by ourselves"]);
  });

  it("tells who took an address away: a program, a process of ours, its lifetime", () => {
    expect(told["deletedByAProgram"]?.at(-1)).toBe("192.168.43.53 gone by program");
    expect(told["deletedByOurSibling"]?.at(-1)).toBe("192.168.43.53 gone by ourselves");
    expect(told["expired"]?.at(-1)).toBe("192.168.43.53 gone by expiry");
  });

  it("tells an interface's end, and that its addresses ended with it", () => {
    expect(told["interfaceDeleted"]).toEqual([
      "192.168.43.53 there",
      "eth0 down off",
      "192.168.43.53 gone by interface",
      "eth0 gone",
    ]);
  });

  it("tells nothing once closed", () => {
    expect(told["afterClose"]).toEqual([]);
  });

  it("knows the truth again after more changes than it could read, and lives on", () => {
    expect(told.overrun).toEqual({ caughtUp: true, alive: true });
  });
});
