import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LookUpRoots, lookUpScript } from "./resource-lookup.ts";

let root: string;
let roots: LookUpRoots;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tandem-lookup-"));
  for (const dir of ["ha.d/resource.d", "init.d", "systemd", "units"])
    mkdirSync(join(root, dir), { recursive: true });
  roots = {
    configDir: join(root, "ha.d"),
    initDir: join(root, "init.d"),
    systemdDir: join(root, "systemd"),
    unitDirs: [join(root, "units")],
  };
});

afterEach(() => rmSync(root, { recursive: true }));

const program = (path: string) => writeFileSync(join(root, path), "#!/bin/sh\n", { mode: 0o755 });
const unit = (name: string) => writeFileSync(join(root, "units", name), "[Service]\n");

test("a script in resource.d goes before a unit, and that before one in init.d", async () => {
  program("init.d/httpd");
  expect(await lookUpScript("httpd", roots)).toMatchObject({ path: join(root, "init.d/httpd") });
  unit("httpd.service");
  expect(await lookUpScript("httpd", roots)).toEqual({
    kind: "systemd",
    unit: "httpd.service",
    via: "httpd",
  });
  program("ha.d/resource.d/httpd");
  expect(await lookUpScript("httpd", roots)).toMatchObject({
    path: join(root, "ha.d/resource.d/httpd"),
  });
});

// Debian 12's apache2 brings both; run as a script, systemd stopped it beside us at a reboot.
test("a service that has a unit and an init script is its unit, by whichever name it is found", async () => {
  program("init.d/apache2");
  unit("apache2.service");
  expect(await lookUpScript("httpd", roots)).toEqual({
    kind: "systemd",
    unit: "apache2.service",
    via: "apache2",
  });
});

test("httpd is found as apache2, and apache2 as httpd", async () => {
  program("init.d/apache2");
  expect(await lookUpScript("httpd", roots)).toMatchObject({ kind: "lsb", via: "apache2" });
  rmSync(join(root, "init.d/apache2"));
  unit("httpd.service");
  expect(await lookUpScript("apache2", roots)).toMatchObject({ unit: "httpd.service" });
});

test("units do not count where systemd is not the running init", async () => {
  unit("httpd.service");
  rmSync(join(root, "systemd"), { recursive: true });
  expect(await lookUpScript("httpd", roots)).toMatchObject({ kind: "missing" });
});

test("a masked unit does not count, an instance of a template does", async () => {
  symlinkSync("/dev/null", join(root, "units/httpd.service"));
  expect(await lookUpScript("httpd", roots)).toMatchObject({ kind: "missing" });
  program("init.d/httpd");
  expect(await lookUpScript("httpd", roots)).toMatchObject({ kind: "lsb" });
  unit("openvpn@.service");
  expect(await lookUpScript("openvpn@office", roots)).toMatchObject({
    unit: "openvpn@office.service",
  });
});

test("what is not executable, or a directory, is no script; the places are told in order", async () => {
  writeFileSync(join(root, "init.d/squid"), "", { mode: 0o644 });
  mkdirSync(join(root, "ha.d/resource.d/squid"));
  expect(await lookUpScript("squid", roots)).toEqual({
    kind: "missing",
    looked: [
      join(root, "ha.d/resource.d/squid"),
      "systemd unit squid.service",
      join(root, "init.d/squid"),
    ],
  });
});

test("a name never leads out of the directories", async () => {
  program("evil");
  for (const name of ["../../evil", "..", ".", "/bin/sh", "a/b", "", "-rf", "a\0b"])
    expect(await lookUpScript(name, roots)).toEqual({ kind: "missing", looked: [] });
});
