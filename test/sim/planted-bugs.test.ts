import { type ExecFileException, execFile, spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const isCi = process.env["CI"] === "true";
const isAsked = isCi || process.env["TANDEM_PLANTED"] === "1";
const hasGit = spawnSync("git", ["--version"], { stdio: "ignore" }).status === 0;
/** The continuous integration has git (.ci/run): there its lack is a failure. */
const leftOut = !isAsked
  ? " (left out: TANDEM_PLANTED=1 or CI=true asks for it)"
  : !hasGit && !isCi
    ? " (left out: LACK git, which plants them)"
    : "";

/** All bugs together: some seconds each, and the time of the compiler. */
const PLANTED_MS_MAX = 550_000;

const name = `the bugs of test/sim/planted are found, and their seeds and stories hold without them${leftOut}`;
// A reporter may name only what it ran.
if (leftOut !== "") console.log(name);

test.skipIf(leftOut !== "")(name, async () => {
  const { error, output } = await runPlantedBugs();
  console.log(output);
  expect(error, output).toBeNull();
  expect(Number(/^(\d+) of \1 planted bugs found$/m.exec(output)?.[1])).toBeGreaterThanOrEqual(3);
});

function runPlantedBugs(): Promise<{ error: ExecFileException | null; output: string }> {
  return new Promise((done) => {
    const options = { timeout: PLANTED_MS_MAX, encoding: "utf8" as const };
    execFile("node", ["scripts/planted-bugs.mjs"], options, (error, stdout, stderr) =>
      done({ error, output: `${stdout}${stderr}` }),
    );
  });
}
