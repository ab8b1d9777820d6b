import { expect, test } from "vitest";
import { ODDITIES } from "../../src/core/channel/oddities.ts";
import { filesOf, readText, rowsOf, sectionOf } from "./repository.ts";

const sources = filesOf("src")
  .filter((path) => /\.ts$/.test(path) && !/\.test\.ts$/.test(path))
  .map(readText)
  .join("\n");

/** The fixed words of a sentence of the log, where `…` stands for what changes. */
function fixedWords(sentence: string): readonly string[] {
  return sentence
    .split("…")
    .map((part) => part.trim())
    .filter((part) => part.length >= 6);
}

test("each sentence of the log that the manual explains is one that the code says", () => {
  const page = sectionOf(readText("docs/operating.md"), "## What the log says");
  const sentences = rowsOf(page).map(([sentence = ""]) => sentence.replaceAll("`", ""));
  expect(sentences.length).toBeGreaterThan(15);
  const strange = sentences.filter(
    (sentence) =>
      fixedWords(sentence).length === 0 ||
      !fixedWords(sentence).every((part) => sources.includes(part)),
  );
  expect(strange).toEqual([]);
});

test("each reason by which something is thrown away is explained, and no other", () => {
  const page = sectionOf(readText("docs/operating.md"), "## What is thrown away");
  const explained = rowsOf(page).flatMap(([reasons = ""]) =>
    reasons.replaceAll("`", "").split(", "),
  );
  expect(explained.toSorted()).toEqual(ODDITIES.toSorted());
});
