import fc from "fast-check";
import { expect, test } from "vitest";
import { maskKeys, readAuthKeys } from "./authkeys.ts";
import { Findings } from "./findings.ts";

function read(text: string) {
  const findings = new Findings("authkeys");
  const keys = readAuthKeys({ kind: "text", name: "authkeys", text, mode: 0o600 }, findings);
  return { keys, diagnostics: findings.list() };
}

const brief = (text: string) =>
  read(text).diagnostics.map(
    ({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`,
  );

test("every method is taken, blank lines and comment lines are not", () => {
  const { keys } = read("# keys\n\nauth 2\n1 crc\n2 sha1 a secret\n3 md5 x\n 4 sha256 y\n");
  expect(keys).toEqual({
    active: 2,
    keys: [
      { number: 1, method: "crc", key: "" },
      { number: 2, method: "sha1", key: "a" },
      { number: 3, method: "md5", key: "x" },
      { number: 4, method: "sha256", key: "y" },
    ],
  });
});

test("a number that Heartbeat refuses, and auth below its key, are taken with a hint", () => {
  expect(brief("15 sha1 x\n16 sha1 x\nauth 15\n")).toEqual([
    "2:1 hint key-number-over-15",
    "3:1 hint auth-after-keys",
  ]);
  expect(read("16 sha1 x\nauth 16\n").keys?.active).toBe(16);
});

test("crc and sha256 say what they are", () => {
  expect(brief("auth 1\n1 crc\n")).toEqual(["2:3 hint no-protection"]);
  expect(brief("auth 1\n1 sha256 x\n")).toEqual(["2:3 hint heartbeat-lacks-sha256"]);
});

test.each([
  ["", ["0:0 error auth-missing"]],
  ["1 sha1 x\n", ["0:0 error auth-missing"]],
  ["auth 2\n1 sha1 x\n", ["1:6 error auth-without-key"]],
  ["auth\n", ["0:0 error auth-missing", "1:1 error bad-auth-line"]],
  ["auth one\n", ["0:0 error auth-missing", "1:6 error bad-auth-line"]],
  ["auth 1\n1 sha1\n", ["2:3 error key-missing"]],
  ["auth 1\n1 sha2 x\n", ["2:3 error unknown-auth-method"]],
  ["auth 1\n1\n", ["2:1 error unknown-auth-method"]],
  ["auth 1\n1 crc # a comment\n", ["2:7 error crc-takes-no-key"]],
  ["auth 1\n1 sha1 x\nfoo\n", ["3:1 error bad-auth-line"]],
  ["auth 1\n-1 sha1 x\n1 sha1 y\n", ["2:1 error bad-auth-line"]],
])("%j is an error at its place", (text, expected) => {
  expect(brief(text)).toEqual(expected);
  expect(read(text).diagnostics.some((one) => one.severity === "error")).toBe(true);
});

test("of two keys of one number, and two auth lines, the later one counts and is told", () => {
  const text = "auth 1\nauth 2\n1 sha1 x\n2 sha1 old\n2 sha1 new\n";
  expect(brief(text)).toEqual(["2:1 warning set-twice", "5:1 warning duplicate-key"]);
  expect(read(text).keys).toMatchObject({ active: 2, keys: [{ key: "x" }, { key: "new" }] });
});

test("no diagnostic and no shown line ever holds a key, wherever it stands", () => {
  const secret = "Tr0ub4dor";
  const word = fc.constantFrom("auth", "1", "2", "crc", "sha1", "md5", secret, "#", "\n", "x");
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), (words) => {
      const text = words.join(" ");
      expect(JSON.stringify(read(text).diagnostics)).not.toContain(secret);
      expect(text.split("\n").map(maskKeys).join("\n")).not.toContain(secret);
    }),
  );
});

test("a shown line keeps its width, its numbers and its method", () => {
  expect(maskKeys("  42 sha1 secret")).toBe("  42 sha1 ······");
  expect(maskKeys("auth 42")).toBe("auth 42");
  expect(maskKeys("# 1 sha1 old")).not.toContain("old");
});

test.each([
  "auth 1\n1 sha1 secret\n",
  "# für Müller \ufffd\n\nauth\t1\n1\tsha1\tsecret",
  "auth 1\r\n1 sha1 secret\r\n",
  "  auth 1\n  1 sha1 secret # what follows the key is not read\n",
])("%j is one key, however it is set", (text) => {
  expect(read(text).keys).toEqual({
    active: 1,
    keys: [{ number: 1, method: "sha1", key: "secret" }],
  });
});
