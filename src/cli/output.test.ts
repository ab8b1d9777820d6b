import { Command } from "commander";
import { afterEach, expect, it, vi } from "vitest";
import { exitAfterUsage } from "./output.ts";
import { registerStandby } from "./standby.ts";
import { registerStatus } from "./status.ts";

afterEach(() => vi.restoreAllMocks());

it.each([
  ["a misspelt option", ["status", "--jsno"], 64],
  ["a misspelt word", ["standby", "locale"], 64],
  ["a command that is none", ["statsu"], 64],
  ["no command", [], 64],
  ["a question for help", ["status", "--help"], 0],
])("the exit status of %s is no verdict about the pair", async (_what, words, status) => {
  vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const program = new Command("tandem")
    .exitOverride(exitAfterUsage)
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  registerStatus(program);
  registerStandby(program);
  const run = program.parseAsync(words, { from: "user" });
  await expect(run).rejects.toThrow(`exit ${status}`);
});
