import { describe, expect, it } from "vitest";
import {
  ADDRESS,
  type Given,
  GONE,
  HA_CF,
  HERA,
  nextOf,
  RUNS,
  reported,
  running,
  ZEUS,
} from "../../../test/migration.ts";
import type { MigrationReport } from "./report.ts";
import { migrationText } from "./text.ts";

const back = (given: Given): MigrationReport => reported(given, "back");
const states = (report: MigrationReport): string =>
  report.steps.map(({ node, state }) => `${node === HERA ? "h" : "z"}:${state}`).join(" ");

describe("the way back of a pair", () => {
  const native = { dialect: "native" } as const;
  const booted = { service: { kind: "systemd", unit: "tandem.service" }, atBoot: true } as const;
  const ways: readonly (readonly [string, Given, string])[] = [
    [
      "two Tandems, seen from the one that serves nothing: it goes back first",
      { heartbeat: GONE, daemon: running(ZEUS, native) },
      "h:done h:next h:waiting z:waiting z:waiting z:waiting z:waiting",
    ],
    [
      "two Tandems, seen from the one that serves: the other one goes back first",
      { heartbeat: GONE, daemon: running(HERA, native) },
      "z:next z:waiting z:waiting h:waiting h:done h:waiting h:waiting",
    ],
    [
      "Tandem is stopped here",
      { heartbeat: GONE },
      "h:done h:done h:next z:waiting z:waiting z:waiting z:waiting",
    ],
    [
      "Tandem is stopped here, and systemd would start it at boot",
      { heartbeat: GONE, tandem: { start: booted } },
      "h:done h:next h:waiting z:waiting z:waiting z:waiting z:waiting",
    ],
    [
      "the other Tandem has been stopped",
      { heartbeat: GONE, daemon: running(HERA, { status: "stopped", ...native }) },
      "z:done z:done z:next h:waiting h:done h:waiting h:waiting",
    ],
    [
      "Heartbeat runs here, and would not be started at boot",
      { heartbeat: { ...GONE, ...RUNS } },
      "h:done h:done h:next z:waiting z:waiting z:waiting z:waiting",
    ],
    [
      "Heartbeat runs here again, and serves nothing",
      { heartbeat: RUNS },
      "h:done h:done h:done z:next z:waiting z:waiting z:waiting",
    ],
    [
      "Heartbeat runs on the other one again, and Tandem here serves",
      { heartbeat: GONE, daemon: running(HERA, {}) },
      "z:done z:done z:done h:next h:done h:waiting h:waiting",
    ],
    [
      "Heartbeat on the other one serves, seen from the Tandem",
      { heartbeat: GONE, daemon: running(ZEUS, {}) },
      "z:done z:done z:done h:done h:done h:next h:waiting",
    ],
    [
      "Heartbeat here serves",
      { heartbeat: RUNS, present: [ADDRESS] },
      "h:done h:done h:done z:done z:next z:waiting z:waiting",
    ],
  ];

  it.each(ways)("%s", (_, given, expected) => {
    const report = back(given);
    expect(states(report)).toBe(expected);
    expect([report.exitStatus, report.obstacles]).toEqual([0, []]);
  });

  it("is printed with the commands of this machine, each the inverse of the way to Tandem", () => {
    const { steps } = back({ heartbeat: GONE, daemon: running(ZEUS, native) });
    const stop = [
      "kill -TERM $(cat /run/tandem/tandemd.pid)",
      "while [ -e /run/tandem/tandemd.pid ]; do sleep 1; done",
    ];
    const start = ["update-rc.d heartbeat enable", "/etc/init.d/heartbeat start"];
    expect(steps.map(({ commands }) => commands)).toEqual([
      ["/opt/tandem/bin/tandem check --for heartbeat"],
      stop,
      start,
      ["/opt/tandem/bin/tandem standby"],
      ["/opt/tandem/bin/tandem check --for heartbeat"],
      stop,
      start,
    ]);
    expect(steps[2]?.check.command).toBe("/opt/tandem/bin/tandem migrate --back");
    expect(steps[2]?.back).toEqual([
      "/etc/init.d/heartbeat stop",
      "update-rc.d heartbeat disable",
      "/opt/tandem/bin/tandemd",
    ]);
  });

  it("is found from the end of the way to Tandem", () => {
    const daemon = running(ZEUS, native);
    expect(migrationText(reported({ heartbeat: GONE, daemon }))).toContain(
      "`tandem migrate --back` prints the way back",
    );
    const text = migrationText(back({ heartbeat: GONE, daemon }));
    expect(text).toContain("The way of this pair back to Heartbeat:");
    expect(text).not.toContain("What will differ");
  });

  it("says of a node that is back that it does not see the other one", () => {
    expect(back({ heartbeat: RUNS }).verdict).toBe(
      "this node is back; unless zeus.example.com is too, step 4 of 7 is next, on zeus.example.com: give the groups to hera.example.com",
    );
  });

  it("tells what moves meanwhile", () => {
    const mixed = back({ heartbeat: GONE, daemon: running(HERA, {}) });
    expect(mixed.steps[3]?.note).toMatch(/^Tandem stops them, then Heartbeat starts them/);
    expect(mixed.steps[6]?.note).toMatch(/^nothing moves/);
    const haresources = `${HERA} ${ADDRESS}\n`;
    const [, , , , , , last] = back({
      ...{ heartbeat: GONE, haresources, daemon: running(HERA, {}) },
    }).steps;
    expect(last?.note).toBe(
      "192.168.43.53 goes home to it by auto_failback on, as between any two Heartbeats",
    );
  });
});

describe("before a next step back it is to be mended that", () => {
  const none = { service: { kind: "none" }, atBoot: false } as const;
  const cases: readonly (readonly [string, Given, RegExp])[] = [
    [
      "Heartbeat would not start with the files",
      {
        hacf: HA_CF.replace("auto_failback", "autofailback"),
        heartbeat: GONE,
        daemon: running(ZEUS, { dialect: "native" }),
      },
      /^Heartbeat would not start with these files/,
    ],
    [
      "Heartbeat has been removed",
      {
        heartbeat: { ...GONE, program: undefined, start: none },
        daemon: running(ZEUS, { dialect: "native" }),
      },
      /^Heartbeat is not installed on this machine$/,
    ],
    [
      "the Heartbeat that came back has not joined",
      { heartbeat: GONE, daemon: running(HERA, { status: "up" }) },
      /has not joined zeus\.example\.com yet/,
    ],
  ];

  it.each(cases)("%s", (_, given, what) => {
    const report = back(given);
    expect(report.obstacles.map((one) => one.what)).toEqual([expect.stringMatching(what)]);
    expect(nextOf(report)).toBeUndefined();
    expect(report.exitStatus).toBe(1);
  });

  it("and a check that has failed is not done", () => {
    const { steps } = back({ heartbeat: GONE, hacf: `${HA_CF}keepalive 1\nautofailback on\n` });
    expect(steps[0]?.state).toBe("waiting");
  });

  it("both programs run here: it is Tandem that is to be stopped", () => {
    const [both] = back({ heartbeat: RUNS, daemon: running(ZEUS, {}) }).obstacles;
    expect(both?.mend).toMatch(/^Stop one of them: `kill -TERM/);
  });
});
