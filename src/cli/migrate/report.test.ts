import { describe, expect, it } from "vitest";
import { ADDRESS, HERA, RUNS, reported, ZEUS } from "../../../test/migration.ts";
import { migrationJson } from "./json.ts";
import { migrationText } from "./text.ts";

describe("the report", () => {
  it("for programs is one document of a known shape", () => {
    const document = migrationJson(reported({ heartbeat: RUNS }));
    expect(document).toMatchObject({
      schema: "tandem.migrate/1",
      node: HERA,
      peer: ZEUS,
      state: "next",
      found: {
        usable: true,
        heartbeatStarts: true,
        heartbeat: { installed: true, pid: 28, service: "init-script", atBoot: true },
        peer: "unknown",
        groups: [{ name: ADDRESS, preferred: ZEUS, where: "elsewhere" }],
      },
    });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it("shows no key, and nothing that steers the terminal", () => {
    const given = {
      authkeys: "auth 1\n1 sha1 Tr0ub4dor\nTr0ub4dor\n",
      heartbeat: { ...RUNS, nodeInfo: "zeus\u001b[2J" },
    };
    const report = reported(given);
    const text = migrationText(report);
    expect(text + JSON.stringify(migrationJson(report))).not.toContain("Tr0ub4dor");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});
