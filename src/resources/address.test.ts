import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AddressConfig } from "../config/types.ts";
import type { AddressOnLink } from "../linux/netlink/address.ts";
import { SysError } from "../linux/sys.ts";
import { ServiceAddress } from "./address.ts";
import type { AddressKernel } from "./address-kernel.ts";
import { MuteList } from "./mute-list.ts";

/** A machine of two interfaces, eth0 on the LAN and eth1 on the crossover cable. */
class Machine implements AddressKernel {
  addresses: AddressOnLink[] = [
    onLink("eth0", "192.168.43.51", 24),
    onLink("eth1", "10.10.10.1", 24),
  ];
  carrier = true;
  muted: readonly string[] = [];
  said: string[] = [];
  refuses: string | undefined;
  clock = 100_000;

  addAddress: AddressKernel["addAddress"] = (spec) => {
    if (this.refuses === "add") throw new SysError("RTM_NEWADDR", 1);
    const { interface: name, address, prefix } = spec;
    const lifetimeS = spec.lifetimeS ?? Number.POSITIVE_INFINITY;
    this.said.push(`add ${address}/${prefix} ${name} for ${lifetimeS}`);
    this.addresses.push({ ...onLink(name, address, prefix), lifetimeS });
    return "added";
  };
  deleteAddress: AddressKernel["deleteAddress"] = (spec) => {
    this.said.push(`delete ${spec.address}/${spec.prefix} ${spec.interface}`);
    this.addresses = this.addresses.filter(
      (one) => one.address !== spec.address || one.prefix !== spec.prefix,
    );
  };
  whilePromoting: AddressKernel["whilePromoting"] = (name, act) => {
    if (this.refuses === "promote") throw new SysError("promote_secondaries", 30);
    this.said.push(`promote on ${name}`);
    act();
  };
  listAddresses = (): readonly AddressOnLink[] => this.addresses;
  listLinks: AddressKernel["listLinks"] = () => [
    {
      index: 2,
      name: "eth0",
      up: true,
      carrier: this.carrier,
      mac: "02:00:00:00:00:01",
      mtu: 1500,
      master: undefined,
    },
    {
      index: 3,
      name: "eth1",
      up: true,
      carrier: true,
      mac: "02:00:00:00:00:02",
      mtu: 1500,
      master: undefined,
    },
  ];
  announce = (name: string, address: string): void => {
    this.said.push(`announce ${address} ${name}`);
  };
  setMuted: AddressKernel["setMuted"] = (muted) => {
    if (this.refuses === "mute") throw new SysError("mute ARP", 95);
    this.muted = muted.map((one) => `${one.address} as ${one.ownAddress}`);
    this.said.push(muted.length === 0 ? "unmute" : "mute");
  };
  now = (): number => this.clock;
}

function onLink(name: string, address: string, prefix: number): AddressOnLink {
  const lifetimeS = Number.POSITIVE_INFINITY;
  const rest = { broadcast: undefined, label: undefined, secondary: false, createdAt: 0 };
  return { interface: name, index: 2, address, prefix, lifetimeS, ...rest };
}

const bare: AddressConfig = {
  kind: "address",
  name: "192.168.43.53",
  address: "192.168.43.53",
  prefix: undefined,
  interface: undefined,
  label: undefined,
  broadcast: undefined,
};

let machine = new Machine();
function address(config: Partial<AddressConfig> = {}): ServiceAddress {
  return new ServiceAddress({
    config: { ...bare, ...config },
    lifetimeS: 9,
    service: ["192.168.43.53"],
    mutes: new MuteList(machine),
    kernel: machine,
  });
}

beforeEach(() => {
  machine = new Machine();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a service address", () => {
  it("goes, with its lifetime, to the interface whose subnet it is in, as /32", async () => {
    expect(await address().start()).toMatchObject({ ok: true, state: "running" });
    expect(machine.said).toEqual(["add 192.168.43.53/32 eth0 for 9"]);
  });

  it("goes where it is written, with the prefix written where the machine has no such subnet", async () => {
    await address({ interface: "eth1", prefix: 25 }).start();
    expect(machine.said).toEqual(["add 192.168.43.53/25 eth1 for 9"]);
  });

  it("that no interface has a subnet for says how to write it", async () => {
    const outcome = await address({ address: "10.77.0.1" }).start();
    expect(outcome).toMatchObject({ ok: false, state: "stopped" });
    expect(outcome.detail).toContain("write it as 10.77.0.1/BITS/INTERFACE");
  });

  it("is moved when it is on the wrong interface", async () => {
    machine.addresses.push(onLink("eth1", "192.168.43.53", 24));
    await address().start();
    expect(machine.said).toEqual([
      "delete 192.168.43.53/24 eth1",
      "add 192.168.43.53/32 eth0 for 9",
    ]);
  });

  it("finds its interface again after that lost its own address", async () => {
    const one = address();
    await one.start();
    machine.addresses = [];
    await one.start();
    expect(machine.said.at(-1)).toBe("add 192.168.43.53/32 eth0 for 9");
  });

  it("is stopped once and for all, and stopping it twice is a success", async () => {
    const one = address();
    await one.start();
    expect(await one.stop()).toMatchObject({ ok: true, state: "stopped" });
    expect(await one.stop()).toMatchObject({ ok: true, state: "stopped" });
    expect(await one.status()).toMatchObject({ ok: true, state: "stopped" });
  });

  it("reports what the kernel refuses", async () => {
    machine.refuses = "add";
    const outcome = await address().start();
    expect(outcome.ok).toBe(false);
    expect(outcome.detail).toContain("EPERM");
  });
});

