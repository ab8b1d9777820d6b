import { expect, test } from "vitest";
import { filesOf, foldersOf, isThere, readText } from "./repository.ts";

/** Longer than this, a file holds a second idea. Tables of sentences are not read from top to bottom. */
const LINES_MAX = 400;
const TABLES = "src/base/errors/";

/** The folders and files that know no clock, no chance, no I/O (.dependency-cruiser.mjs says it of imports). */
const PURE = /^src\/(base|wire|config|core|sim)\/|^src\/pulse\/loop|^src\/daemon\/node\.ts$/;

const sources = filesOf("src").filter((path) => path.endsWith(".ts"));

test("src has files to look at", () => {
  expect(sources.filter((path) => PURE.test(path)).length).toBeGreaterThan(50);
});

test("no file of src is longer than the eye can keep", () => {
  const long = sources
    .filter((path) => !path.startsWith(TABLES))
    .filter((path) => readText(path).split("\n").length - 1 > LINES_MAX);
  expect(long).toEqual([]);
});

test("Math.random appears nowhere in src: chance is a seeded generator, or comes from the kernel", () => {
  expect(sources.filter((path) => /Math\.random/.test(readText(path)))).toEqual([]);
});

test("the pure folders read no clock", () => {
  const clocks = /Date\.now|new Date\(\)|performance\.now|process\.hrtime/;
  const found = sources.filter((path) => PURE.test(path) && clocks.test(readText(path)));
  expect(found).toEqual([]);
});

test("no file names a path of the machine it was written on", () => {
  // In two parts, so that this file is not among them.
  const homes = ["work", "root", "home"].map((name) => `(?<![\\w.~}*-])/${name}/`);
  const paths = new RegExp(homes.join("|"));
  const texts = filesOf().filter((path) => !/\.(gz|png|gif)$/.test(path));
  expect(texts.filter((path) => paths.test(readText(path)))).toEqual([]);
});

test("every story says in its README what it tells", () => {
  const stories = foldersOf("test/scenarios").map((name) => `test/scenarios/${name}/README.md`);
  expect(stories.filter((path) => !isThere(path))).toEqual([]);
});
