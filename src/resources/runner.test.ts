import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { howItEnded, lastLine, OUTPUT_BYTES_MAX, run } from "./runner.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "tandem-runner-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function script(name: string, body: string): string {
  const path = join(dir, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

const soon = { deadlineMs: 10_000 };

describe("a script's action", () => {
  it("gives its exit code and what it said on both channels", async () => {
    const path = script("says", 'echo "out $1"; echo "err" >&2; exit 3');
    const result = await run(path, ["status"], soon);
    expect(result).toMatchObject({ code: 3, signal: undefined, timedOut: false });
    expect(result.output).toContain("out status");
    expect(result.output).toContain("err");
  });

  it("that is not there is a result, not an exception", async () => {
    const result = await run(join(dir, "nobody"), ["start"], soon);
    expect(result).toMatchObject({ code: undefined, spawnError: "ENOENT" });
    expect(howItEnded(result)).toBe("cannot be run: ENOENT");
  });

  it("that may not be executed is a result too", async () => {
    const path = script("plain", "exit 0");
    chmodSync(path, 0o644);
    expect(await run(path, [], soon)).toMatchObject({ spawnError: "EACCES" });
  });

  it("that hangs and ignores TERM is ended with its whole group", async () => {
    const pidFile = join(dir, "grandchild.pid");
    const path = script(
      "hangs",
      `trap '' TERM; sh -c 'trap "" TERM; echo $$ > ${pidFile}; while :; do sleep 1; done' & wait; while :; do sleep 1; done`,
    );
    const result = await run(path, [], { deadlineMs: 500, graceMs: 100 });
    expect(result.timedOut).toBe(true);
    expect(howItEnded(result)).toContain("its process group was ended");
    expect(isRunning(Number(readFileSync(pidFile, "utf8")))).toBe(false);
  });

  it("whose service forks away and keeps the pipes open is over when the script is", async () => {
    const path = script("daemonises", "sleep 30 & echo $!; exit 0");
    const result = await run(path, ["start"], soon);
    const service = Number(lastLine(result.output));
    expect(result).toMatchObject({ code: 0, timedOut: false });
    expect(isRunning(service)).toBe(true);
    process.kill(service);
  });

  it("leaves a service that goes on writing to its pipe alive", async () => {
    const flag = join(dir, "wrote");
    const path = script(
      "chatty",
      `(while [ ! -e ${flag}.go ]; do sleep 0.02; done; echo later; echo ok > ${flag}) & exit 0`,
    );
    await run(path, ["start"], soon);
    writeFileSync(`${flag}.go`, "");
    await waitFor(() => existsSync(flag));
    expect(readFileSync(flag, "utf8")).toBe("ok\n");
  });

  it("that prints megabytes is read to its end and kept to a bound", async () => {
    const path = script("loud", "head -c 8000000 /dev/zero | tr '\\0' x; exit 0");
    const result = await run(path, [], soon);
    expect(result.code).toBe(0);
    expect(result.output.length).toBe(OUTPUT_BYTES_MAX);
  });

  it("gets a clean environment and nothing of ours", async () => {
    process.env["TANDEM_SECRET_TEST"] = "x";
    const path = script("env", "env; pwd");
    const { output } = await run(path, [], { ...soon, env: { HA_NODE: "zeus" } });
    delete process.env["TANDEM_SECRET_TEST"];
    expect(output).not.toContain("TANDEM_SECRET_TEST");
    expect(output).toContain("HA_NODE=zeus");
    expect(lastLine(output)).toBe("/");
  });

  it("that dies of a signal says which", async () => {
    const result = await run(script("dies", "kill -9 $$"), [], soon);
    expect(howItEnded(result)).toBe("killed by SIGKILL");
  });
});

it("the last line is bounded and free of terminal controls", () => {
  expect(lastLine("a\n\u001b[31mred\u0007\n\n")).toBe("[31mred");
  expect(lastLine("y".repeat(5000)).length).toBe(200);
});

function isRunning(pid: number): boolean {
  try {
    // A zombie that init has not reaped yet has ended all the same.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
