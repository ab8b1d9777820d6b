import type { ConfigFile } from "../files.ts";
import type { Line, Span } from "../source.ts";
import { rawLines } from "./lines.ts";
import { type Report, reasonOf } from "./report.ts";

const METHODS = ["crc", "md5", "sha1"];
const NUMBER_MAX = 15;

interface Keys {
  active: number | undefined;
  activeAt: Span | undefined;
  /** An `auth` that is refused already. */
  isRefused: boolean;
  /** A key line has met the number that `auth` had named above it. */
  isFound: boolean;
}

/** What 3.0.6 would say of authkeys. No sentence quotes a word of the file but a number or a method. */
export function judgeAuthKeys(file: ConfigFile, report: Report): void {
  if (file.kind !== "text") {
    report.refuse(undefined, reasonOf(file), "Copy it from the other node.");
    return;
  }
  // Only the read bits are looked at.
  if (((file.mode ?? 0) & 0o044) !== 0)
    report.refuse(undefined, "others may read the keys", `\`chmod 600 ${file.name}\``);
  const keys: Keys = { active: undefined, activeAt: undefined, isRefused: false, isFound: false };
  for (const raw of rawLines(file.text)) {
    const text = raw.text.replace(/^[ \t\r\f]+/, "");
    if (text.trim() === "" || text.startsWith("#")) continue;
    if (text.startsWith("a")) readAuth(text, raw, keys, report);
    else readKey(text, raw, keys, report);
  }
  if (keys.active === undefined && keys.isRefused) return;
  if (keys.active === undefined)
    report.refuse(undefined, "no line says which key signs", "Write `auth N` above the keys.");
  else if (!keys.isFound) {
    const why = `no key ${keys.active} that can be used stands below \`auth ${keys.active}\``;
    report.refuse(keys.activeAt, why, `Write the line of key ${keys.active} below \`auth\`.`);
  }
}

/** As scanf reads it: `auth4` and `auth 4x` are 4. */
function readAuth(text: string, line: Line, keys: Keys, report: Report): void {
  const digits = /^auth\s*([+-]?\d+)/.exec(text)?.[1];
  if (digits === undefined) {
    const why = "a line that begins with `a` has to be `auth` and the number of a key";
    report.refuse(placeOf(line), why, "Write `auth N`, or remove the line.");
    keys.isRefused = true;
  } else if (!isNumber(Number(digits), line, report)) keys.isRefused = true;
  else {
    keys.active = Number(digits);
    keys.activeAt = placeOf(line);
  }
}

function readKey(text: string, line: Line, keys: Keys, report: Report): void {
  const [, digits, method, secret] = /^([+-]?\d+)\s*(\S+)(?:\s+(\S+))?/.exec(text) ?? [];
  const isShort = /^[+-]?\d+\s*$/.test(text);
  if (digits === undefined || method === undefined || isShort) {
    const why = "the line is neither `auth N` nor a number, a method and a key";
    report.refuse(placeOf(line), why, "Write it like `1 sha1 KEY`, or remove it.");
    return;
  }
  if (!isNumber(Number(digits), line, report)) return;
  const wrong = wrongMethod(method, secret);
  if (wrong === undefined) keys.isFound ||= Number(digits) === keys.active;
  else report.refuse(placeOf(line), wrong[0], wrong[1]);
}

function isNumber(number: number, line: Line, report: Report): boolean {
  if (number >= 0 && number <= NUMBER_MAX) return true;
  // More digits may be a key that stands in the wrong place.
  const shown = Math.abs(number) < 100_000 ? `, and this is ${number}` : "";
  const why = `a key's number is 0 to ${NUMBER_MAX}${shown}`;
  report.refuse(placeOf(line), why, "Choose another number, in `auth` and in the key's line.");
  return false;
}

function wrongMethod(
  method: string,
  secret: string | undefined,
): readonly [why: string, mend: string] | undefined {
  if (method === "sha256") return ["sha256 is Tandem's own", "Write `sha1`, on both nodes."];
  if (!METHODS.includes(method))
    return [`the method is none of ${METHODS.join(", ")}`, "Write `sha1`, in lower case."];
  if (method === "crc" && secret !== undefined)
    return ["crc has no key, and something follows it", "Remove it; a comment has its own line."];
  if (method !== "crc" && secret === undefined)
    return [`${method} wants a key`, "Write a key behind the method."];
  return undefined;
}

function placeOf(line: Line): Span {
  const indent = Math.max(0, line.text.search(/\S/));
  const length = Math.max(1, line.text.trimEnd().length - indent);
  return { line: line.number, column: indent + 1, length };
}
