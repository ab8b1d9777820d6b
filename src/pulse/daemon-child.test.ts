import type { ChildProcess, fork } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { DaemonChild } from "./daemon-child.ts";

/** A child whose start goes as `start` says. */
function childOf(start: () => ChildProcess) {
  const runDir = mkdtempSync(join(tmpdir(), "tandem-child-"));
  onTestFinished(() => rmSync(runDir, { recursive: true }));
  const gone: (readonly [number | undefined, string | undefined])[] = [];
  const callbacks = {
    message: () => {},
    gone: (code: number | undefined, signal: string | undefined) => gone.push([code, signal]),
  };
  const child = new DaemonChild(
    { configDir: "/etc/ha.d", runDir, stateDir: runDir },
    callbacks,
    start as unknown as typeof fork,
  );
  return { child, gone };
}

test("a machine without memory refuses the start: the daemon is gone, the pulse goes on", async () => {
  const { child, gone } = childOf(() => {
    throw Object.assign(new Error("spawn ENOMEM"), { code: "ENOMEM" });
  });
  child.start();
  expect(gone).toEqual([]);
  await nextTurn();
  expect(gone).toEqual([[undefined, undefined]]);
});

test("a signal that cannot be sent is no end of a daemon that runs", () => {
  const running = Object.assign(new EventEmitter(), { pid: 4242 }) as unknown as ChildProcess;
  const { child, gone } = childOf(() => running);
  child.start();
  running.emit("error", new Error("kill EPERM"));
  expect(gone).toEqual([]);
  running.emit("exit", null, "SIGKILL");
  expect(gone).toEqual([[undefined, "SIGKILL"]]);
});

test("a program that could not be started is gone", () => {
  const unstarted = new EventEmitter() as unknown as ChildProcess;
  const { child, gone } = childOf(() => unstarted);
  child.start();
  unstarted.emit("error", new Error("spawn ENOENT"));
  expect(gone).toEqual([[undefined, undefined]]);
});
