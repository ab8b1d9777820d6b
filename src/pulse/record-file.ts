import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PulseRecord } from "./environment.ts";

const RECORD_FILE = "pulse.json";

/** What a pulse leaves to the next one in the same boot. Unreadable is as good as none. */
export function readRecordFile(runDir: string): PulseRecord | undefined {
  try {
    return recordOf(JSON.parse(readFileSync(join(runDir, RECORD_FILE), "utf8")));
  } catch {
    return undefined;
  }
}

/** Whole or not at all: written beside and moved over. Throws when /run cannot be written. */
export function writeRecordFile(runDir: string, record: PulseRecord | undefined): void {
  const path = join(runDir, RECORD_FILE);
  if (record === undefined) {
    rmSync(path, { force: true });
    return;
  }
  writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function recordOf(value: unknown): PulseRecord | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { bootId, generation, nextSeq } = value as Record<string, unknown>;
  if (typeof bootId !== "string") return undefined;
  if (!isCount(generation) || !isCount(nextSeq)) return undefined;
  return { bootId, generation, nextSeq };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
