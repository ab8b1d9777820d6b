import { createHash } from "node:crypto";
import * as v from "valibot";
import { type NodeName, nodeName } from "../base/names.ts";
import type { ClusterRecord } from "../core/cluster/world.ts";

/**
 * A record is two lines: a head with format, version and checksum, then the record as JSON. The
 * checksum finds the half-written and the rotten; it protects from nobody.
 */
const HEAD = "tandem-record 1";

/** Far above the record of the largest haresources; what is larger is no record. */
export const RECORD_BYTES_MAX: number = 1024 * 1024;

/** The text that `decodeRecord` reads. */
export function encodeRecord(record: ClusterRecord): string {
  const json = JSON.stringify(record);
  return `${HEAD} ${checksum(json)}\n${json}\n`;
}

/** The record, or a sentence on what is wrong with the text. */
export type DecodedRecord =
  | { readonly ok: true; readonly record: ClusterRecord }
  | { readonly ok: false; readonly why: string };

/** Bytes of a disk are input like any other: never throws. */
export function decodeRecord(text: string): DecodedRecord {
  const [head = "", json = "", end, rest] = text.split("\n");
  if (!head.startsWith(`${HEAD} `)) return wrong("it is no record of this version");
  if (end !== "" || rest !== undefined) return wrong("it is cut short or has grown");
  if (head.slice(HEAD.length + 1) !== checksum(json)) return wrong("its checksum does not match");
  const parsed = v.safeParse(RECORD, parseJson(json));
  if (parsed.success) return { ok: true, record: parsed.output };
  const [issue] = parsed.issues;
  return wrong(`${v.getDotPath(issue) ?? "record"}: ${issue.message}`);
}

function wrong(why: string): DecodedRecord {
  return { ok: false, why };
}

function checksum(json: string): string {
  return createHash("sha256").update(json).digest("hex");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const node: v.GenericSchema<unknown, NodeName> = v.pipe(v.string(), v.transform(nodeName));

const EPOCH = v.object({
  number: count,
  node,
  basis: v.picklist(["agreed", "proved", "silent"]),
});

/** Three are needed (budget.ts). */
const TIMES = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.maxLength(8));

const RECORD: v.GenericSchema<unknown, ClusterRecord> = v.object({
  bootId: v.string(),
  at: v.pipe(v.number(), v.finite()),
  highestEpoch: count,
  groups: v.record(
    v.string(),
    v.object({
      word: v.picklist(["owned", "released", "moving", "clearing"]),
      epoch: EPOCH,
      moves: v.optional(v.object({ own: TIMES, peers: TIMES })),
    }),
  ),
  peerReleased: v.boolean(),
  deaths: v.array(v.number()),
  peerMacs: v.array(v.string()),
  // JSON leaves out what is undefined.
  peer: v.optional(
    v.object({ uuid: v.string(), generation: count, native: v.boolean() }),
  ) as v.GenericSchema<unknown, ClusterRecord["peer"]>,
  cleanStop: v.boolean(),
});
