import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { LsbScript } from "../../src/resources/lsb.ts";
import { SystemdUnit } from "../../src/resources/systemd.ts";
import { orderUnitsBehindUs } from "../../src/resources/systemd-order.ts";
import { isMachineStopping } from "../../src/resources/systemd-state.ts";
import { type ResourceUnderTest, resourceContract } from "./resource.ts";

const dirs: string[] = [];
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

const deadlines = { startMs: 300, stopMs: 300, statusMs: 5_000 };

/** A directory whose files are the service's state: `running`, `broken`, `hang`. */
function world(script: string): ResourceUnderTest & { dir: string; path: string } {
  const dir = mkdtempSync(join(tmpdir(), "tandem-resource-"));
  dirs.push(dir);
  const path = join(dir, "program");
  writeFileSync(path, `#!/bin/sh\nD=${dir}\n${script}`);
  chmodSync(path, 0o755);
  const touch = (name: string) => writeFileSync(join(dir, name), "");
  return {
    dir,
    path,
    resource: new LsbScript({ path, args: [], dialect: "lsb", deadlines }),
    breakStart: () => touch("broken"),
    hang: () => touch("hang"),
    kill: () => rmSync(join(dir, "running"), { force: true }),
  };
}

const lsb = `
[ -e $D/hang ] && [ "$1" != status ] && sleep 30
case "$1" in
  start) [ -e $D/broken ] && { echo "Syntax error on line 12" >&2; exit 6; }; : > $D/running ;;
  stop) rm -f $D/running ;;
  status) [ -e $D/running ] || exit 3 ;;
  *) exit 2 ;;
esac
`;

/** Heartbeat's kind: words instead of exit codes, and an argument before the action. */
const heartbeat = `
[ "$1" = arg ] || exit 2
[ -e $D/hang ] && [ "$2" != status ] && sleep 30
case "$2" in
  start) [ -e $D/broken ] && { echo "ERROR:  Generic error"; exit 1; }; : > $D/running ;;
  stop) rm -f $D/running ;;
  status) if [ -e $D/running ]; then echo "INFO:  Running OK"; else echo "INFO:  Resource is stopped"; fi ;;
esac
exit 0
`;

/** As systemd 252 says it. */
const FAILED_JOB = `Job for web.service failed because the control process exited with error code.
See "systemctl status web.service" and "journalctl -xeu web.service" for details.
`;

const systemctl = `
echo "$@" >> $D/calls
[ "$1" = --no-ask-password ] || exit 64
shift
case "$1" in
  start)
    [ -e $D/hang ] && sleep 30
    [ -e $D/broken ] && { : > $D/failed; cat $D/said >&2; exit 1; }
    : > $D/running ;;
  stop)
    [ -e $D/hang ] && sleep 30
    rm -f $D/running ;;
  kill) rm -f $D/running ;;
  show)
    if [ -e $D/running ]; then printf 'ActiveState=active\\nSubState=running\\nResult=success\\nMainPID=42\\n'
    elif [ -e $D/failed ]; then printf 'ActiveState=failed\\nSubState=failed\\nResult=exit-code\\nMainPID=0\\n'
    else printf 'ActiveState=inactive\\nSubState=dead\\nResult=success\\nMainPID=0\\n'; fi ;;
  daemon-reload) ;;
  *) exit 64 ;;
esac
`;

resourceContract("an LSB script", () => world(lsb));

resourceContract("a script of resource.d", () => {
  const under = world(heartbeat);
  const { path } = under;
  const resource = new LsbScript({ path, args: ["arg"], dialect: "heartbeat", deadlines });
  return { ...under, resource };
});

function unit(): ReturnType<typeof world> {
  const under = world(systemctl);
  writeFileSync(join(under.dir, "said"), FAILED_JOB);
  const options = { unit: "web.service", systemctl: under.path, deadlines };
  return { ...under, resource: new SystemdUnit(options) };
}

resourceContract("a systemd unit", unit);

it("an LSB script that is not there is reported, and counts as nothing known", async () => {
  const resource = new LsbScript({ path: "/nonexistent/httpd", args: [], dialect: "lsb" });
  const outcome = await resource.start();
  expect(outcome).toEqual({
    ok: false,
    state: "unknown",
    detail: "start: cannot be run: ENOENT",
  });
});

