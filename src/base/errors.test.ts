import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ERRORS, errorsPage, MachineError } from "./errors.ts";

const page = new URL("../../docs/errors.md", import.meta.url);

// Rewrite the page with `REWRITE=1 npx vitest run --project unit src/base/errors.test.ts`.
test("docs/errors.md says what the registry says", () => {
  if (process.env["REWRITE"] === "1") writeFileSync(page, errorsPage());
  expect(readFileSync(page, "utf8")).toBe(errorsPage());
});

test("every code is a kebab-case word with a title, an explanation and a next step", () => {
  for (const [code, entry] of Object.entries(ERRORS)) {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(entry.title).not.toMatch(/\.$/);
    expect(entry.explanation).toMatch(/[.]$/);
    expect(entry.nextStep.length).toBeGreaterThan(5);
  }
});

test("an error of the machine carries its code and what to do", () => {
  const error = new MachineError("already-running", "tandemd runs already: pid 42");
  expect(error.code).toBe("already-running");
  expect(error.nextStep).toBe(ERRORS["already-running"].nextStep);
});
