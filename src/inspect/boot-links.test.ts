import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startsAtBoot } from "./boot-links.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tandem-boot-"));
  mkdirSync(join(dir, "units", "multi-user.target.wants"), { recursive: true });
  mkdirSync(join(dir, "units", "apache2.service.d"));
  mkdirSync(join(dir, "rc3.d"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const startsHere = (name: string) =>
  startsAtBoot(name, {
    units: [join(dir, "nosuch"), join(dir, "units")],
    runlevels: [join(dir, "rc3.d"), join(dir, "rc4.d")],
  });

describe("a service starts with its machine", () => {
  it("when systemd has a link to it, by either of its names", async () => {
    expect(await startsHere("apache2")).toBe(false);
    symlinkSync("/nowhere", join(dir, "units", "multi-user.target.wants", "apache2.service"));
    expect(await startsHere("apache2")).toBe(true);
    expect(await startsHere("apache2.service")).toBe(true);
    expect(await startsHere("apache")).toBe(false);
  });

  it("when a runlevel starts it; K is no start", async () => {
    writeFileSync(join(dir, "rc3.d", "K01apache2"), "");
    expect(await startsHere("apache2")).toBe(false);
    writeFileSync(join(dir, "rc3.d", "S20apache2"), "");
    expect(await startsHere("apache2")).toBe(true);
    expect(await startsHere("pache2")).toBe(false);
  });

  it("never by a drop-in alone", async () => {
    symlinkSync("/nowhere", join(dir, "units", "apache2.service.d", "apache2.service"));
    expect(await startsHere("apache2")).toBe(false);
  });
});
