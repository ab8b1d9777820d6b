import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** What the real daemon did with one variant. */
export interface Captured {
  readonly name: string;
  readonly started: boolean;
}

/** test/captures/cfgtest.jsonl.gz, in its order. */
export function captured(): readonly Captured[] {
  const packed = readFileSync(new URL("../captures/cfgtest.jsonl.gz", import.meta.url));
  const lines = gunzipSync(packed).toString().trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Captured);
}
