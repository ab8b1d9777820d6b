import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { quickTimers, tutorialFiles } from "./files.ts";

const printed = (name: string): string =>
  readFileSync(new URL(`../../../test/tutorial/${name}`, import.meta.url), "utf8");

test("the files are those of the tutorial, byte for byte", () => {
  const files = tutorialFiles();
  expect(Object.keys(files)).toEqual(["ha.cf", "haresources", "authkeys"]);
  for (const [name, text] of Object.entries(files)) expect(text).toBe(printed(name));
});

test("other timers change four numbers and nothing else", () => {
  const quick = tutorialFiles(quickTimers)["ha.cf"]?.split("\n") ?? [];
  const changed = quick.filter((line, index) => line !== printed("ha.cf").split("\n")[index]);
  expect(changed).toEqual(["keepalive 200ms", "warntime 600ms", "deadtime 2", "initdead 10"]);
});
