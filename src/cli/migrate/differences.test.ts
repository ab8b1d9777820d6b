import { describe, expect, it } from "vitest";
import { ADDRESS, type Given, HA_CF, RUNS, reported, ZEUS } from "../../../test/migration.ts";
import type { ScriptFact } from "../../config/files.ts";

describe("what will differ", () => {
  const textsOf = (given: Given): readonly string[] =>
    reported({ heartbeat: RUNS, ...given }).differences.map(
      ({ subject, text }) => `${subject}: ${text}`,
    );

  it("are the lines that Tandem does not run or does in its own way", () => {
    const texts = textsOf({
      hacf: `${HA_CF}stonith external/ssh /etc/x\nuse_logd on\nlogfacility local0\n`,
    });
    expect(texts).toContain("ha.cf:7: stonith is not run by this version");
    expect(texts).toContain(
      "ha.cf:8: use_logd: Tandem writes its log itself and needs no logging daemon.",
    );
    expect(texts).toContain("ha.cf:9: logfacility is not run by this version");
  });

  it("ipfail is no difference: it is built in, whether or not its program is there", () => {
    const lines = "ping 192.168.43.1\nrespawn hacluster /usr/lib/heartbeat/ipfail\n";
    const texts = textsOf({ hacf: `${HA_CF}${lines}` });
    expect(texts.filter((text) => text.startsWith("ha.cf:8"))).toEqual([]);
  });

  it("are lines that Heartbeat reads in another way", () => {
    expect(textsOf({ authkeys: "auth 42\n42 crc\n" }).join("\n")).toMatch(
      /^authkeys:2: Heartbeat refuses it, Tandem may take it: a key's number is 0 to 15/m,
    );
  });

  it("are resources: where the script is, and what never runs twice", () => {
    const haresources = `${ZEUS} ${ADDRESS} Filesystem::/dev/sdb1::/data::ext4 apache2 nosuch\n`;
    const found = (via: string, where: string) =>
      [via, { found: true, via, where, atBoot: false }] as const;
    const scripts = new Map<string, ScriptFact>([
      found("Filesystem", "/etc/ha.d/resource.d/Filesystem"),
      found("apache2", "apache2.service"),
      ["nosuch", { found: false, looked: [] }] as const,
    ]);
    const texts = textsOf({ haresources, scripts }).join("\n");
    expect(texts).toMatch(/^192\.168\.43\.53: Tandem adds an address itself.*lifetime of 9 s/m);
    expect(texts).toMatch(
      /^Filesystem: \/etc\/ha\.d\/resource\.d\/Filesystem, as for Heartbeat: leave the package/m,
    );
    expect(texts).toMatch(/^apache2: the systemd unit apache2\.service/m);
    expect(texts).toMatch(/^nosuch: not on this machine/m);
    expect(texts).toMatch(/^192\.168\.43\.53: is never started on one node before/m);
  });

  it("is a uuid that Tandem has drawn before it could take Heartbeat's", () => {
    const identity = { uuid: "07".repeat(16), generation: 1 };
    const start = { service: { kind: "none" }, atBoot: false } as const;
    expect(textsOf({ tandem: { identity, start } }).join("\n")).toMatch(/^uuid: /m);
    expect(textsOf({}).join("\n")).not.toMatch(/^uuid: /m);
  });

  it("are the tools", () => {
    expect(textsOf({}).join("\n")).toMatch(/^cl_status: .*\nhb_standby: .*\nhb_takeover: /m);
  });
});
