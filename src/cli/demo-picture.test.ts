import { expect, test } from "vitest";
import type { StepResult } from "../lab/story/play.ts";
import { steps } from "../lab/story/steps.ts";
import { ansi, drawScene, plain } from "./demo-picture.ts";
import { binsOf, type Scene } from "./demo-scene.ts";
import { clip } from "./demo-screen.ts";
import { resultTable } from "./demo-table.ts";

const scene: Scene = {
  about: "as root",
  nodes: {
    zeus: { name: "zeus.example.com", says: "no power", lan: "up" },
    hera: { name: "hera.example.com", says: "serves", lan: "pulled" },
  },
  crossover: "dead",
  nullModem: "one way",
  servedBy: "hera",
  pings: ["answered", "silent", "some"],
  sent: 300,
  lost: 12,
  pages: 30,
  pagesFailed: 0,
  now: "zeus loses its power",
  expected: "hera takes over",
  sentences: [{ node: "hera", at: 1, text: "group 192.168.43.53: taking it" }],
  done: [],
};

const [start, powerCut] = steps;
if (start === undefined || powerCut === undefined) throw new Error("the story is empty");

const result = (over: Partial<StepResult>): StepResult => ({
  step: start,
  ok: true,
  problem: undefined,
  slow: undefined,
  measured: undefined,
  owner: "zeus",
  sentences: [],
  ...over,
});

const measured = {
  from: 0,
  until: 5000,
  sent: 500,
  lost: 203,
  silenceMs: 2034.4,
  silence: { from: 1, until: 2035.4 },
  pages: 50,
  pagesFailed: 19,
  doubled: [],
  servedBy: ["hera" as const],
};

test("the picture shows owner, cables, what the client loses, and why", () => {
  const text = drawScene(scene, plain).join("\n");
  for (const shown of [
    "● serves",
    "✗ no power",
    "dead",
    "one way",
    "is answered by hera",
    "▪·▫",
    "300 sent, 12 lost",
    "zeus loses its power",
    "hera: group 192.168.43.53: taking it",
  ])
    expect(text).toContain(shown);
});

test("the boxes stand under each other, with and without colours", () => {
  const coloured = drawScene(scene, ansi).map((line) => clip(line, 1000));
  const bare = drawScene(scene, plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  expect(coloured.map((line) => line.replace(/\x1b\[[0-9;]*m/g, ""))).toEqual(bare);
  const walls = bare.slice(2, 7).map((line) => line.length);
  expect(new Set(walls).size).toBe(1);
});

test("a line is cut to the terminal's width, escape sequences aside", () => {
  expect(clip("\x1b[32mabcdef\x1b[0mgh", 4)).toBe("\x1b[32mabcd\x1b[0m");
  expect(clip("abc", 4)).toBe("abc");
});

test("pings are shown as they fared in each tenth of a second", () => {
  const pings = [
    { sequence: 0, sentAt: 4710, answeredAt: 4711 },
    { sequence: 1, sentAt: 4810, answeredAt: 4811 },
    { sequence: 2, sentAt: 4850 },
    { sequence: 3, sentAt: 4910 },
  ];
  expect(binsOf(pings, 5000).slice(-4)).toEqual(["silent", "answered", "some", "silent"]);
});

test("the table has a line for each event, and says what was not as expected", () => {
  const table = resultTable(
    [
      result({ ok: false, problem: "not played: the pair at rest: not within 30 s" }),
      result({ step: powerCut, measured, owner: "hera" }),
    ],
    plain,
  ).split("\n");
  expect(table[1]).toMatch(/^start: .* - +- +- +zeus +NOT as expected \(.*\): not played/);
  expect(table[2]).toMatch(
    /^power-cut: .* 2034 ms +203 of 500 +19 of 50 +hera +ok: hera takes over/,
  );
});
