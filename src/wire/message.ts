/**
 * A message is an ordered list of fields (reference wire.md 1). Order is kept, because the checksum
 * covers it; a repeated name is legal and look-ups return the first.
 *
 * Values are *byte strings*: one character per byte, code points 0..255. So every packet can be
 * carried through JSON, compared with `===` and encoded back to the same bytes.
 */
export type Field =
  | { readonly kind: "string"; readonly name: string; readonly value: string }
  | { readonly kind: "binary"; readonly name: string; readonly value: string }
  | { readonly kind: "list"; readonly name: string; readonly value: readonly string[] }
  | { readonly kind: "struct"; readonly name: string; readonly value: Message };

/** What travels between nodes, whatever its encoding. */
export interface Message {
  readonly fields: readonly Field[];
}

/** The first field of that name as a byte string, if it is a string or binary. */
export function fieldOf(message: Message, name: string): string | undefined {
  for (const field of message.fields) {
    if (field.name === name) {
      return field.kind === "string" || field.kind === "binary" ? field.value : undefined;
    }
  }
  return undefined;
}

/** The message type, the field `t`; empty when there is none. */
export function typeOf(message: Message): string {
  return fieldOf(message, "t") ?? "";
}

/** A message of string fields, in the order given. Undefined values are left out. */
export function messageOf(strings: Readonly<Record<string, string | undefined>>): Message {
  const fields: Field[] = [];
  for (const [name, value] of Object.entries(strings)) {
    if (value !== undefined) fields.push({ kind: "string", name, value });
  }
  return { fields };
}
