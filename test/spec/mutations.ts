import fc from "fast-check";
import { bytesOf } from "../../src/wire/bytes.ts";
import type { SigningKey, SigningKeys } from "../../src/wire/signature.ts";
import { injections, packetFiles, packetsOf } from "./captures.ts";

/** Real packets, and what a bad line or a bad neighbour makes of them. */

export const alone = (key: SigningKey): SigningKeys => ({ active: key.number, keys: [key] });

/** One in forty, and all of the hand-made ones. */
export const realPackets: readonly { readonly bytes: Uint8Array }[] = [
  ...packetFiles()
    .flatMap(packetsOf)
    .filter((_, index) => index % 40 === 0),
  ...injections().map(({ bytes }) => ({ bytes })),
];
export const realBytes: fc.Arbitrary<Uint8Array> = fc.constantFrom(
  ...realPackets.map(({ bytes }) => bytes),
);

/** The text before the outer signature; classic text as it is. */
export function unsignedPart(text: string): string {
  const mark = text.lastIndexOf("%%%\n");
  return mark < 0 ? text : text.slice(0, mark + 4);
}

type Mutation = readonly [where: number, kind: number, byte: number];

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.tuple(
    fc.nat(400),
    fc.nat(3),
    fc.constantFrom(...bytesOf("0123456789:,()=\n%#<>\0\x13\x14\xff")),
  ),
  { minLength: 1, maxLength: 4 },
);

/** Each change sets, inserts or removes a byte, or doubles what is in front of it. */
export function mutated(bytes: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  const list = [...bytes];
  for (const [where, kind, byte] of changes) {
    const at = where % (list.length + 1);
    if (kind === 0) list.splice(at, 1, byte);
    else if (kind === 1) list.splice(at, 0, byte);
    else if (kind === 2) list.splice(at, 1);
    else list.splice(at, 0, ...list.slice(Math.max(0, at - 20), at));
  }
  return Uint8Array.from(list);
}
