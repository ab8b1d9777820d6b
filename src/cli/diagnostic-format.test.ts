import { expect, test } from "vitest";
import type { Diagnostic } from "../config/types.ts";
import { formatDiagnostic } from "./diagnostic-format.ts";

const DIAGNOSTIC: Diagnostic = {
  file: "ha.cf",
  line: 3,
  column: 7,
  length: 4,
  severity: "error",
  code: "no-such-interface",
  message: "this machine has no interface eth9",
  mend: "Write `eth1`.",
};

test("a caret stands under each character that is meant, tabs counting as one", () => {
  expect(formatDiagnostic(DIAGNOSTIC, "bcast\teth9")).toBe(
    [
      "ha.cf:3:7: error: this machine has no interface eth9 [no-such-interface]",
      "    3 | bcast eth9",
      "      |       ^^^^",
      "      = Write `eth1`.",
      "",
    ].join("\n"),
  );
});

test("a file as a whole has no line to show", () => {
  const whole = { ...DIAGNOSTIC, line: 0, column: 0 };
  expect(formatDiagnostic(whole, undefined)).toBe(
    "ha.cf: error: this machine has no interface eth9 [no-such-interface]\n      = Write `eth1`.\n",
  );
});

test("of a long line the part around the caret is shown", () => {
  const far = { ...DIAGNOSTIC, column: 3001 };
  const [, source, caret] = formatDiagnostic(
    far,
    `${"x".repeat(3000)}eth9${"y".repeat(2000)}`,
  ).split("\n");
  expect(source?.length).toBeLessThanOrEqual(100);
  expect(source?.slice(caret?.indexOf("^"))).toMatch(/^eth9/);
});

test("a garbled line cannot steer the terminal", () => {
  const shown = formatDiagnostic(DIAGNOSTIC, "bcast\x1b[2Jeth9\x9b");
  expect(shown).not.toContain("\x1b");
  expect(shown).not.toContain("\x9b");
});
