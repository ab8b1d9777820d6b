import { fieldsMax } from "./limits.ts";

/** `LEN:BYTES,`: the netstring, also the form of a list's elements in both encodings (wire.md 1, 2). */
export function writePrefixed(value: string): string {
  return `${value.length}:${value},`;
}

/** Seven digits reach beyond every size cap; a length with more is refused before it is a number. */
const digitsMax = 7;

/** The value that starts at `at` and the place behind its comma; undefined when there is none. */
export function readPrefixed(
  text: string,
  at: number,
): { readonly value: string; readonly end: number } | undefined {
  let colon = at;
  let length = 0;
  for (; colon < at + digitsMax; colon += 1) {
    const digit = text.charCodeAt(colon) - 48;
    // Also where the text ends: NaN is neither.
    if (!(digit >= 0 && digit <= 9)) break;
    length = length * 10 + digit;
  }
  if (colon === at || text[colon] !== ":") return undefined;
  // `03:` would be read but never written again like that.
  if (text[at] === "0" && colon > at + 1) return undefined;
  const start = colon + 1;
  const comma = start + length;
  if (text[comma] !== ",") return undefined;
  return { value: text.slice(start, comma), end: comma + 1 };
}

/** The elements one behind the other, each with its length. */
export function writeList(values: readonly string[]): string {
  return values.map(writePrefixed).join("");
}

/** All elements, or undefined where the text is none, or holds more than `fieldsMax`. */
export function readList(text: string): readonly string[] | undefined {
  const values: string[] = [];
  let at = 0;
  while (at < text.length) {
    const element = readPrefixed(text, at);
    if (element === undefined) return undefined;
    values.push(element.value);
    if (values.length > fieldsMax) return undefined;
    at = element.end;
  }
  return values;
}
