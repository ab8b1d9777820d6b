import { expect, test } from "vitest";
import { pageOrRewrite, withPart } from "./generated.ts";
import { foldersOf, isThere, readText, root, sectionOf } from "./repository.ts";

const PAGE = "docs/ARCHITECTURE.md";

interface Row {
  readonly from: string;
  readonly values: readonly string[];
  readonly types?: readonly string[];
}

test("the code map names every folder of src, and none that is not there", () => {
  const map = sectionOf(readText(PAGE), "## Code map");
  const named = [...map.matchAll(/^\*\*`src\/([a-z]+)\/`\*\*/gm)].map((match) => match[1]);
  expect(named.toSorted()).toEqual(foldersOf("src"));
});

test("every file and folder that the architecture names is there", () => {
  const paths = [...readText(PAGE).matchAll(/`((?:src|test|bench|docs|scripts)\/[\w./-]+)`/g)];
  const missing = paths.map((match) => match[1] ?? "").filter((path) => !isThere(path));
  expect(missing).toEqual([]);
});

// Rewrite it with `REWRITE=1 npx vitest run --project unit test/tidy`.
test("the import table is the one that the borders are checked with", async () => {
  const { table } = (await import(`${root}.dependency-cruiser.mjs`)) as { table: readonly Row[] };
  const made = withPart(readText(PAGE), "import-table", importTable(table));
  expect(pageOrRewrite(PAGE, made)).toBe(made);
});

function importTable(table: readonly Row[]): string {
  const words = (paths: readonly string[]): string =>
    paths.length === 0 ? "nothing" : paths.map((path) => `\`${path}\``).join(", ");
  const rows = table.map(
    ({ from, values, types = [] }) =>
      `| \`${from}\` | ${words(values)} | ${types.length === 0 ? "" : words(types)} |\n`,
  );
  return `\n| in src | may import | of these only types |\n| --- | --- | --- |\n${rows.join("")}\n`;
}
