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
import { migrationText } from "./text.ts";

describe("before a next step it is to be mended that", () => {
  const cases: readonly (readonly [string, Given, RegExp, 1 | 4])[] = [
    [
      "the files have an error",
      { hacf: `${HA_CF}keepalive never\n`, heartbeat: RUNS },
      /cannot use the files: 1 error$/,
      1,
    ],
    [
      "Pacemaker manages the resources",
      { hacf: `${HA_CF}crm on\n`, heartbeat: RUNS },
      /cannot use the files: 1 error$/,
      1,
    ],
    [
      "there is no second node",
      { hacf: HA_CF.replace("zeus.example.com ", ""), haresources: "", heartbeat: RUNS },
      /no other node/,
      1,
    ],
    [
      "Heartbeat would not start again",
      { hacf: HA_CF.replace("auto_failback", "autofailback"), heartbeat: RUNS },
      /the way back is closed/,
      1,
    ],
    [
      "both programs run here",
      { heartbeat: RUNS, daemon: running(ZEUS, {}) },
      /Heartbeat and Tandem both run/,
      1,
    ],
    [
      "a killed Heartbeat has left its address",
      { heartbeat: GONE, present: [ADDRESS] },
      /192\.168\.43\.53 is on this machine, and neither/,
      1,
    ],
    [
      "Tandem has not joined yet",
      { heartbeat: GONE, daemon: running(ZEUS, {}, { state: "up" }) },
      /has not joined zeus\.example\.com yet/,
      1,
    ],
    [
      "the other one does not say who serves",
      { heartbeat: GONE, daemon: running(undefined, {}) },
      /has not joined zeus\.example\.com yet/,
      1,
    ],
    [
      "the other one is not heard",
      {
        heartbeat: GONE,
        daemon: running(undefined, { dialect: "unknown", status: "never-heard" }),
      },
      /zeus\.example\.com is not heard/,
      1,
    ],
    [
      "two nodes claim a group",
      { heartbeat: GONE, daemon: running(`${HERA} and ${ZEUS}`, {}) },
      /two nodes claim 192\.168\.43\.53/,
      1,
    ],
    [
      "Tandem cannot be asked",
      { heartbeat: GONE, daemon: { kind: "mute", why: "not allowed", next: "Run it as root." } },
      /^not allowed$/,
      4,
    ],
  ];

  it.each(cases)("%s", (_, given, what, exitStatus) => {
    const report = reported(given);
    expect(report.obstacles.map((one) => one.what)).toEqual([expect.stringMatching(what)]);
    expect(report.obstacles[0]?.mend).toMatch(/\.$/);
    expect(nextOf(report)).toBeUndefined();
    expect(report.exitStatus).toBe(exitStatus);
  });

  it("is told above everything else, with its mend", () => {
    const text = migrationText(reported({ heartbeat: RUNS, hacf: `${HA_CF}crm on\n` }));
    expect(text).toMatch(
      /^hera\.example\.com: to be mended first: Tandem cannot use the files: 1 error\n/,
    );
    expect(text).toContain("[pacemaker-refused]\n    = Remove the line and list what each node");
  });
});
