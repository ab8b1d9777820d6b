import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HeartbeatHere, inspectHeartbeat, inspectTandem } from "./heartbeat-here.ts";

let dir = "";
const at = (...parts: readonly string[]) => join(dir, ...parts);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tandem-heartbeat-"));
  for (const name of ["proc/28", "init.d", "units/multi-user.target.wants", "rc3.d", "state"])
    mkdirSync(at(name), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

const roots = () => ({
  initDir: at("init.d"),
  systemdDir: at("systemd"),
  unitDirs: [at("units")],
  bootDirs: { units: [at("units")], runlevels: [at("rc3.d")] },
});

const look = (): Promise<HeartbeatHere> =>
  inspectHeartbeat({
    configDir: dir,
    pidFiles: [at("nosuch.pid"), at("heartbeat.pid")],
    proc: at("proc"),
    heartbeatDir: at("state"),
    roots: roots(),
  });

describe("a Heartbeat on this machine", () => {
  it("runs where its pid file names a process that is one", async () => {
    writeFileSync(at("heartbeat.pid"), "   28\n");
    writeFileSync(at("proc/28/cmdline"), "heartbeat: master control process\0");
    expect((await look()).pid).toBe(28);
  });

  it.each([
    ["there is no pid file", undefined, "heartbeat: master control process\0"],
    ["the process is gone", "29\n", "heartbeat: master control process\0"],
    ["the number is another program's by now", "28\n", "/usr/bin/tail\0-f\0/var/log/heartbeat\0"],
    ["the pid file is garbage", "\xff\xfe\0", "heartbeat: master control process\0"],
  ])("does not run where %s", async (_, pid, words) => {
    if (pid !== undefined) writeFileSync(at("heartbeat.pid"), pid);
    writeFileSync(at("proc/28/cmdline"), words);
    expect((await look()).pid).toBeUndefined();
  });

  it("is started by its unit where systemd runs, else by its init script", async () => {
    writeFileSync(at("init.d/heartbeat"), "#!/bin/sh\n");
    chmodSync(at("init.d/heartbeat"), 0o755);
    writeFileSync(at("units/heartbeat.service"), "[Service]\n");
    expect((await look()).start.service).toEqual({
      kind: "init-script",
      path: at("init.d/heartbeat"),
    });
    mkdirSync(at("systemd"));
    expect((await look()).start.service).toEqual({ kind: "systemd", unit: "heartbeat.service" });
  });

  it("is started at boot where a runlevel or a target says so", async () => {
    expect((await look()).start).toEqual({ service: { kind: "none" }, atBoot: false });
    symlinkSync("/nowhere", at("rc3.d/S75heartbeat"));
    expect((await look()).start.atBoot).toBe(true);
  });

  it("that has a unit is not started by a runlevel", async () => {
    symlinkSync("/nowhere", at("rc3.d/S75heartbeat"));
    writeFileSync(at("units/heartbeat.service"), "[Service]\n");
    mkdirSync(at("systemd"));
    expect((await look()).start.atBoot).toBe(false);
    symlinkSync("/nowhere", at("units/multi-user.target.wants/heartbeat.service"));
    expect((await look()).start.atBoot).toBe(true);
  });

  it("has a uuid of 16 bytes, a generation, and perhaps a name of its own", async () => {
    writeFileSync(at("state/hb_uuid"), Buffer.from("00112233445566778899aabbccddeeff", "hex"));
    writeFileSync(at("state/hb_generation"), "1795342362\n");
    writeFileSync(at("nodeinfo"), "zeus.example.com\nmore\n");
    expect(await look()).toMatchObject({
      identity: { uuid: "00112233445566778899aabbccddeeff", generation: 1_795_342_362 },
      nodeInfo: "zeus.example.com",
    });
  });

  it("that cannot be told is left out, and a FIFO in the place of a file is not waited for", async () => {
    writeFileSync(at("state/hb_uuid"), "short");
    execFileSync("sh", ["-c", 'mkfifo "$0"', at("state/hb_generation")]);
    const { identity, nodeInfo } = await look();
    expect({ ...identity, nodeInfo }).toEqual({});
  });
});

describe("Tandem on this machine", () => {
  it("has the identity that it has stored", async () => {
    writeFileSync(at("state/uuid"), Buffer.alloc(16, 7));
    const { identity, start } = await inspectTandem({ stateDir: at("state"), roots: roots() });
    expect(identity.uuid).toBe("07".repeat(16));
    expect(start.service.kind).toBe("none");
  });
});
