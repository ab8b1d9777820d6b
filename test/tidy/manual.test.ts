import { expect, test } from "vitest";
import { HA_CF_DIRECTIVES } from "../../src/config/directives.ts";
import { TANDEM_CF_DIRECTIVES } from "../../src/config/tandem-cf.ts";
import { pageOrRewrite } from "./generated.ts";
import { HEARTBEAT_TABLE } from "./heartbeat-table.ts";
import {
  type Entry,
  HA_CF_SECTIONS,
  haCfPage,
  tandemCfPage,
  tandemDoes,
  testOf,
} from "./manual.ts";
import { isThere, readText } from "./repository.ts";

// Rewrite both with `REWRITE=1 npx vitest run --project unit test/tidy`.
test("docs/ha.cf.md says what the table of directives says", () => {
  expect(pageOrRewrite("docs/ha.cf.md", haCfPage())).toBe(haCfPage());
});

test("docs/tandem.cf.md says what the table of directives says", () => {
  expect(pageOrRewrite("docs/tandem.cf.md", tandemCfPage())).toBe(tandemCfPage());
});

test("every directive has an entry with a syntax, a default and a meaning", () => {
  const names = (entries: readonly Entry[]): readonly string[] => entries.map(({ name }) => name);
  expect(HA_CF_SECTIONS.flatMap(({ directives }) => names(directives))).toEqual(
    names(HA_CF_DIRECTIVES),
  );
  const pages = { "docs/ha.cf.md": HA_CF_DIRECTIVES, "docs/tandem.cf.md": TANDEM_CF_DIRECTIVES };
  for (const [page, table] of Object.entries(pages)) {
    const text = readText(page);
    for (const { name, syntax, default: otherwise, meaning } of table as readonly Entry[]) {
      expect(text).toContain(`### ${name}\n\n\`${syntax}\`\n`);
      expect(otherwise).not.toBe("");
      expect(meaning).toMatch(/\.$/);
    }
  }
});

test("each directive has one row beside Heartbeat, with what both do", () => {
  const names = HA_CF_DIRECTIVES.map(({ name }) => name);
  expect(Object.keys(HEARTBEAT_TABLE).toSorted()).toEqual(names.toSorted());
  for (const entry of HA_CF_DIRECTIVES as readonly Entry[]) {
    expect([entry.name, tandemDoes(entry)]).toEqual([entry.name, expect.stringMatching(/.{4}/)]);
    expect(HEARTBEAT_TABLE[entry.name]?.heartbeat).toMatch(/.{4}/);
  }
});

test("a row says only what the table of directives leaves open", () => {
  for (const { name, runs } of HA_CF_DIRECTIVES)
    expect([name, HEARTBEAT_TABLE[name]?.tandem === undefined]).toEqual([name, runs !== "yes"]);
});

test("the tests that the rows name are there", () => {
  for (const [name, { test: shown }] of Object.entries(HEARTBEAT_TABLE)) {
    const { file, title } = testOf(shown);
    expect([name, isThere(file)]).toEqual([name, true]);
    const isStory = file.startsWith("test/scenarios/");
    const isNamed = title === "" ? isStory || file.endsWith(".test.ts") : isTitleIn(file, title);
    expect([name, shown, isNamed]).toEqual([name, shown, true]);
  }
});

/** A row may leave the end of a long title out. */
function isTitleIn(file: string, title: string): boolean {
  const titles = [...readText(file).matchAll(/(["`])((?:\\.|(?!\1).)*)\1,\s*(?:async )?\(/g)];
  return titles.some((match) => (match[2] ?? "").replaceAll("\\`", "`").startsWith(title));
}
