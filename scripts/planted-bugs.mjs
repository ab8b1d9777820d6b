// Plants one bug at a time in a copy of the core and lets the simulator look for it: a checker that
// finds nothing proves little until it has found something. Each test/sim/planted/NAME.patch says why
// it is a mistake that somebody could make, and the seed to begin with; or, where storms meet it too
// seldom, the story of test/scenarios that has to find it.
//
//     npm run planted-bugs -- [NAME ...] [--seconds N] [--fresh]
//
// `--seconds`: for each bug, by the clock on the wall. `--fresh`: seeds that nobody chose.
// Exit status: 0 each was found and its seeds or story hold without it, 1 one was not, 3 git is lacking.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

const root = resolve(import.meta.dirname, "..");
const patches = join(root, "test/sim/planted");
const stories = join(root, "test/scenarios");
/** A bug that freezes a loop never gets to its own look at the clock. */
const FROZEN_MS = 60_000;
/** As the build, without what the simulator does not import: most of the time is the compiler's. */
const ENTRIES = [
  "src/sim/run.ts",
  "src/sim/shipped.ts",
  "src/sim/play-story.ts",
  "src/config/load.ts",
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "60" },
    fresh: { type: "boolean", default: false },
  },
});
process.exitCode = await main();

async function main() {
  if (spawnSync("git", ["--version"]).status !== 0) {
    console.error("LACK git: the bugs are planted with `git apply`");
    return 3;
  }
  const bugs = readBugs();
  const folder = mkdtempSync(join(tmpdir(), "tandem-planted-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      remove();
      process.exit(1);
    });
  }
  try {
    prepare(folder);
    let missed = 0;
    for (const bug of bugs) missed += (await look(folder, bug)) ? 0 : 1;
    console.log(`${bugs.length - missed} of ${bugs.length} planted bugs found`);
    return bugs.length > 0 && missed === 0 ? 0 : 1;
  } finally {
    remove();
  }
}

function readBugs() {
  const names = readdirSync(patches)
    .filter((file) => file.endsWith(".patch"))
    .map((file) => basename(file, ".patch"));
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no such patch in ${patches}: ${unknown.join(", ")}`);
  return names
    .filter((name) => positionals.length === 0 || positionals.includes(name))
    .map((name) => {
      const file = join(patches, `${name}.patch`);
      const text = readFileSync(file, "utf8");
      const why = /^why: (.+)$/m.exec(text)?.[1];
      const seed = /^seed: (\d+)$/m.exec(text)?.[1];
      const story = /^story: (.+)$/m.exec(text)?.[1];
      if (why === undefined || (seed === undefined) === (story === undefined)) {
        throw new Error(
          `${file}: begins with a line "why: …" and a line "seed: NUMBER" or "story: NAME"`,
        );
      }
      return { name, file, why, story, seed: values.fresh ? freshSeed() : Number(seed) };
    });
}

/** Of those that may draw ping nodes (src/sim/run.ts). */
function freshSeed() {
  return 1_000_000_000 + (Date.now() % 2_000_000_000);
}

/** The sources without a bug, compiled, and kept beside those that will get one. */
function prepare(folder) {
  for (const file of ["src", "package.json", "tsconfig.json", "tsconfig.build.json"]) {
    cpSync(join(root, file), join(folder, file), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const config = { extends: "./tsconfig.build.json", include: [], files: ENTRIES };
  writeFileSync(join(folder, "tsconfig.planted.json"), JSON.stringify(config));
  const mistakes = compile(folder);
  if (mistakes !== undefined) throw new Error(`these sources do not compile:\n${mistakes}`);
  mkdirSync(join(folder, "sound"));
  cpSync(join(folder, "dist"), join(folder, "sound"), { recursive: true });
}

/** Undefined: compiled. The second time only what depends on the bug. */
function compile(folder) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = ["-p", "tsconfig.planted.json", "--incremental", "--noEmitOnError"];
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, ...options, "--tsBuildInfoFile", "built.json"],
    { cwd: folder, encoding: "utf8" },
  );
  return status === 0 ? undefined : stdout;
}

function apply(folder, file, ...options) {
  // A folder for temporary files inside some repository: git would silently leave the patch out.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) };
  delete env.GIT_DIR;
  const { status, stderr } = spawnSync("git", ["apply", "-p1", ...options, file], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
  return status === 0 ? undefined : stderr;
}

/** True when the bug was found, and only with the bug. */
async function look(folder, { name, file, why, seed, story }) {
  console.log(`\n${name}: ${why}`);
  const refusal = apply(folder, file);
  if (refusal !== undefined) return complain(`the patch does not apply any more:\n${refusal}`);
  try {
    const mistakes = compile(folder);
    if (mistakes !== undefined) return complain(`it does not compile any more:\n${mistakes}`);
    return await (story === undefined ? findBySeeds(folder, seed) : findByStory(folder, story));
  } finally {
    const stuck = apply(folder, file, "--reverse");
    if (stuck !== undefined) console.error(stuck);
  }
}

async function findBySeeds(folder, seed) {
  const seconds = Number(values.seconds);
  const hunt = (dist, seedMax) =>
    work("hunt-seeds.mjs", { dist: join(folder, dist), seed, seedMax, seconds });
  const found = await hunt("dist", Infinity);
  console.log(
    `  from seed ${seed}: ${found.runs} runs, ${found.faults} faults, ${(found.elapsedMs / 1000).toFixed(1)} s`,
  );
  if (found.rule === undefined) return complain("NOT FOUND");
  console.log(`  found by seed ${found.seed}: ${found.rule}: ${firstLine(found.text)}`);
  const sound = await hunt("sound", found.seed);
  if (sound.rule !== undefined) {
    return complain(`seed ${sound.seed} without the bug: ${sound.rule}: ${firstLine(sound.text)}`);
  }
  if (sound.runs < found.runs) return complain("no time to run the same seeds without the bug");
  console.log("  the same seeds without the bug: every rule held");
  return true;
}

async function findByStory(folder, name) {
  const play = (dist) =>
    work("play-story.mjs", { dist: join(folder, dist), story: join(stories, name) });
  const found = await play("dist");
  if (found.rule === undefined) return complain(`NOT FOUND by the story ${name}`);
  console.log(`  found by the story ${name}: ${found.rule}: ${firstLine(found.text)}`);
  const sound = await play("sound");
  if (sound.rule !== undefined) {
    return complain(`the story without the bug: ${sound.rule}: ${firstLine(sound.text)}`);
  }
  console.log("  the same story without the bug: every rule held");
  return true;
}

/** Of a loop that threw, without where. */
function firstLine(text) {
  return text.split("\n", 1)[0];
}

function complain(text) {
  console.log(`  ${text}`);
  return false;
}

/** In a thread of its own: each compiled copy is its own set of modules, and a frozen one can be ended. */
async function work(script, workerData) {
  const worker = new Worker(join(root, "scripts", script), { workerData });
  const frozen = setTimeout(() => worker.terminate(), Number(values.seconds) * 1000 + FROZEN_MS);
  try {
    return await new Promise((found, failed) => {
      worker.once("message", found);
      worker.once("error", failed);
      worker.once("exit", () => failed(new Error("the simulator is frozen")));
    });
  } finally {
    clearTimeout(frozen);
    await worker.terminate();
  }
}
