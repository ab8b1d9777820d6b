import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { groupName, nodeName } from "../base/names.ts";
import type { ClusterConfig, ScriptConfig } from "../config/types.ts";
import { GroupResources } from "./group-resources.ts";

let configDir = "";
beforeEach(() => {
  configDir = mkdtempSync(join(tmpdir(), "tandem-group-"));
  mkdirSync(join(configDir, "resource.d"));
});
afterEach(() => rmSync(configDir, { recursive: true, force: true }));

const group = groupName("web");

let isStopping = false;
beforeEach(() => {
  isStopping = false;
});

function resources(...scripts: readonly string[]): GroupResources {
  const config = {
    timers: { keepaliveMs: 2_000, warntimeMs: 6_000, deadtimeMs: 12_000, initdeadMs: 150_000 },
    groups: [
      {
        name: group,
        preferred: nodeName("zeus"),
        resources: scripts.map(
          (script): ScriptConfig => ({ kind: "script", name: script, script, args: ["a"] }),
        ),
      },
    ],
  };
  const machine = { isStopping: () => Promise.resolve(isStopping) };
  return new GroupResources(config as unknown as ClusterConfig, configDir, machine);
}

function script(name: string, body: string): void {
  const path = join(configDir, "resource.d", name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

describe("operations on a group", () => {
  it("of one resource come one after the other, in the order they were asked", async () => {
    const diary = join(configDir, "diary");
    script(
      "web",
      `echo "begin $2" >> ${diary}; sleep 0.1; echo "end $2" >> ${diary}; echo running`,
    );
    const group_ = resources("web");
    await Promise.all([
      group_.operate({ group, index: 0, op: "status" }),
      group_.operate({ group, index: 0, op: "stop" }),
    ]);
    expect(readFileSync(diary, "utf8").trimEnd().split("\n")).toEqual([
      "begin status",
      "end status",
      "begin stop",
      "end stop",
    ]);
  });

  it("tell of a script that is nowhere, with the places", async () => {
    const result = await resources("nosuch").operate({ group, index: 0, op: "start" });
    expect(result).toMatchObject({ ok: false, state: "stopped" });
    expect(result.detail).toContain(join(configDir, "resource.d", "nosuch"));
  });

  it("find a script that was installed while we run", async () => {
    const late = resources("late");
    expect((await late.operate({ group, index: 0, op: "start" })).ok).toBe(false);
    script("late", "echo running");
    expect((await late.operate({ group, index: 0, op: "start" })).ok).toBe(true);
  });
});

it("a group without an address has no leases and no service interface", () => {
  expect(resources("web").leasesOf(group, 1)).toEqual([]);
  expect(resources("web").faceOf(group)).toBeUndefined();
});

describe("while the machine shuts down", () => {
  it("nothing is started, and everything can be stopped", async () => {
    script("web", `echo "$2" >> ${join(configDir, "calls")}`);
    const group_ = resources("web");
    isStopping = true;
    const started = await group_.operate({ group, index: 0, op: "start" });
    expect(started).toMatchObject({
      ok: false,
      detail: "the machine is shutting down: nothing is started",
    });
    await group_.operate({ group, index: 0, op: "stop" });
    expect(readFileSync(join(configDir, "calls"), "utf8")).toMatch(/^stop$/m);
    expect(readFileSync(join(configDir, "calls"), "utf8")).not.toMatch(/start/);
  });
});
