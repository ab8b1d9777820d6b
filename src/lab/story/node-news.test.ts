import { expect, test } from "vitest";
import { readLogLine } from "./node-news.ts";

test("a line of ha-log has a level and a text", () => {
  expect(
    readLogLine(5, "Nov  2 10:12:41 hera.example.com tandem: [28]: WARN: node zeus: is dead"),
  ).toEqual({
    at: 5,
    level: "WARN",
    text: "node zeus: is dead",
  });
});

test("what has another shape is kept whole", () => {
  expect(readLogLine(5, "x")).toEqual({ at: 5, level: "", text: "x" });
});
