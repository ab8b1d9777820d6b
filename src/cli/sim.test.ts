import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { expect, it } from "vitest";
import { registerSim, tellStory } from "./sim.ts";

const tutorial = fileURLToPath(new URL("../../test/tutorial", import.meta.url));

it("a folder without events.txt is no story: exit 2, with what is missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-sim-"));
  try {
    cpSync(tutorial, folder, { recursive: true });
    let text = "";
    expect(await tellStory(folder, { write: (more) => (text += more) })).toBe(2);
    expect(text).toBe(
      `${folder}/events.txt: the file is not there: a story is a folder with this file in it\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each([
  ["--seed", "0x1f"],
  ["--runs", "many"],
  ["--seconds", "-1"],
])("%s %s is refused, and nothing is simulated", async (option, word) => {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  registerSim(program);
  const run = program.parseAsync(["sim", option, word], { from: "user" });
  await expect(run).rejects.toThrow("Write a whole number.");
});
