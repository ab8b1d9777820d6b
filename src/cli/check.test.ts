import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CheckOptions, check } from "./check.ts";

const tutorial = fileURLToPath(new URL("../../test/tutorial", import.meta.url));
let configDir: string;

beforeEach(() => {
  configDir = mkdtempSync(join(tmpdir(), "tandem-check-"));
  cpSync(tutorial, configDir, { recursive: true });
  chmodSync(join(configDir, "authkeys"), 0o600);
});
afterEach(() => rmSync(configDir, { recursive: true }));

async function run(options: Omit<CheckOptions, "configDir">) {
  let text = "";
  const status = await check({ configDir, ...options }, { write: (more) => (text += more) });
  return { status, text: text.replaceAll(`${configDir}/`, "") };
}

test("the tutorial's files are usable: exit 0, each remark with line, caret, code and mend", async () => {
  const { status, text } = await run({ offline: true, node: "zeus.example.com" });
  expect(status).toBe(0);
  expect(text).toContain(
    [
      "ha.cf:10:1: warning: taken as `auto_failback`; Heartbeat 3.0.6 refuses the word [lenient-autofailback]",
      "   10 | autofailback on",
      "      | ^^^^^^^^^^^^",
      "      = Write `auto_failback on`.",
    ].join("\n"),
  );
  expect(text).toMatch(/\nusable: 0 errors, 1 warning, 8 hints\n$/);
});

test("for programs there is one document of a known shape", async () => {
  const { status, text } = await run({ offline: true, json: true });
  expect(status).toBe(0);
  const document = JSON.parse(text);
  expect(document).toMatchObject({ schema: "tandem.check/1", usable: true, configDir, node: null });
  expect(Object.keys(document.diagnostics[0])).toEqual([
    "file",
    "line",
    "column",
    "length",
    "severity",
    "code",
    "message",
    "mend",
  ]);
});

test("for a Heartbeat node the tutorial's files are refused, each line with its mend", async () => {
  const { status, text } = await run({
    ...{ for: "heartbeat", offline: true, node: "hera.example.com" },
  });
  expect(status).toBe(1);
  expect(text).toContain(
    [
      "ha.cf:10:1: error: `autofailback` is not a directive of 3.0.6 [heartbeat-refuses]",
      "   10 | autofailback on",
      "      | ^^^^^^^^^^^^",
      "      = Write `auto_failback`.",
    ].join("\n"),
  );
  expect(text).toMatch(/authkeys:1:1: error: a key's number is 0 to 15/);
  expect(text).toMatch(/\nHeartbeat 3\.0\.6 refuses them: 3 errors, 2 warnings, 0 hints\n$/);
});

test("for a Heartbeat node, too, there is one document", async () => {
  writeFileSync(join(configDir, "authkeys"), "auth 1\n1 sha1 Tr0ub4dor\nTr0ub4dor\n");
  const { text } = await run({ for: "heartbeat", offline: true, json: true });
  const document = JSON.parse(text);
  expect(document).toMatchObject({ schema: "tandem.check/1", for: "heartbeat", usable: false });
  expect(text).not.toContain("Tr0ub4dor");
});

test("what a Heartbeat would ask its machine is asked, unless offline", async () => {
  writeFileSync(join(configDir, "ha.cf"), "node zeus\nbcast lo\nrespawn nosuchuser /bin/sh\n");
  writeFileSync(join(configDir, "haresources"), "");
  writeFileSync(join(configDir, "authkeys"), "auth 1\n1 crc\n");
  const options = { for: "heartbeat", node: "zeus" } as const;
  const { status, text } = await run(options);
  expect(text).toContain("there is no user `nosuchuser`");
  expect(status).toBe(1);
  expect((await run({ ...options, offline: true })).status).toBe(0);
});

test("a machine that is not among the nodes cannot use the files: exit 1", async () => {
  const { status, text } = await run({ offline: true, node: "apollo.example.com" });
  expect(status).toBe(1);
  expect(text).toContain("[own-node-missing]");
});

test("without --offline the files are held against this machine", async () => {
  writeFileSync(join(configDir, "haresources"), "zeus.example.com nosuchscript\n");
  const { text } = await run({ node: "zeus.example.com" });
  expect(text).toContain("`nosuchscript` is not on this machine");
});

test("no file at all: exit 1, each missing file told", async () => {
  for (const name of ["ha.cf", "haresources", "authkeys"]) rmSync(join(configDir, name));
  const { status, text } = await run({ offline: true });
  expect(status).toBe(1);
  expect(text.match(/\[file-missing\]/g)).toHaveLength(3);
});

test("ten megabytes of garbage: exit 1 and a short answer", async () => {
  writeFileSync(join(configDir, "ha.cf"), Buffer.alloc(10_000_000, "\x00\xff\x1b[2J\n"));
  const { status, text } = await run({ offline: true });
  expect(status).toBe(1);
  expect(text).toContain("the file has 10000000 bytes");
});

test("garbage that is small enough to read never reaches the terminal, and the answer ends", async () => {
  const garbage = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 256));
  writeFileSync(join(configDir, "ha.cf"), garbage);
  const { status, text } = await run({ offline: true });
  expect(status).toBe(1);
  expect(text).toMatch(/and \d+ more problems in this file/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
});

test("a key is not shown, even in a line that is wrong", async () => {
  const text = "auth 1\n1 sha1 Tr0ub4dor\nTr0ub4dor\n1 Tr0ub4dor\n2 crc Tr0ub4dor\n";
  writeFileSync(join(configDir, "authkeys"), text);
  for (const json of [true, false])
    expect((await run({ offline: true, json })).text).not.toContain("Tr0ub4dor");
});
