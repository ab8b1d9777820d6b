import { assert } from "../base/assert.ts";
import { byteStringOfHex } from "./bytes.ts";
import { isUnnumbered } from "./header.ts";
import { type Field, fieldOf, type Message, typeOf } from "./message.ts";

/** What the sender knows about itself and its message when it sends it. */
export interface StandardFields {
  readonly src: string;
  /** 32 hex digits. */
  readonly srcuuidHex: string;
  /** Of the node that `dest` names, when it is known. Not used in messages to everybody. */
  readonly destuuidHex?: string | undefined;
  /** Needed for every type that is numbered, not used in NS_ types. */
  readonly seq?: number | undefined;
  readonly hg: number;
  /** time(2). */
  readonly ts: number;
  /** First line of /proc/loadavg. Not used in NS_ types. */
  readonly ld?: string | undefined;
  readonly ttl: number;
  /** Tandem's own fields, behind Heartbeat's, which a real Heartbeat ignores. */
  readonly extra?: readonly Field[] | undefined;
}

/**
 * What a caller wrote, with the standard fields behind it in Heartbeat's order (wire.md 4): existing
 * values are overwritten in their place, except in NS_ types, where they stay.
 */
export function withStandardFields(fields: readonly Field[], standard: StandardFields): Message {
  const written: Message = { fields };
  const isNs = isUnnumbered(typeOf(written));
  const additions = standardFieldsOf(standard, {
    isNs,
    isDirected: fieldOf(written, "dest") !== undefined,
  });
  const result = [...fields];
  for (const addition of additions) {
    const place = result.findIndex((field) => field.name === addition.name);
    if (place < 0) result.push(addition);
    else if (!isNs) result[place] = addition;
  }
  return { fields: [...result, ...(standard.extra ?? [])] };
}

function standardFieldsOf(
  standard: StandardFields,
  { isNs, isDirected }: { readonly isNs: boolean; readonly isDirected: boolean },
): readonly Field[] {
  const { src, srcuuidHex, destuuidHex, seq, hg, ts, ld, ttl } = standard;
  assert(isNs || seq !== undefined, "every message but NS_ types has a sequence number");
  return [
    ...(isDirected && destuuidHex !== undefined ? [binary("destuuid", destuuidHex)] : []),
    string("src", src),
    binary("srcuuid", srcuuidHex),
    ...(!isNs && seq !== undefined ? [string("seq", seq.toString(16))] : []),
    string("hg", hg.toString(16)),
    string("ts", ts.toString(16)),
    ...(!isNs && ld !== undefined ? [string("ld", ld)] : []),
    string("ttl", ttl.toString()),
  ];
}

const string = (name: string, value: string): Field => ({ kind: "string", name, value });

const binary = (name: string, hex: string): Field => ({
  kind: "binary",
  name,
  value: byteStringOfHex(hex),
});
