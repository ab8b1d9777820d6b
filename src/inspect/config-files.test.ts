import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readConfigFile, readConfigFiles } from "./config-files.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tandem-files-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const BYTES_MAX = 100;

test("the four files come with their text and their mode, or say that they are missing", async () => {
  writeFileSync(join(dir, "ha.cf"), "node a\r\n", { mode: 0o644 });
  writeFileSync(join(dir, "authkeys"), "auth 1", { mode: 0o600 });
  const files = await readConfigFiles(dir, BYTES_MAX);
  expect(files.hacf).toEqual({
    kind: "text",
    name: join(dir, "ha.cf"),
    text: "node a\r\n",
    mode: 0o644,
  });
  expect(files.authkeys).toMatchObject({ text: "auth 1", mode: 0o600 });
  expect(files.haresources).toEqual({ kind: "missing", name: join(dir, "haresources") });
  expect(files.tandemcf.kind).toBe("missing");
});

test("a directory that is not there holds no file", async () => {
  expect((await readConfigFile(join(dir, "nosuch/ha.cf"), BYTES_MAX)).kind).toBe("missing");
});

test("what is no regular file is neither read nor waited for", async () => {
  mkdirSync(join(dir, "ha.cf"));
  execFileSync("sh", ["-c", 'mkfifo "$0"', join(dir, "haresources")]);
  for (const path of [join(dir, "ha.cf"), join(dir, "haresources"), "/dev/zero"])
    expect(await readConfigFile(path, BYTES_MAX)).toMatchObject({
      kind: "unreadable",
      reason: "it is not a regular file",
    });
});

test("a file over the bound is not read", async () => {
  writeFileSync(join(dir, "ha.cf"), "x".repeat(BYTES_MAX));
  expect((await readConfigFile(join(dir, "ha.cf"), BYTES_MAX)).kind).toBe("text");
  writeFileSync(join(dir, "ha.cf"), "x".repeat(BYTES_MAX + 1));
  expect(await readConfigFile(join(dir, "ha.cf"), BYTES_MAX)).toMatchObject({
    kind: "too-large",
    sizeBytes: BYTES_MAX + 1,
  });
});