describe("muting", () => {
  it("comes before the address, so that it never answers", async () => {
    await address().startMute();
    expect(machine.said).toEqual(["mute", "add 192.168.43.53/32 eth0 for 9"]);
    expect(machine.muted).toEqual(["192.168.43.53 as 192.168.43.51"]);
  });

  it("that the kernel refuses leaves the address away", async () => {
    machine.refuses = "mute";
    const one = address();
    expect(await one.startMute()).toMatchObject({ ok: false });
    expect(machine.said).toEqual([]);
    machine.refuses = undefined;
    await one.start();
    expect(machine.muted).toEqual([]);
  });

  it("ends with unmute, with start and with stop", async () => {
    for (const end of ["unmute", "start", "stop"] as const) {
      const one = address();
      await one.startMute();
      await one[end]();
      expect(machine.muted).toEqual([]);
    }
  });
});

describe("announcements", () => {
  const announced = () => machine.said.filter((said) => said.startsWith("announce")).length;

  it("go out at once, after 1, 5 and 15 s, and each minute for ever", async () => {
    const one = address();
    await one.start();
    await one.announce();
    const counts = [0, 1_000, 4_000, 10_000, 45_000, 3_600_000].map((ms) => {
      vi.advanceTimersByTime(ms);
      return announced();
    });
    expect(counts).toEqual([1, 2, 3, 4, 5, 65]);
  });

  it("end when the address is muted, stopped, or gone", async () => {
    for (const end of ["mute", "stop"] as const) {
      const one = address();
      await one.start();
      await one.announce();
      await one[end]();
      const before = announced();
      vi.advanceTimersByTime(600_000);
      expect(announced()).toBe(before);
      await one.stop();
    }
    const one = address();
    await one.start();
    await one.announce();
    machine.addresses = [];
    const before = announced();
    vi.advanceTimersByTime(600_000);
    expect(announced()).toBe(before);
  });

  it("of an address that is not there fail", async () => {
    expect(await address().announce()).toMatchObject({ ok: false, state: "stopped" });
  });
});

describe("what the pulse renews", () => {
  it("is nothing while the address is not there", () => {
    expect(address().held()).toBeUndefined();
  });

  it("is the address as it was added, renewed when it was added", async () => {
    const one = address();
    await one.start();
    machine.clock += 300;
    expect(one.held()).toMatchObject({
      interface: "eth0",
      address: "192.168.43.53",
      prefix: 32,
      lifetimeS: 9,
      renewedAt: 100_000,
    });
  });

  it("after a former life counts from the rest of its lifetime, on the safe side", () => {
    machine.addresses.push({ ...onLink("eth0", "192.168.43.53", 32), lifetimeS: 7 });
    expect(address().held()?.renewedAt).toBe(97_000);
  });
});

describe("an address that stood before the machine's own", () => {
  /** Ours came first; then the machine got an address of its own in the subnet. */
  async function overtaken(): Promise<ServiceAddress> {
    const [own, crossover] = machine.addresses;
    if (own === undefined || crossover === undefined) throw new Error("two addresses at first");
    machine.addresses = [crossover];
    const one = address({ interface: "eth0", prefix: 24 });
    await one.start();
    expect(one.stepBehind()).toEqual({ kind: "fits" });
    machine.addresses.push({ ...own, secondary: true });
    machine.said = [];
    return one;
  }

  it("is there as /32 before it goes as it was, with no longer a life", async () => {
    const one = await overtaken();
    expect(one.stepBehind()).toMatchObject({ kind: "stepped" });
    expect(machine.said).toEqual([
      "promote on eth0",
      "add 192.168.43.53/32 eth0 for 8",
      "delete 192.168.43.53/24 eth0",
    ]);
    expect(one.held()).toMatchObject({ prefix: 32, interface: "eth0" });
    expect(one.stepBehind()).toEqual({ kind: "fits" });
  });

  it("stays as it is where its going would take the machine's own with it", async () => {
    const one = await overtaken();
    machine.refuses = "promote";
    expect(one.stepBehind()).toMatchObject({
      kind: "refused",
      text: expect.stringContaining("EROFS"),
    });
    expect(machine.said).toEqual([]);
  });

  it("stays muted", async () => {
    const one = await overtaken();
    await one.mute();
    one.stepBehind();
    expect(machine.muted).toEqual(["192.168.43.53 as 192.168.43.51"]);
  });

  it("is left alone when it is not leased: it is not ours", () => {
    machine.addresses.push(onLink("eth0", "192.168.43.53", 24));
    expect(address().stepBehind()).toEqual({ kind: "fits" });
  });
});

describe("the service interface", () => {
  it("tells its own address, its carrier and the machine's MACs", () => {
    expect(address().face()).toEqual({
      interface: "eth0",
      carrier: true,
      ownAddress: "192.168.43.51",
      machineMacs: ["02:00:00:00:00:01", "02:00:00:00:00:02"],
    });
    machine.carrier = false;
    expect(address().face().carrier).toBe(false);
  });

  it("that is not there has no carrier", () => {
    expect(address({ interface: "eth9" }).face()).toMatchObject({
      interface: "eth9",
      carrier: false,
    });
  });
});
