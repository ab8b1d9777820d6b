import { describe, expect, it } from "vitest";
import { type AddressOnLink, decodeAddress, prefixFor } from "./address.ts";
import { attribute, textAttribute } from "./message.ts";

const present = (fields: Partial<AddressOnLink>): AddressOnLink => ({
  interface: "eth0",
  index: 2,
  address: "192.168.43.51",
  prefix: 24,
  broadcast: undefined,
  label: undefined,
  lifetimeS: Number.POSITIVE_INFINITY,
  secondary: false,
  createdAt: 0,
  ...fields,
});
const wanted = { interface: "eth0", address: "192.168.43.53", prefix: 24 };

describe("the prefix of a service address", () => {
  it("is 32 where the machine has the subnet on that interface", () => {
    expect(prefixFor(wanted, [present({})], [])).toBe(32);
    expect(prefixFor(wanted, [present({ prefix: 16 })], [])).toBe(32);
  });

  it("is as written where it has not", () => {
    expect(prefixFor(wanted, [], [])).toBe(24);
    expect(prefixFor(wanted, [present({ interface: "eth1" })], [])).toBe(24);
    expect(prefixFor(wanted, [present({ address: "10.0.0.1" })], [])).toBe(24);
    expect(prefixFor(wanted, [present({ prefix: 32 })], [])).toBe(24);
  });

  it("does not count the cluster's own addresses as the machine's", () => {
    expect(prefixFor(wanted, [present({ address: "192.168.43.53" })], [])).toBe(24);
    const other = present({ address: "192.168.43.54" });
    expect(prefixFor(wanted, [other], ["192.168.43.53", "192.168.43.54"])).toBe(24);
  });
});

describe("an address of the kernel's list", () => {
  const header = Buffer.from([2, 24, 0x81, 0, 2, 0, 0, 0]);
  const decode = (body: Buffer) =>
    decodeAddress({ type: 20, flags: 0, sequence: 1, port: 0, body }, (index) =>
      index === 2 ? "eth0" : undefined,
    );

  it("is read with lifetime, label and time of creation", () => {
    const cache = Buffer.alloc(16);
    cache.writeUInt32LE(7, 0);
    cache.writeUInt32LE(9, 4);
    cache.writeUInt32LE(12345, 8);
    const body = Buffer.concat([
      header,
      attribute(1, Buffer.from([192, 168, 43, 53])),
      attribute(2, Buffer.from([192, 168, 43, 53])),
      attribute(4, Buffer.from([192, 168, 43, 255])),
      textAttribute(3, "eth0:0"),
      attribute(6, cache),
    ]);
    expect(decode(body)).toEqual(
      present({
        address: "192.168.43.53",
        broadcast: "192.168.43.255",
        label: "eth0:0",
        lifetimeS: 9,
        secondary: true,
        createdAt: 12345,
      }),
    );
  });

  it("on a point-to-point link is the local end, and permanent without a lifetime", () => {
    const local = attribute(2, Buffer.from([10, 0, 0, 1]));
    const body = Buffer.concat([header, attribute(1, Buffer.from([10, 0, 0, 2])), local]);
    expect(decode(body)).toMatchObject({ address: "10.0.0.1", lifetimeS: Infinity });
  });

  it("is left out when it is not IPv4 or its interface has no name", () => {
    const local = attribute(2, Buffer.from([10, 0, 0, 1]));
    expect(decode(Buffer.concat([Buffer.from([10, 64, 0, 0, 2, 0, 0, 0]), local]))).toBeUndefined();
    expect(decode(Buffer.concat([Buffer.from([2, 24, 0, 0, 9, 0, 0, 0]), local]))).toBeUndefined();
  });
});
