import { expect, it } from "vitest";
import { onChange } from "./medium.ts";

it("a state is told when it is another than the last, in usability or in words", () => {
  const told: string[] = [];
  const tell = onChange((usable, detail) => told.push(`${usable} ${detail}`));
  tell(false, "no carrier");
  tell(false, "no carrier");
  tell(true, "open");
  tell(true, "open");
  tell(false, "no carrier");
  tell(false, "no such interface");
  expect(told).toEqual([
    "false no carrier",
    "true open",
    "false no carrier",
    "false no such interface",
  ]);
});
