import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Question } from "../config/heartbeat/facts.ts";
import { answerForHeartbeat } from "./heartbeat-facts.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tandem-etc-"));
  writeFileSync(
    join(dir, "passwd"),
    "root:x:0:0::/root:/bin/sh\nhacluster:x:104:105::/:/bin/false\n",
  );
  writeFileSync(join(dir, "group"), "haclient:x:105:\n");
});
afterEach(() => rmSync(dir, { recursive: true }));

async function ask(kind: Question["kind"], name: string) {
  const { answers } = await answerForHeartbeat([{ kind, name }], dir);
  return answers[0]?.is;
}

test("users and groups are those of the files, by their whole names", async () => {
  expect(await ask("user", "hacluster")).toBe(true);
  expect(await ask("user", "ha")).toBe(false);
  expect(await ask("user", "haclient")).toBe(false);
  expect(await ask("group", "haclient")).toBe(true);
});

test("a user that another source may know is no answer", async () => {
  writeFileSync(join(dir, "nsswitch.conf"), "passwd: files ldap\ngroup: files systemd\n");
  expect(await ask("user", "nosuch")).toBeUndefined();
  expect(await ask("group", "nosuch")).toBe(false);
  expect(await ask("user", "root")).toBe(true);
});

test("files, programs and devices are looked at", async () => {
  expect(await ask("file", join(dir, "passwd"))).toBe(true);
  expect(await ask("file", join(dir, "nosuch"))).toBe(false);
  expect(await ask("program", process.execPath)).toBe(true);
  expect(await ask("program", join(dir, "nosuch"))).toBe(false);
  expect(await ask("character-device", "/dev/null")).toBe(true);
  expect(await ask("character-device", join(dir, "passwd"))).toBe(false);
});

test("an address is a host", async () => {
  expect(await ask("host", "192.168.43.1")).toBe(true);
});

test("the machine's name and interfaces come with the answers", async () => {
  const { nodeName, interfaces } = await answerForHeartbeat([], dir);
  expect(nodeName).not.toBe("");
  expect(interfaces.map((one) => one.name)).toContain("lo");
});
