import { describe, expect, it } from "vitest";
import { broadcastOf, formatIpv4, ipv4Bytes, isSameSubnet, parseIpv4 } from "./ipv4.ts";

describe("IPv4 addresses", () => {
  it("are four bytes in network order", () => {
    expect([...ipv4Bytes("192.168.43.53")]).toEqual([192, 168, 43, 53]);
    expect(formatIpv4(ipv4Bytes("255.255.255.255"))).toBe("255.255.255.255");
    expect(parseIpv4("255.255.255.255")).toBe(0xffffffff);
  });

  it("that are none are a bug of ours: the configuration refuses them", () => {
    for (const text of ["", "1.2.3", "1.2.3.256", "1.2.3.x", "1.2.3.4.5"]) {
      expect(() => parseIpv4(text)).toThrow("not an IPv4 address");
    }
  });

  it("share a subnet by their leading bits", () => {
    expect(isSameSubnet("192.168.43.53", "192.168.43.1", 24)).toBe(true);
    expect(isSameSubnet("192.168.43.53", "192.168.44.1", 24)).toBe(false);
    expect(isSameSubnet("192.168.43.53", "192.168.43.52", 32)).toBe(false);
    expect(isSameSubnet("10.0.0.1", "200.0.0.1", 0)).toBe(true);
  });

  it("have a broadcast address unless the subnet is too small for one", () => {
    expect(broadcastOf("192.168.43.53", 24)).toBe("192.168.43.255");
    expect(broadcastOf("10.10.10.1", 30)).toBe("10.10.10.3");
    expect(broadcastOf("10.10.10.1", 0)).toBe("255.255.255.255");
    expect(broadcastOf("10.10.10.1", 31)).toBeUndefined();
    expect(broadcastOf("10.10.10.1", 32)).toBeUndefined();
  });
});
