import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LogFile } from "./log-file.ts";
import { logLine } from "./log-line.ts";
import { RepeatFilter } from "./repeat-filter.ts";

const source = { node: "zeus.example.com", pid: 28 };
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tandem-log-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function open(trouble: (what: string) => void = () => {}): LogFile {
  const config = { logfile: join(dir, "ha-log"), debugfile: join(dir, "ha-debug") };
  return new LogFile({ ...config, logfacility: undefined }, source, trouble);
}
const lines = (name: string) => readFileSync(join(dir, name), "utf8").trimEnd().split("\n");

describe("a line of the log", () => {
  it("has Heartbeat's shape", () => {
    const at = new Date(2026, 10, 2, 9, 2, 41);
    expect(logLine(source, at, "WARN", "node hera.example.com: is dead")).toBe(
      "Nov 02 09:02:41 zeus.example.com tandem: [28]: WARN: node hera.example.com: is dead\n",
    );
  });

  it("is one line whatever is in it", () => {
    const line = logLine(source, new Date(), "info", "a\nNov 22 zeus tandem: forged\u001b[2J");
    expect(line.split("\n")).toHaveLength(2);
    expect(line).not.toContain("\u001b");
  });
});

describe("the log", () => {
  it("keeps debug lines to the debug file, and everything else in both", async () => {
    const log = open();
    log.write("debug", "detail");
    log.write("info", "news");
    await log.settled();
    expect(lines("ha-log").map((line) => line.split(": ").slice(2))).toEqual([["info", "news"]]);
    expect(lines("ha-debug")).toHaveLength(2);
  });

  it("goes on in a new file when the old one was rotated away", async () => {
    const log = open();
    log.write("info", "one");
    await log.settled();
    renameSync(join(dir, "ha-log"), join(dir, "ha-log.1"));
    log.write("info", "two");
    await log.settled();
    expect(lines("ha-log")).toHaveLength(1);
  });

  it("counts what it had to leave out, and tells of its trouble once", async () => {
    const troubles: string[] = [];
    const log = open((what) => troubles.push(what));
    rmSync(dir, { recursive: true });
    log.write("info", "lost");
    await log.settled();
    log.write("info", "lost too");
    await log.settled();
    expect(troubles).toHaveLength(2); // one for each file
  });

  it("that is flooded while the disk is slow says how many lines are missing", async () => {
    const log = open();
    for (let count = 0; count < 5_000; count++) log.write("info", `line ${count}`);
    await log.settled();
    log.write("info", "after the flood");
    await log.settled();
    const text = lines("ha-log").join("\n");
    const missing = Number(/(\d+) lines are missing here/.exec(text)?.[1]);
    expect(missing + lines("ha-log").length).toBe(5_000 + 1 + 1);
  });
});

describe("the same sentence over and over", () => {
  it("is logged five times, then counted", () => {
    const filter = new RepeatFilter();
    const passed = Array.from({ length: 50 }, (_, at) => filter.pass("again", at)).flat();
    expect(passed).toHaveLength(5);
    expect(filter.pass("other", 10_000)).toEqual(["again (45 more times)", "other"]);
  });

  it("does not silence others, however many there are", () => {
    const filter = new RepeatFilter();
    for (let at = 0; at < 1_000; at++) expect(filter.pass(`line ${at}`, 0)).toHaveLength(1);
  });
});
