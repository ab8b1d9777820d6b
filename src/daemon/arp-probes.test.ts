import { describe, expect, it } from "vitest";
import { groupName } from "../base/names.ts";
import type { probeArp } from "../linux/arp.ts";
import { SysError } from "../linux/sys.ts";
import { runProbe } from "./arp-probes.ts";

const group = groupName("192.168.43.53");
const address = { kind: "address", group, tries: 3, spacingMs: 100 } as const;
const target = { interfaces: ["eth0", "eth1"], address: "192.168.43.53", senderIp: undefined };

/** A segment: by interface, which MAC answers for which address; `undefined`: it cannot be asked. */
function segments(
  answer: (name: string, asked: string) => readonly string[] | undefined,
  asked: string[] = [],
): typeof probeArp {
  return (name, what, { tries, senderIp }) => {
    asked.push(`${what} on ${name} ×${tries} as ${senderIp ?? "nobody"}`);
    const macs = answer(name, what);
    if (macs === undefined) return Promise.reject(new SysError("ARP", 100));
    return Promise.resolve({ answers: macs.map((mac) => ({ interface: name, mac })) });
  };
}

describe("a probe for the service address", () => {
  it("asks every shared segment three times, in nobody's name", async () => {
    const asked: string[] = [];
    const result = await runProbe(
      address,
      target,
      segments(() => [], asked),
    );
    expect(result).toEqual({ answers: [], proxied: false, failed: false });
    expect(asked).toEqual([
      "192.168.43.53 on eth0 ×3 as nobody",
      "192.168.43.53 on eth1 ×3 as nobody",
    ]);
  });

  it("tells who answers where", async () => {
    const arp = segments((name, what) => (what === target.address ? [`mac of ${name}`] : []));
    expect((await runProbe(address, target, arp)).answers).toEqual([
      { interface: "eth0", mac: "mac of eth0" },
      { interface: "eth1", mac: "mac of eth1" },
    ]);
  });

  it("knows a proxy by its answers for addresses that nobody has", async () => {
    const proxy = segments((name) => (name === "eth0" ? ["proxy"] : []));
    expect(await runProbe(address, target, proxy)).toMatchObject({ proxied: true });
  });

  it("takes a peer that happens to have one of the control addresses for no proxy", async () => {
    let controls = 0;
    const peer = segments((name, what) => {
      if (name !== "eth0") return [];
      if (what === target.address) return ["peer"];
      controls += 1;
      return controls === 1 ? ["peer"] : [];
    });
    expect(await runProbe(address, target, peer)).toMatchObject({ proxied: false });
  });

  it("says something as long as one segment could be asked", async () => {
    const half = segments((name) => (name === "eth0" ? undefined : []));
    expect(await runProbe(address, target, half)).toMatchObject({ failed: false });
    const none = segments(() => undefined);
    expect(await runProbe(address, target, none)).toMatchObject({ failed: true });
  });
});

it("a probe of a path asks once, in our own name", async () => {
  const asked: string[] = [];
  const path = { kind: "path", group, address: "192.168.43.52" } as const;
  const where = { interfaces: ["eth0"], address: "192.168.43.52", senderIp: "192.168.43.51" };
  const result = await runProbe(
    path,
    where,
    segments(() => ["peer"], asked),
  );
  expect(result.answers).toEqual([{ interface: "eth0", mac: "peer" }]);
  expect(asked).toEqual(["192.168.43.52 on eth0 ×1 as 192.168.43.51"]);
});
