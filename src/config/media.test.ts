import fc from "fast-check";
import { expect, test } from "vitest";
import type { MachineFacts } from "./files.ts";
import { Findings } from "./findings.ts";
import { readHaCf } from "./ha-cf.ts";

const BASE = "auto_failback on\nnode zeus hera\n";

function read(lines: string, facts?: MachineFacts) {
  const findings = new Findings("ha.cf");
  const file = { kind: "text", name: "ha.cf", text: `${BASE}${lines}\n`, mode: undefined } as const;
  const { config } = readHaCf(file, facts, undefined, findings);
  return { media: config.media, diagnostics: findings.list() };
}

const media = (lines: string) => read(lines).media;
const problems = (lines: string, facts?: MachineFacts) =>
  read(lines, facts)
    .diagnostics.filter(({ code }) => !code.endsWith("-sum") && code !== "single-medium")
    .map(({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`);
const mends = (lines: string) =>
  read(lines).diagnostics.flatMap((one) => (one.severity === "error" ? [one.mend] : []));

test("every kind of line is a medium, called like its interface", () => {
  expect(
    media(
      "mcast eth0 225.0.0.1 700 1 0\nucast eth1 10.10.10.2\nucast6 eth2 fe80::2%eth2\nmcast6 eth3 ff02::694 694 2 1\nudpport 7000",
    ),
  ).toEqual([
    {
      kind: "mcast",
      name: "eth0",
      interface: "eth0",
      group: "225.0.0.1",
      port: 700,
      ttl: 1,
      loop: false,
    },
    { kind: "ucast", name: "eth1", interface: "eth1", port: 7000, targets: ["10.10.10.2"] },
    { kind: "ucast6", name: "eth2", interface: "eth2", port: 7000, targets: ["fe80::2"] },
    {
      kind: "mcast6",
      name: "eth3",
      interface: "eth3",
      group: "ff02::694",
      port: 694,
      ttl: 2,
      loop: true,
    },
  ]);
});

test("the ucast lines of one interface are one medium, by address or by name", () => {
  expect(media("ucast eth1 10.10.10.1\nucast eth1 hera.example.com\nucast eth0 hera")).toEqual([
    {
      kind: "ucast",
      name: "eth1",
      interface: "eth1",
      port: 694,
      targets: ["10.10.10.1", "hera.example.com"],
    },
    { kind: "ucast", name: "eth0", interface: "eth0", port: 694, targets: ["hera"] },
  ]);
});

test("where the interface broadcasts as well, they are part of that", () => {
  expect(media("ucast eth1 10.10.10.2\nbcast eth1")).toEqual([
    { kind: "bcast", name: "eth1", interface: "eth1", port: 694, also: ["10.10.10.2"] },
  ]);
  expect(problems("ucast eth1 10.10.10.2\nbcast eth1")).toEqual([]);
});

test("of several media of one interface both nodes call each alike, whatever the order", () => {
  const lines = [
    "mcast eth1 225.0.0.1 694 1 0",
    "bcast eth1",
    "ucast6 eth1 fe80::2",
    "serial /dev/ttyS1",
  ];
  const names = (inOrder: readonly string[]) =>
    new Map(media(inOrder.join("\n")).map(({ kind, name }) => [kind, name]));
  const expected = new Map(
    Object.entries({
      bcast: "eth1",
      mcast: "eth1/mcast",
      ucast6: "eth1/ucast6",
      serial: "/dev/ttyS1",
    }),
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(lines, { minLength: 4 }), (order) => {
      expect(names(order)).toEqual(expected);
    }),
    { numRuns: 24 },
  );
  const groups = [1, 2, 3].map((last) => `mcast eth1 225.0.0.${last} 694 1 0`).join("\n");
  expect(media(groups).map(({ name }) => name)).toEqual(["eth1", "eth1/mcast", "eth1/mcast2"]);
});

test("no two media have one name", () => {
  const word = fc.constantFrom("eth0", "eth1");
  const line = fc.oneof(
    word.map((name) => `bcast ${name}`),
    fc.tuple(word, fc.constantFrom("10.0.0.1", "10.0.0.2")).map((w) => `ucast ${w.join(" ")}`),
    fc.tuple(word, fc.constantFrom("fe80::1", "fe80::2")).map((w) => `ucast6 ${w.join(" ")}`),
    fc
      .tuple(word, fc.integer({ min: 1, max: 3 }))
      .map(([name, n]) => `mcast ${name} 225.0.0.${n} 694 1 0`),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const names = media(lines.join("\n")).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ["ucast eth1", "3:10 error part-missing"],
  ["ucast eth1 10.10.10.300", "3:12 error bad-host"],
  ["ucast eth1 fe80::2", "3:12 error bad-host"],
  ["ucast eth1 127.0.0.1", "3:12 error bad-host"],
  ["ucast eth1 he/ra", "3:12 error bad-host"],
  ["ucast eth1 10.10.10.1 10.10.10.2", "3:23 error part-too-many"],
  ["ucast et:h1 10.10.10.1", "3:7 error bad-interface-name"],
  ["ucast6 eth1 10.10.10.1", "3:13 error bad-host"],
  ["ucast6 eth1 ff02::1", "3:13 error bad-host"],
  ["ucast6 eth1 fe80:::1", "3:13 error bad-host"],
  ["mcast eth1", "3:10 error part-missing"],
  ["mcast eth1 10.0.0.1 694 1 0", "3:12 error bad-group"],
  ["mcast eth1 225.0.0.1 x 1 0", "3:22 error bad-number"],
  ["mcast eth1 225.0.0.1 694 5 0", "3:26 error bad-number"],
  ["mcast eth1 225.0.0.1 694 1 2", "3:28 error bad-choice"],
  ["mcast6 eth1 225.0.0.1 694 1 0", "3:13 error bad-group"],
  ["mcast eth1 225.0.0.1 694 0 0", "3:7 warning multicast-stays-here"],
  ["ucast eth1 10.0.0.1\nucast eth1 10.0.0.1", "4:7 warning duplicate-medium"],
  ["bcast eth1\nserial ttyS1\nmcast eth1", "5:10 error part-missing"],
])("`%s` is told at its place", (lines, expected) => {
  expect(problems(lines)).toContain(expected);
});

test("a line with a part missing is mended as a whole", () => {
  expect(mends("mcast eth2 225.0.0.9")).toEqual(["Write `mcast eth2 225.0.0.9 694 1 0`."]);
  expect(mends("ucast eth1")).toEqual(["Write `ucast eth1 10.10.10.2`."]);
});

test("a line that cannot be read is the only error: no medium is missed beside it", () => {
  expect(problems("ucast eth1")).toEqual(["3:10 error part-missing"]);
});

test("udpport below a ucast line is not what a Heartbeat reads", () => {
  expect(problems("ucast eth0 hera\nserial /dev/ttyS0\nudpport 7000")).toContain(
    "5:9 hint udpport-after-media",
  );
  expect(problems("mcast eth0 225.0.0.1 694 1 0\nserial /dev/ttyS0\nudpport 7000")).not.toContain(
    "5:9 hint udpport-after-media",
  );
});

const FACTS: MachineFacts = {
  nodeName: "zeus",
  interfaces: [
    { name: "lo", isLoopback: true, addresses: [{ address: "127.0.0.1", prefix: 8 }] },
    { name: "eth0", isLoopback: false, addresses: [] },
    { name: "eth1", isLoopback: false, addresses: [{ address: "10.10.10.1", prefix: 24 }] },
    { name: "wg0", isLoopback: false, addresses: [{ address: "10.1.0.1", prefix: 32 }] },
  ],
  devices: new Map(),
  scripts: new Map(),
  programs: new Map(),
};

test("an interface is held against what a medium needs of it", () => {
  expect(problems("ucast lo 10.0.0.2", FACTS)).toEqual(["3:7 error interface-without-broadcast"]);
  expect(problems("ucast wg0 10.1.0.2", FACTS)).toEqual([]);
  expect(problems("mcast eth0 225.0.0.1 694 1 0", FACTS)).toEqual([
    "3:7 warning interface-without-address",
  ]);
  expect(problems("mcast6 eth0 ff02::1 694 1 0", FACTS)).toEqual([]);
  expect(problems("ucast eht1 10.0.0.2", FACTS)).toEqual(["3:7 error no-such-interface"]);
  expect(problems("ucast eth1 10.10.10.1", FACTS)).toEqual(["3:7 warning only-own-address"]);
});

test("the daemon starts without an interface that may still come", () => {
  const starting = { ...FACTS, isStarting: true };
  expect(problems("ucast eth7 10.0.0.2\nbcast eht1", starting)).toEqual([
    "3:7 warning no-such-interface",
    "4:7 warning no-such-interface",
  ]);
});
