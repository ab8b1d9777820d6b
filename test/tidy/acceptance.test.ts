import { expect, test } from "vitest";
import { codeOf, isThere, readText, rowsOf } from "./repository.ts";

const scripts = (JSON.parse(readText("package.json")) as { scripts: Record<string, string> })
  .scripts;

interface Row {
  readonly point: string;
  readonly place: string;
  readonly command: string;
  readonly commit: string;
  readonly date: string;
  readonly printed: string;
}

const rows: readonly Row[] = rowsOf(readText("docs/acceptance.md")).map(
  ([, point = "", place = "", command = "", commit = "", date = "", printed = ""]) => ({
    point,
    place,
    command,
    commit,
    date,
    printed,
  }),
);

const isDone = (row: Row): boolean => row.printed !== "not yet";

test("the table has a row for each point", () => {
  expect(rows.length).toBeGreaterThan(40);
  for (const row of rows) {
    expect(["CI", "bench", "acceptance", "by hand, once"]).toContain(row.place);
    expect(row.point.length).toBeGreaterThan(10);
  }
});

test("what is shown has a command, a commit and a date", () => {
  for (const row of rows.filter(isDone)) {
    expect(codeOf(row.command).length, row.point).toBeGreaterThan(0);
    expect(row.commit, row.point).toMatch(/^`[0-9a-f]{7,40}`$/);
    expect(row.date, row.point).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(row.printed, row.point).not.toBe("");
  }
});

test("what is not shown claims no commit and no date", () => {
  for (const row of rows.filter((one) => !isDone(one)))
    expect([row.commit, row.date]).toEqual(["", ""]);
});

test("each command's scripts and files are there", () => {
  for (const { command, point } of rows) {
    if (command === "not yet") continue;
    const code = codeOf(command);
    expect(code.length, point).toBeGreaterThan(0);
    for (const one of code) {
      const script = /npm run ([\w:-]+)/.exec(one)?.[1];
      if (script !== undefined) expect(Object.keys(scripts), point).toContain(script);
      for (const [path] of one.matchAll(
        /(?<![\w/])(?:test|src|bench|scripts|packaging|\.ci)\/[\w./-]+/g,
      ))
        expect(isThere(path), `${point}: ${path}`).toBe(true);
    }
  }
});
