import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { claimRunDir, releaseRunDir } from "./pid-file.ts";

let runDir: string;
let other: ChildProcess | undefined;

beforeEach(() => {
  runDir = mkdtempSync(join(tmpdir(), "tandem-run-"));
});

afterEach(() => {
  other?.kill("SIGKILL");
  other = undefined;
  rmSync(runDir, { recursive: true, force: true });
});

const pidFile = () => join(runDir, "tandemd.pid");

/** A process whose arguments name a tandemd. */
function livingTandemd(): ChildProcess {
  other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "/usr/sbin/tandemd"]);
  return other;
}

it("claims a fresh run directory with our pid, and leaves nothing behind", () => {
  claimRunDir(runDir);
  expect(readFileSync(pidFile(), "utf8")).toBe(`${process.pid}\n`);
  expect(readdirSync(runDir)).toEqual(["tandemd.pid"]);
  releaseRunDir(runDir);
  expect(readdirSync(runDir)).toEqual([]);
});

it("refuses while another tandemd lives, and names its pid", async () => {
  const living = livingTandemd();
  await once(living, "spawn");
  writeFileSync(pidFile(), `${living.pid}\n`);
  expect(() => claimRunDir(runDir)).toThrow(`pid ${living.pid}`);
  releaseRunDir(runDir);
  expect(existsSync(pidFile())).toBe(true);
});

it("replaces the pid of a tandemd that was killed, of another program, and what is no pid", async () => {
  const killed = livingTandemd();
  await once(killed, "spawn");
  killed.kill("SIGKILL");
  await once(killed, "exit");
  for (const left of [`${killed.pid}\n`, `${process.ppid}\n`, "", "-1", "garbage"]) {
    writeFileSync(pidFile(), left);
    claimRunDir(runDir);
    expect(readFileSync(pidFile(), "utf8")).toBe(`${process.pid}\n`);
  }
});
