import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readRecordFile, writeRecordFile } from "./record-file.ts";

let runDir: string;

beforeEach(() => {
  runDir = mkdtempSync(join(tmpdir(), "tandem-run-"));
});

afterEach(() => rmSync(runDir, { recursive: true, force: true }));

it("gives a record to the next pulse, and forgets it on a clean end", () => {
  const record = { bootId: "b", generation: 7, nextSeq: 1001 };
  writeRecordFile(runDir, record);
  expect(readRecordFile(runDir)).toEqual(record);
  writeRecordFile(runDir, undefined);
  expect(readRecordFile(runDir)).toBeUndefined();
  expect(readdirSync(runDir)).toEqual([]);
});

it("takes what it cannot read for no record", () => {
  for (const text of [
    "",
    "{",
    "null",
    '{"bootId":"b"}',
    '{"bootId":"b","generation":0,"nextSeq":1}',
  ]) {
    writeFileSync(join(runDir, "pulse.json"), text);
    expect(readRecordFile(runDir)).toBeUndefined();
  }
});
