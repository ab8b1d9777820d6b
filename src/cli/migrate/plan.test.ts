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

const states = (report: MigrationReport): string =>
  report.steps.map(({ state }) => state).join(" ");

describe("the way of a pair, seen from the node that serves nothing", () => {
  const steps: readonly (readonly [string, Given, string])[] = [
    [
      "Heartbeat runs here",
      { heartbeat: RUNS },
      "done next waiting waiting waiting waiting waiting",
    ],
    [
      "Heartbeat is stopped, and would start at boot",
      {},
      "done next waiting waiting waiting waiting waiting",
    ],
    ["Heartbeat is stopped", { heartbeat: GONE }, "done done next waiting waiting waiting waiting"],
    [
      "Tandem runs beside the Heartbeat that serves",
      { heartbeat: GONE, daemon: running(ZEUS, {}) },
      "done done done next waiting waiting waiting",
    ],
    [
      "Tandem runs beside it, and systemd would not start it at boot",
      {
        heartbeat: GONE,
        daemon: running(ZEUS, {}),
        tandem: { start: { service: { kind: "systemd", unit: "tandem.service" }, atBoot: false } },
      },
      "done done next waiting waiting waiting waiting",
    ],
    [
      "Tandem serves beside the Heartbeat",
      { heartbeat: GONE, daemon: running(HERA, {}) },
      "done done done done next waiting waiting",
    ],
    [
      "the Heartbeat of the other one has been stopped",
      { heartbeat: GONE, daemon: running(HERA, { status: "stopped" }) },
      "done done done done done done next",
    ],
    [
      "the other one is dead: nobody has seen its Heartbeat stop",
      { heartbeat: GONE, daemon: running(HERA, { status: "dead" }) },
      "done done done done next waiting waiting",
    ],
    [
      "both run Tandem",
      { heartbeat: GONE, daemon: running(ZEUS, { dialect: "native" }) },
      "done done done done done done done",
    ],
    [
      "both run Tandem, and a Heartbeat would still start at boot",
      { daemon: running(ZEUS, { dialect: "native" }) },
      "done next done done done done done",
    ],
  ];

  it.each(steps)("%s", (_, given, expected) => {
    const report = reported(given);
    expect(states(report)).toBe(expected);
    expect(report.exitStatus).toBe(0);
    expect(report.obstacles).toEqual([]);
  });

  it("names the nodes, the address and the commands of this very machine", () => {
    const report = reported({ heartbeat: RUNS });
    expect(report.verdict).toBe(
      "step 2 of 7 is next, on hera.example.com: stop Heartbeat, and take it out of the boot",
    );
    expect(nextOf(report)).toMatchObject({
      commands: ["/etc/init.d/heartbeat stop", "update-rc.d heartbeat disable"],
      back: ["update-rc.d heartbeat enable", "/etc/init.d/heartbeat start"],
      check: { node: HERA, command: "/opt/tandem/bin/tandem migrate" },
    });
    expect(report.steps.map(({ node }) => node)).toEqual([
      ...[HERA, HERA, HERA, HERA],
      ...[ZEUS, ZEUS, ZEUS],
    ]);
  });

  it("is done where both run Tandem", () => {
    const daemon = running(ZEUS, { dialect: "native" });
    expect(reported({ heartbeat: GONE, daemon }).verdict).toBe("done: both nodes run Tandem");
  });
});

describe("the way of a pair, seen from the node that serves", () => {
  it("begins on the other one, whose steps are seen there", () => {
    const report = reported({ own: ZEUS, heartbeat: RUNS, present: [ADDRESS] });
    expect(states(report)).toBe("next waiting waiting waiting done waiting waiting");
    expect(nextOf(report)?.node).toBe(HERA);
    expect(migrationText(report)).toContain("`tandem migrate` there sees");
  });

  it("begins here where each of the two serves something", () => {
    const haresources = `${ZEUS} ${ADDRESS}\n${HERA} 192.168.43.54\n`;
    const report = reported({ heartbeat: RUNS, present: ["192.168.43.54"], haresources });
    expect(nextOf(report)).toMatchObject({
      node: HERA,
      note: "192.168.43.54 goes to zeus.example.com: the failover of a clean stop",
    });
  });
});