// Started by the unit that systemd makes of the script, it would be stopped beside us at a shutdown.
it("an LSB script is told not to hand its action to systemctl", async () => {
  const under = world("env | grep -E '^SYSTEM(CTL_SKIP_REDIRECT|D_NO_WRAP)=' | sort > $D/env");
  await under.resource.stop();
  expect(readFileSync(join(under.dir, "env"), "utf8")).toBe(
    "SYSTEMCTL_SKIP_REDIRECT=1\nSYSTEMD_NO_WRAP=1\n",
  );
});

it.each([
  ["still runs", "exit 0", { ok: false, state: "running", detail: "stop: exit 5: no fuser here" }],
  ["does not run", "exit 3", { ok: true, state: "stopped" }],
  ["cannot be known", "exit 4", { ok: true, state: "stopped" }],
])("a stop that says `not installed` of what %s", async (_what, status, outcome) => {
  const script = `case "$1" in stop) echo no fuser here; exit 5 ;; status) ${status} ;; esac\n`;
  expect(await world(script).resource.stop()).toMatchObject(outcome);
});

it("a failed start carries the script's own last words", async () => {
  const under = world(lsb);
  under.breakStart();
  const { detail } = await under.resource.start();
  expect(detail).toBe("start: exit 6: Syntax error on line 12");
});

it("a systemd unit that does not start carries systemctl's reason, not where to read more", async () => {
  const under = unit();
  under.breakStart();
  const { detail } = await under.resource.start();
  expect(detail).toBe(
    "start: exit 1: Job for web.service failed because the control process exited with error code.",
  );
  const unreachable = `Failed to start web.service: Connection timed out
See system logs and 'systemctl status web.service' for details.
`;
  writeFileSync(join(under.dir, "said"), unreachable);
  expect((await under.resource.start()).detail).toBe(
    "start: exit 1: Failed to start web.service: Connection timed out",
  );
});

it("a systemd unit whose stop hangs is killed and found stopped", async () => {
  const under = unit();
  await under.resource.start();
  under.hang();
  expect(await under.resource.stop()).toMatchObject({ ok: true, state: "stopped" });
  expect(readFileSync(join(under.dir, "calls"), "utf8")).toContain(
    "kill --signal=KILL web.service",
  );
});

it("a systemd unit is stopped without waiting for our own stop job", async () => {
  const under = unit();
  await under.resource.stop();
  expect(readFileSync(join(under.dir, "calls"), "utf8")).toContain(
    "--no-ask-password stop --job-mode=ignore-dependencies web.service",
  );
});

it("a managed unit is ordered before tandem.service, so that it is stopped after it", async () => {
  const under = unit();
  const options = { unitsDir: under.dir, systemctl: under.path };
  expect(await orderUnitsBehindUs(["web.service"], options)).toBeUndefined();
  const dropIn = readFileSync(join(under.dir, "web.service.d", "50-tandem.conf"), "utf8");
  expect(dropIn).toContain("[Unit]\nBefore=tandem.service\n");
  await orderUnitsBehindUs(["web.service"], options);
  const reloads = readFileSync(join(under.dir, "calls"), "utf8").match(/daemon-reload/g);
  expect(reloads).toHaveLength(1);
});

it("a drop-in that cannot be written is a sentence, not an exception", async () => {
  const said = await orderUnitsBehindUs(["web.service"], { unitsDir: "/proc/nowhere" });
  expect(said).toContain("cannot order units behind tandem.service");
});

it("the machine is stopping only when systemd runs and says so", async () => {
  const under = world('echo "$@" >> $D/calls\ncat $D/state\n[ "$(cat $D/state)" = running ]');
  const options = { booted: under.dir, systemctl: under.path };
  for (const [state, isStopping] of [
    ["running", false],
    ["degraded", false],
    ["starting", false],
    ["stopping", true],
  ] as const) {
    writeFileSync(join(under.dir, "state"), `${state}\n`);
    expect(await isMachineStopping(options)).toBe(isStopping);
  }
  expect(readFileSync(join(under.dir, "calls"), "utf8")).toContain("is-system-running");
  expect(await isMachineStopping({ ...options, booted: join(under.dir, "nosuch") })).toBe(false);
  expect(await isMachineStopping({ ...options, systemctl: "/nosuch/systemctl" })).toBe(false);
});
