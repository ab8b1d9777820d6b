import { beforeAll, describe, expect, it } from "vitest";
import { runScenario } from "./netns.ts";

let found: { links: object; bareReplaceCreates: boolean; addresses: object };

beforeAll(async () => {
  found = await runScenario(new URL("./linux/address-agent.ts", import.meta.url));
});

describe("links by rtnetlink", () => {
  it("makes cables and switches, plugs them, and knows their carrier", () => {
    expect(found.links).toEqual({
      down: { up: false, carrier: false },
      up: { up: true, carrier: true, mac: expect.stringMatching(/^(..:){5}..$/), mtu: 1500 },
      unplugged: { up: true, carrier: false },
      renamedMac: "02:00:00:00:00:07",
      inBridge: true,
      outOfBridge: "none",
      bothEndsGone: true,
      missingMaster: "ENODEV",
      twice: "EEXIST",
    });
  });
});

describe("addresses by rtnetlink", () => {
  it("shows that the kernel creates an address even when told only to replace it", () => {
    expect(found.bareReplaceCreates).toBe(true);
  });

  it("adds with a lifetime, renews what is there and never what is not, deletes twice", () => {
    expect(found.addresses).toMatchObject({
      absent: "gone",
      notCreated: true,
      first: "added",
      second: "present",
      present: {
        interface: "eth0",
        address: "192.168.43.53",
        prefix: 24,
        broadcast: "192.168.43.255",
        label: "eth0:0",
        lifetimeS: 5,
        secondary: false,
      },
      renewed: "renewed",
      sameCreation: true,
      // Nine whole seconds, of which a stalled machine may have used some; five before.
      renewedLifetime: expect.toSatisfy((seconds: number) => seconds > 5 && seconds <= 9),
      deleted: true,
      expired: true,
      renewExpired: "gone",
      stillGone: true,
      noInterface: "gone",
      addNoInterface: "ENODEV",
      badPrefix: "EINVAL",
    });
  });

  it("takes /32 beside an address of the machine's own in the same subnet", () => {
    expect(found.addresses).toMatchObject({
      prefix: 32,
      secondary: { secondary: true, lifetimeS: "Infinity" },
    });
  });
});

describe("a service address that was there before the machine's own", () => {
  let stepped: object;
  beforeAll(async () => {
    stepped = await runScenario(new URL("./linux/step-behind-agent.ts", import.meta.url));
  });

  it("steps behind it, and takes nothing with it", () => {
    expect(stepped).toMatchObject({
      before: {
        present: ["192.168.43.51/24 second", "192.168.43.53/24"],
        source: "192.168.43.53",
        promotes: "0",
      },
      step: "stepped",
      after: {
        present: ["192.168.43.51/24", "192.168.43.53/32"],
        source: "192.168.43.51",
        promotes: "0",
      },
      held: 32,
      again: "fits",
    });
  });

  it("is not taken for deleted by a program", () => {
    expect(stepped).toMatchObject({ left: "24 by ourselves" });
  });
});
