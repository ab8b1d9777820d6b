import { describe, expect, test } from "vitest";
import { type CableEnd, hasCarrier, serialIsWhole, type Wiring } from "./cables.ts";
import type { HostName } from "./layout.ts";

const wiring = (powered: HostName[], pulled: CableEnd[] = []): Wiring => ({
  powered: new Set(powered),
  pulled: new Set(pulled),
});

describe("cables", () => {
  test("everything carries when everything is plugged and powered", () => {
    const whole = wiring(["zeus", "hera", "client"]);
    expect(hasCarrier(whole, "zeus", "eth0")).toBe(true);
    expect(hasCarrier(whole, "hera", "eth1")).toBe(true);
    expect(serialIsWhole(whole)).toBe(true);
  });

  test("a pulled LAN cable takes the carrier of its own host only", () => {
    const cut = wiring(["zeus", "hera"], ["zeus:eth0"]);
    expect(hasCarrier(cut, "zeus", "eth0")).toBe(false);
    expect(hasCarrier(cut, "hera", "eth0")).toBe(true);
    expect(hasCarrier(cut, "zeus", "eth1")).toBe(true);
  });

  test("the crossover pulled at one end is dead at both", () => {
    const cut = wiring(["zeus", "hera"], ["zeus:eth1"]);
    expect(hasCarrier(cut, "zeus", "eth1")).toBe(false);
    expect(hasCarrier(cut, "hera", "eth1")).toBe(false);
    expect(hasCarrier(cut, "hera", "eth0")).toBe(true);
  });

  test("a node without power takes the cables between the nodes with it", () => {
    const dark = wiring(["hera", "client"]);
    expect(hasCarrier(dark, "hera", "eth0")).toBe(true);
    expect(hasCarrier(dark, "hera", "eth1")).toBe(false);
    expect(serialIsWhole(dark)).toBe(false);
  });
});
