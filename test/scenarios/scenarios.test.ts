import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfiguration } from "../../src/config/load.ts";
import type { ClusterConfig } from "../../src/config/types.ts";
import { playStory } from "../../src/sim/play-story.ts";
import { SHIPPED } from "../../src/sim/shipped.ts";
import { parseStory, shortNames } from "../../src/sim/story.ts";

/**
 * Each folder is a story: what happens (events.txt) and what everybody says then (expected.log).
 * UPDATE_STORIES=1 writes the expectation anew; the review reads the difference.
 */
const FOLDER = import.meta.dirname;
const STORIES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

test("there are stories, and each says in a sentence what it is about", () => {
  expect(STORIES.length).toBeGreaterThanOrEqual(25);
  for (const name of STORIES) {
    const sentence = readFileSync(join(FOLDER, name, "README.md"), "utf8").trim();
    expect(sentence, name).toMatch(/^[A-Z].{20,}\.$/s);
  }
});

for (const name of STORIES) {
  test(name.replaceAll("-", " "), () => {
    const config = configOf(name);
    const { story, mistakes } = parseStory(read(name, "events.txt"), shortNames(config));
    expect(mistakes).toEqual([]);
    if (story === undefined) return;
    const { lines, violation } = playStory(story, config, SHIPPED);
    expect(violation).toBeUndefined();
    const told = `${lines.join("\n")}\n`;
    const expectation = join(FOLDER, name, "expected.log");
    if (process.env["UPDATE_STORIES"] === "1") writeFileSync(expectation, told);
    else expect(told).toBe(readFileSync(expectation, "utf8"));
  });
}

function configOf(name: string): ClusterConfig {
  const { config, diagnostics } = readConfiguration(
    {
      hacf: fileOf(name, "ha.cf"),
      haresources: fileOf(name, "haresources"),
      authkeys: fileOf(name, "authkeys"),
      tandemcf: fileOf(name, "tandem.cf"),
    },
    undefined,
  );
  if (config === undefined) throw new Error(`${name}: ${JSON.stringify(diagnostics, null, 2)}`);
  return config;
}

function fileOf(story: string, file: string) {
  const name = join(FOLDER, story, file);
  if (!existsSync(name)) return { kind: "missing", name } as const;
  return { kind: "text", name, text: read(story, file), mode: 0o600 } as const;
}

function read(story: string, file: string): string {
  return readFileSync(join(FOLDER, story, file), "utf8");
}