describe("what brings groups to the node that has changed", () => {
  it("is auto_failback where they prefer it, and nobody has to type anything", () => {
    const haresources = `${HERA} ${ADDRESS}\n`;
    const [, , start] = reported({ heartbeat: RUNS, haresources }).steps;
    expect(start?.note).toMatch(/^zeus\.example\.com gives 192\.168\.43\.53 to it/);
    const hacf = HA_CF.replace("auto_failback on", "auto_failback off");
    const [, , stays] = reported({ heartbeat: RUNS, haresources, hacf }).steps;
    expect(stays?.note).toMatch(/^nothing moves/);
  });
});

describe("the commands", () => {
  const commandsOf = (given: Given) =>
    reported({ heartbeat: RUNS, ...given })
      .steps.slice(1, 3)
      .map((one) => one.commands);
  const unit = { service: { kind: "systemd", unit: "heartbeat.service" }, atBoot: true } as const;
  const systemd = { hasSystemd: true, bootTool: undefined } as const;

  it("are systemd's where it runs; the unit of Tandem is put there first", () => {
    expect(commandsOf({ heartbeat: { ...RUNS, start: unit }, init: systemd })).toEqual([
      ["systemctl disable --now heartbeat"],
      [
        "cp /opt/tandem/packaging/tandem.service /etc/systemd/system/",
        "systemctl daemon-reload",
        "systemctl enable --now tandem",
      ],
    ]);
    const start = { service: { kind: "systemd", unit: "tandem.service" }, atBoot: false } as const;
    const [, installed] = commandsOf({ tandem: { start }, init: systemd });
    expect(installed).toEqual(["systemctl enable --now tandem"]);
  });

  it("write into the unit where this Tandem is, and where its files are", () => {
    const unitOf = (given: Given) => commandsOf({ ...given, init: systemd })[1]?.[0];
    expect(unitOf({ home: "/srv/tandem" })).toBe(
      "sed 's#/opt/tandem#/srv/tandem#' /srv/tandem/packaging/tandem.service >/etc/systemd/system/tandem.service",
    );
    expect(unitOf({ configDir: "/etc/ha" })).toBe(
      "sed 's#^ExecStart=.*#& --config-dir /etc/ha#' /opt/tandem/packaging/tandem.service >/etc/systemd/system/tandem.service",
    );
  });

  it("have Heartbeat started only once Tandem has ended, whose stop hands over first", () => {
    expect(reported({ heartbeat: RUNS }).steps[2]?.back).toEqual([
      "kill -TERM $(cat /run/tandem/tandemd.pid)",
      "while [ -e /run/tandem/tandemd.pid ]; do sleep 1; done",
      "update-rc.d heartbeat enable",
      "/etc/init.d/heartbeat start",
    ]);
  });

  it("of the way back are the inverse, of systemd as well", () => {
    const start = { service: { kind: "systemd", unit: "tandem.service" }, atBoot: true } as const;
    const { steps } = reported({ heartbeat: RUNS, tandem: { start }, init: systemd });
    expect(steps[2]?.back).toEqual([
      "systemctl disable --now tandem",
      "update-rc.d heartbeat enable",
      "/etc/init.d/heartbeat start",
    ]);
    const units = reported({
      heartbeat: { ...RUNS, start: unit },
      tandem: { start },
      init: systemd,
    });
    expect(units.steps[2]?.back).toEqual([
      "systemctl disable --now tandem",
      "systemctl enable --now heartbeat",
    ]);
  });

  it("are chkconfig's where that is what the machine has", () => {
    const [stop] = commandsOf({ init: { hasSystemd: false, bootTool: "chkconfig" } });
    expect(stop).toEqual(["/etc/init.d/heartbeat stop", "chkconfig heartbeat off"]);
  });

  it("are the programs themselves where nothing starts them", () => {
    const start = { service: { kind: "none" }, atBoot: false } as const;
    expect(commandsOf({ heartbeat: { ...RUNS, start } })).toEqual([
      ["/usr/libexec/heartbeat/heartbeat -k"],
      ["/opt/tandem/bin/tandemd"],
    ]);
  });
});
