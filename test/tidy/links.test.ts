import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { documents, isThere, readText } from "./repository.ts";

/** Links out of a document that lead nowhere: a file that is not there, or a heading that is not in it. */
function brokenLinks(path: string, text: string): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
  return targets
    .filter((target) => !/^(https?|mailto):/.test(target))
    .filter((target) => {
      const [file = "", anchor] = target.split("#");
      const full = file === "" ? path : join(dirname(path), file);
      if (!isThere(full)) return true;
      return anchor !== undefined && !anchorsOf(readText(full)).includes(anchor);
    })
    .map((target) => `${path}: ${target}`);
}

/** As GitHub makes them: lower case, blanks to dashes, other signs gone. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .trim()
      .replace(/\s/g, "-"),
  );
}

test("relative links lead to files and headings that are there", () => {
  expect(documents().flatMap((path) => brokenLinks(path, readText(path)))).toEqual([]);
});

test("a link to a missing file or heading is found", () => {
  const text = "[a](nowhere.md) [b](README.md) [c](#not-there) [d](https://example.com/)";
  expect(brokenLinks("README.md", text)).toEqual([
    "README.md: nowhere.md",
    "README.md: #not-there",
  ]);
});
