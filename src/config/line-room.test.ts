import { expect, test } from "vitest";
import { mediumName, nodeName } from "../base/names.ts";
import { Findings } from "./findings.ts";
import { readHaResources } from "./haresources.ts";
import { checkLineRoom } from "./line-room.ts";
import type { MediumConfig } from "./types.ts";

const NODES = [nodeName("zeus.example.com"), nodeName("hera.example.com")];
const LINE: MediumConfig = {
  ...{ kind: "serial", name: mediumName("/dev/ttyS1"), device: "/dev/ttyS1", baud: 9600 },
};
const CABLE: MediumConfig = {
  ...{ kind: "bcast", name: mediumName("eth1"), interface: "eth1", port: 694 },
};

/** What is told of so many groups. */
function told(count: number, media: readonly MediumConfig[]): readonly string[] {
  const lines = Array.from(
    { length: count },
    (_, at) => `zeus.example.com 192.168.43.${60 + at}\n`,
  );
  const file = {
    kind: "text",
    name: "haresources",
    text: lines.join(""),
    mode: undefined,
  } as const;
  const findings = new Findings("haresources");
  checkLineRoom(readHaResources(file, NODES, findings), media, findings);
  return findings
    .list()
    .map(({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`);
}

test("more groups than a serial line has room for are told at the first of them", () => {
  expect(told(15, [LINE, CABLE])).toEqual([]);
  expect(told(16, [LINE, CABLE])).toEqual(["16:18 warning too-many-for-line"]);
  expect(told(16, [CABLE])).toEqual([]);
});
