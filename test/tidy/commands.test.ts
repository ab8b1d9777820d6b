import { expect, test } from "vitest";
import { codeOf, documents, readText, sectionOf } from "./repository.ts";

/** What src/cli registers: `registerStatus(program)` is `tandem status`. */
const registered: ReadonlySet<string> = new Set(
  [...readText("src/cli/main.ts").matchAll(/^register(\w+)\(program\);$/gm)].map((match) =>
    (match[1] ?? "").replace(/\B[A-Z]/g, "-$&").toLowerCase(),
  ),
);

/** What README.md says is planned and not there. */
const planned: ReadonlySet<string> = new Set(
  commandsIn(sectionOf(readText("README.md"), "## Not yet")),
);

const scripts = (JSON.parse(readText("package.json")) as { scripts: Record<string, string> })
  .scripts;

function commandsIn(text: string): readonly string[] {
  return codeOf(text).flatMap((code) =>
    [...code.matchAll(/(?<![\w.-])tandem ([a-z][a-z-]+)/g)].map((match) => match[1] ?? ""),
  );
}

test("commands are found where they stand as code", () => {
  expect(
    commandsIn("say `bin/tandem check`, not tandem prose\n```\n$ tandem status\n```\n"),
  ).toEqual(["status", "check"]);
  expect(registered).toContain("check");
});

test("every `tandem` command in a document is there, or README says that it is not yet", () => {
  const unknown = documents().flatMap((path) =>
    commandsIn(readText(path))
      .filter((name) => name !== "help" && !registered.has(name) && !planned.has(name))
      .map((name) => `${path}: tandem ${name}`),
  );
  expect(unknown).toEqual([]);
});

test("nothing that README calls planned is there already", () => {
  expect([...planned].filter((name) => registered.has(name))).toEqual([]);
});

test("every command that is there has its row in README", () => {
  const named = new Set(commandsIn(sectionOf(readText("README.md"), "## Commands")));
  expect([...registered].filter((name) => !named.has(name))).toEqual([]);
});

test("every npm script in a document is one", () => {
  const unknown = documents().flatMap((path) =>
    codeOf(readText(path))
      .flatMap((code) => [...code.matchAll(/npm run (?:--silent )?([\w:-]+)/g)])
      .map((match) => match[1] ?? "")
      .filter((name) => !(name in scripts))
      .map((name) => `${path}: npm run ${name}`),
  );
  expect(unknown).toEqual([]);
});

test("no document sends a reader to a registry: the package is private", () => {
  const npx = new RegExp(["npx", "tandem"].join(" "));
  expect(documents().filter((path) => npx.test(readText(path)))).toEqual([]);
});
