import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findProgram, inspectMachine, namesIn } from "./machine.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tandem-machine-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test("this machine has a name and a loopback interface, and lacks what is not there", async () => {
  writeFileSync(join(dir, "file"), "");
  const mentions = {
    devices: ["/dev/null", dir, "/dev/nosuch"],
    scripts: ["nosuch"],
    programs: [],
  };
  const facts = await inspectMachine(mentions, { configDir: dir, initDir: dir });
  expect(facts.nodeName).toBe(hostname());
  expect(facts.interfaces.find((one) => one.name === "lo")?.isLoopback).toBe(true);
  expect(Object.fromEntries(facts.devices)).toEqual({
    "/dev/null": "character-device",
    [dir]: "other",
    "/dev/nosuch": "missing",
  });
  expect(facts.scripts.get("nosuch")).toMatchObject({ found: false });
});

test("interfaces that are down are in the table of the kernel too", () => {
  const table = "Inter-|   Receive\n face |bytes\n    lo: 1 2 3\n  eth1:0 0\nwlp0s20f3: 5\n";
  expect(namesIn(table)).toEqual(["lo", "eth1", "wlp0s20f3"]);
  expect(namesIn("")).toEqual([]);
});

test("a program is found where the file says, or by its name under the usual directories", async () => {
  const path = join(dir, "ccm");
  expect(await findProgram("/nosuch/ccm", [dir])).toBeUndefined();
  writeFileSync(path, "");
  expect(await findProgram(path, [])).toBeUndefined();
  chmodSync(path, 0o755);
  expect(await findProgram(path, [])).toBe(path);
  expect(await findProgram("/nosuch/ccm", [dir])).toBe(path);
});
