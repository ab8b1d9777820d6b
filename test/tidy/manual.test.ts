import { expect, test } from "vitest";
import { HA_CF_DIRECTIVES } from "../../src/config/directives.ts";
import { TANDEM_CF_DIRECTIVES } from "../../src/config/tandem-cf.ts";
import { pageOrRewrite } from "./generated.ts";
import { type Entry, HA_CF_SECTIONS, haCfPage, tandemCfPage } from "./manual.ts";
import { readText } from "./repository.ts";

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
