import type { TextFile } from "./files.ts";
import type { Findings } from "./findings.ts";
import { nearest } from "./nearest.ts";
import {
  type Line,
  type Located,
  readLines,
  type Span,
  spanOf,
  type Word,
  wordsOf,
} from "./source.ts";
import type { AuthKey, AuthKeys, AuthMethod } from "./types.ts";

const METHODS: readonly AuthMethod[] = ["crc", "md5", "sha1", "sha256"];
/** Heartbeat 3.0.6 takes 0 to 15 (config.md 2). */
const HEARTBEAT_NUMBER_MAX = 15;

interface Draft {
  auth: Located<number> | undefined;
  readonly keys: Map<number, Located<AuthKey>>;
  /** Numbers of key lines that are reported already: `auth` may name one of them. */
  readonly failed: Set<number>;
}

/**
 * Reads authkeys: `auth N` and lines `N METHOD [KEY]`. No message ever quotes a word of this file
 * but a number and a method: any other may be the key. Undefined: no key to sign with.
 */
export function readAuthKeys(file: TextFile, findings: Findings): AuthKeys | undefined {
  checkMode(file, findings);
  const draft: Draft = { auth: undefined, keys: new Map(), failed: new Set() };
  for (const line of readLines(file, findings, /^\s*#.*/)) {
    const words = wordsOf(line, "\\s");
    const [first] = words;
    if (first === undefined || first.text.startsWith("#")) continue;
    if (first.text === "auth") readAuthLine(line, words, draft, findings);
    else readKeyLine(line, words, draft, findings);
  }
  return chosen(draft, findings);
}

/** Only the read bits, as Heartbeat does. */
function checkMode({ name, mode }: TextFile, findings: Findings): void {
  if (mode === undefined || (mode & 0o044) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(3, "0");
  const message = `the keys can be read by others: the mode is ${octal}`;
  findings.error(undefined, "bad-permissions", message, `\`chmod 600 ${name}\``);
}

function readAuthLine(line: Line, words: readonly Word[], draft: Draft, findings: Findings): void {
  const [, word] = words;
  const number = numberOf(word);
  if (word === undefined || number === undefined) {
    findings.error(word ?? spanOf(line), "bad-auth-line", "`auth` wants the number of a key line");
    return;
  }
  if (draft.auth !== undefined) {
    const message = `auth stands in line ${draft.auth.at.line} already; this line counts`;
    findings.warning(spanOf(line), "set-twice", message);
  }
  if (draft.keys.has(number))
    findings.hint(spanOf(line), "auth-after-keys", `auth ${number} stands below key ${number}`);
  draft.auth = { value: number, at: word };
}

function readKeyLine(
  line: Line,
  [first, method, secret]: readonly Word[],
  draft: Draft,
  findings: Findings,
): void {
  const number = numberOf(first);
  if (first === undefined || number === undefined) {
    const message = "the line begins neither with `auth` nor with the number of a key";
    findings.error(first ?? spanOf(line), "bad-auth-line", message);
    return;
  }
  const key = readKey(line, number, method, secret, findings);
  if (key === undefined) {
    draft.failed.add(number);
    return;
  }
  const former = draft.keys.get(number);
  if (former !== undefined) {
    const message = `key ${number} stands in line ${former.at.line} already; this one counts`;
    findings.warning(first, "duplicate-key", message);
  }
  if (number > HEARTBEAT_NUMBER_MAX) {
    const message = `Heartbeat 3.0.6 refuses the key number ${number}: its numbers end at 15`;
    findings.hint(first, "key-number-over-15", message);
  }
  draft.keys.set(number, { value: key, at: method ?? first });
}

function readKey(
  line: Line,
  number: number,
  word: Word | undefined,
  secret: Word | undefined,
  findings: Findings,
): AuthKey | undefined {
  const method = METHODS.find((one) => one === word?.text);
  if (word === undefined || method === undefined) {
    reportMethod(word ?? spanOf(line), word?.text, findings);
    return undefined;
  }
  if (method !== "crc" && secret === undefined) {
    findings.error(word, "key-missing", `${method} signs with a key, and there is none`);
    return undefined;
  }
  if (method === "crc" && secret !== undefined) {
    const at = { line: line.number, column: secret.column, length: secret.length };
    findings.error(at, "crc-takes-no-key", "crc has no key, and something follows it");
    return undefined;
  }
  return { number, method, key: secret?.text ?? "" };
}

function reportMethod(at: Span, text: string | undefined, findings: Findings): void {
  const near = text === undefined ? undefined : nearest(text, METHODS);
  const problem = text === undefined ? "the method is missing" : "this is not a method";
  findings.error(
    at,
    "unknown-auth-method",
    `${problem}: ${METHODS.join(", ")} are`,
    near === undefined ? undefined : `Write \`${near}\`.`,
  );
}

/** Longer digits may be a key that stands in the wrong place. */
function numberOf(word: Word | undefined): number | undefined {
  return word !== undefined && /^\d{1,5}$/.test(word.text) ? Number(word.text) : undefined;
}

function chosen({ auth, keys, failed }: Draft, findings: Findings): AuthKeys | undefined {
  if (auth === undefined) {
    const [first] = keys.keys();
    const mend = first === undefined ? undefined : `Write \`auth ${first}\` above the keys.`;
    findings.error(undefined, "auth-missing", "no line says which key signs", mend);
    return undefined;
  }
  const active = keys.get(auth.value);
  if (active === undefined) {
    if (!failed.has(auth.value))
      findings.error(auth.at, "auth-without-key", `there is no key ${auth.value}`);
    return undefined;
  }
  const { method } = active.value;
  if (method === "crc")
    findings.hint(
      active.at,
      "no-protection",
      "crc is no protection: it notices damage, not forgery",
    );
  if (method === "sha256")
    findings.hint(
      active.at,
      "heartbeat-lacks-sha256",
      "sha256 is Tandem's own: a Heartbeat refuses it",
    );
  return { active: auth.value, keys: [...keys.values()].map((key) => key.value) };
}

/** A line of authkeys fit to be shown: each word that may be a key becomes dots of the same length. */
export function maskKeys(line: string): string {
  const isComment = /^\s*#/.test(line);
  let index = 0;
  return line.replace(/\S+/g, (word) => {
    index += 1;
    const isPlain =
      (index === 1 && word === "auth") ||
      /^\d{1,5}$/.test(word) ||
      (index === 2 && METHODS.some((method) => method === word));
    return isPlain && !isComment ? word : "·".repeat(word.length);
  });
}
