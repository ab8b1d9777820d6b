import { expect, it } from "vitest";
import { mediumName } from "../base/names.ts";
import { udpWay } from "./udp-ways.ts";

it("ucast6 leaves this machine out, and no target where the machine cannot be asked who it is", () => {
  const aimWith = (interfaces: () => object) =>
    udpWay(
      {
        kind: "ucast6",
        name: mediumName("eth1"),
        interface: "eth1",
        port: 694,
        targets: ["fd00::1", "fd00::2"],
      },
      () => {},
      interfaces as typeof import("node:os").networkInterfaces,
    ).aim(2, []);
  const eth1 = [{ family: "IPv6", address: "fd00::1", scopeid: 0 }];
  expect(aimWith(() => ({ eth1 })).targets).toEqual(["fd00::2"]);
  const full = () => {
    throw new Error("uv_interface_addresses: ENFILE");
  };
  expect(aimWith(full).targets).toEqual(["fd00::1", "fd00::2"]);
});
