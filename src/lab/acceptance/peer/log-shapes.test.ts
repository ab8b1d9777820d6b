import { expect, test } from "vitest";
import { complaintShapes } from "./log-shapes.ts";

const late = (time: string, node: string, ms: number): string =>
  `Nov 22 ${time} ${node}.example.com heartbeat: [28]: WARN: Late heartbeat: Node ${node}.example.com: interval ${ms} ms`;

test("times, nodes, numbers and process ids do not make another shape", () => {
  const log = [late("10:12:41", "zeus", 850), late("10:13:02", "hera", 1200)].join("\n");
  expect(complaintShapes(log)).toEqual([
    "heartbeat: WARN: Late heartbeat: Node NODE: interval N ms",
  ]);
});

test("lines of the scripts count, what is no complaint does not", () => {
  const log = `Nov 22 10:13:02 zeus.example.com heartbeat: [28]: info: No pkts missing from hera.example.com!
2026/11/22_10:13:02  ResourceManager(default)[172]:    ERROR: Return code 1 from /etc/ha.d/resource.d/IPaddr
`;
  expect(complaintShapes(log)).toEqual([
    "ResourceManager(default): ERROR: Return code N from /etc/ha.d/resource.d/IPaddr",
  ]);
});

test("what Tandem wrote into the file before or after is not Heartbeat's", () => {
  const line =
    "Nov 22 10:13:02 zeus.example.com tandem: [28]: WARN: node hera.example.com: is dead";
  expect(complaintShapes(line)).toEqual([]);
});

test("a dumped message is one complaint, whatever is in it", () => {
  const said = (text: string) => `Nov 22 10:13:02 hera.example.com heartbeat: [28]: WARN: ${text}`;
  const log = [
    "message is dropped",
    "MSG: Dumping message with 15 fields",
    "MSG[11] : [tdm=1 2 -]",
  ];
  expect(complaintShapes(log.map(said).join("\n"))).toEqual([
    "heartbeat: WARN: message is dropped",
    "heartbeat: WARN: MSG: Dumping message with N fields",
  ]);
});
