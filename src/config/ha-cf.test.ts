import { expect, test } from "vitest";
import { OTHERWISE_DIRECTIVES } from "./directives/otherwise.ts";
import { HA_CF_DIRECTIVES } from "./directives.ts";
import type { MachineFacts } from "./files.ts";
import { Findings } from "./findings.ts";
import { readHaCf } from "./ha-cf.ts";

/** The least that is usable; each test adds its lines below. */
const BASE = "auto_failback on\nnode zeus hera\nbcast eth0 eth1\n";

function read(lines: string, facts?: MachineFacts, base = BASE) {
  const findings = new Findings("ha.cf");
  const text = `${base}${lines}\n`;
  const { config } = readHaCf(
    { kind: "text", name: "ha.cf", text, mode: undefined },
    facts,
    undefined,
    findings,
  );
  return { config, diagnostics: findings.list() };
}

const problems = (lines: string, facts?: MachineFacts) =>
  read(lines, facts)
    .diagnostics.filter((one) => !one.code.endsWith("-sum"))
    .map(({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`);
const timers = (lines: string) => read(lines).config.timers;
const messages = (lines: string, code: string) =>
  read(lines).diagnostics.flatMap((one) => (one.code === code ? [one.message] : []));

test("the defaults are Heartbeat's", () => {
  expect(timers("")).toEqual({
    keepaliveMs: 1000,
    deadtimeMs: 30_000,
    warntimeMs: 15_000,
    initdeadMs: 30_000,
  });
  expect(timers("deadtime 8")).toMatchObject({ warntimeMs: 4000, initdeadMs: 16_000 });
  expect(timers("deadtime 5")).toMatchObject({ warntimeMs: 2500, initdeadMs: 12_000 });
});

test.each([
  ["1.5", 1500],
  [".2", 200],
  ["500ms", 500],
  ["500MSEC", 500],
  ["2000000us", 2000],
  ["3", 3000],
])("keepalive %s is %i ms", (word, ms) => {
  expect(timers(`keepalive ${word}`).keepaliveMs).toBe(ms);
});

test("of two values the last one counts, and it is told", () => {
  expect(timers("keepalive 2 3").keepaliveMs).toBe(3000);
  expect(problems("keepalive 2 3")).toEqual(["4:13 warning too-many-values"]);
  expect(timers("keepalive 2\nkeepalive 3").keepaliveMs).toBe(3000);
  expect(problems("keepalive 2\nkeepalive 3")).toEqual(["5:1 warning set-twice"]);
});

test("comments stand anywhere, commas separate, a directive alone does nothing", () => {
  expect(timers("  keepalive 2#x").keepaliveMs).toBe(2000);
  expect(read("node a,b", undefined, "").config.nodes).toEqual(["a", "b"]);
  expect(problems("keepalive")).toEqual(["4:1 warning no-value"]);
});

test.each([
  ["keepalive 0", "4:11 error keepalive-zero"],
  ["keepalive 499us", "4:11 error keepalive-zero"],
  ["keepalive 2\ndeadtime 4", "5:10 error deadtime-too-short"],
  ["warntime 0", "4:10 error warntime-zero"],
  ["warntime 31", "4:10 warning warntime-over-deadtime"],
  ["deadtime 12\ninitdead 10", "5:10 error initdead-too-short"],
  ["deadtime 5\ninitdead 8", "5:10 warning initdead-small"],
  ["keepalive 200ms\ndeadtime 1\ninitdead 20", "5:10 hint lifetime-too-coarse"],
  ["baud 1200", "4:6 error bad-choice"],
  ["udpport foo", "4:9 error bad-number"],
  ["udpport 65536", "4:9 error bad-number"],
  ["auto_failback t", "4:15 error bad-boolean"],
  ["hopfudge 300", "4:10 error bad-number"],
  ["debug 300", "4:7 error bad-number"],
  ["msgfmt xml", "4:8 error bad-choice"],
  ["logfacility local8", "4:13 error bad-choice"],
  ["rtprio 200", "4:8 error bad-number"],
  ["serial ttyS1", "4:8 error bad-path"],
  ['bcast "eth2"', "4:7 error bad-interface-name"],
  ["bcast eth1", "4:7 warning duplicate-medium"],
  ["udp eth2", "4:1 warning replaced-directive"],
  ["respawn hacluster true", "4:9 error bad-respawn"],
  ["crm respawn", "4:5 error pacemaker-refused"],
  ["pacemaker on", "4:11 error pacemaker-refused"],
  ["autojoin any", "4:10 error bad-choice"],
  ["nice_failback on", "4:1 warning obsolete-directive"],
  ["stonith null x", "4:1 warning not-run"],
  ["env A=B", "4:1 hint not-run"],
  ["apiauth ipfail uid=hacluster", "4:1 hint not-run"],
  ["quorum_server apollo", "4:1 hint not-run"],
  ["failfast root /bin/true", "4:1 warning not-run"],
  ["coredumps true", "4:1 hint done-otherwise"],
  ["rtprio 5", "4:1 hint done-otherwise"],
  ["normalpoll 1", "4:1 hint done-otherwise"],
])("`%s` is told at its place", (lines, expected) => {
  expect(problems(lines)).toContain(expected);
});

test("deadping is too short at twice keepalive", () => {
  expect(problems("keepalive 2\ndeadping 4")).toContain("5:10 error deadping-too-short");
});

test("a time that cannot be read is the only error: no sum is made with its default", () => {
  expect(problems("deadtime 1m\ninitdead 20")).toEqual(["4:10 error bad-time"]);
});

test("crm off is what we do anyway", () => {
  expect(problems("crm no")).toEqual([]);
});

test("ping nodes are called as Heartbeat calls them, and are dead after deadping", () => {
  const { config } = read("ping 192.168.43.1 Gate\nping_group Routers 10.0.0.1 gate2\ndeadping 9");
  expect(config.pings).toEqual({
    nodes: [
      { kind: "ping", name: "192.168.43.1", hosts: ["192.168.43.1"] },
      { kind: "ping", name: "gate", hosts: ["Gate"] },
      { kind: "ping_group", name: "routers", hosts: ["10.0.0.1", "gate2"] },
    ],
    deadMs: 9000,
  });
  expect(read("deadtime 12").config.pings).toEqual({ nodes: [], deadMs: 12_000 });
});

test.each([
  ["ping 10.0.0.300", "4:6 error bad-host"],
  ["ping ff02::1", "4:6 error bad-host"],
  ["ping Hera", "4:6 error ping-of-a-node"],
  ["ping 10.0.0.1 10.0.0.1", "4:15 warning duplicate-ping-node"],
  ["ping_group routers", "4:18 error part-missing"],
  ["ping_group rou/ters 10.0.0.1", "4:12 error bad-node-name"],
  ["ping_group routers 10.0.0.1 -", "4:29 error bad-host"],
  ["ping 10.0.0.1\nping_group 10.0.0.1 10.0.0.2", "5:12 warning duplicate-ping-node"],
])("of `%s` it is told what is wrong", (lines, expected) => {
  expect(problems(lines)).toContain(expected);
});

test("a ping node is no medium", () => {
  const { diagnostics } = read("ping 10.0.0.2", undefined, "auto_failback on\nnode a b\n");
  expect(diagnostics.map((one) => one.code)).toContain("no-media");
});

test("this machine is no ping node of itself", () => {
  const addresses = [{ address: "10.0.0.1", prefix: 24 }];
  const facts: MachineFacts = {
    nodeName: "zeus",
    interfaces: ["eth0", "eth1"].map((name) => ({ name, isLoopback: false, addresses })),
    devices: new Map(),
    scripts: new Map(),
    programs: new Map(),
  };
  expect(problems("ping 10.0.0.1", facts)).toEqual(["4:6 warning only-own-address"]);
});

test("a single cable is worth a hint", () => {
  const { diagnostics } = read("bcast eth0", undefined, "auto_failback on\nnode a b\n");
  expect(diagnostics.map((one) => one.code)).toContain("single-medium");
});

test("baud and udpport count wherever they stand", () => {
  expect(read("serial /dev/ttyS0\nbaud 115200\nudpport 7000").config.media).toMatchObject([
    { interface: "eth0", port: 7000 },
    { interface: "eth1", port: 7000 },
    { device: "/dev/ttyS0", baud: 115_200 },
  ]);
  expect(problems("serial /dev/ttyS0\nbaud 115200\nudpport 7000")).toEqual([
    "4:8 hint line-time",
    "5:6 hint baud-after-serial",
    "6:9 hint udpport-after-media",
  ]);
});

test("the sums of lifetime, watchdog and line time are told with their arithmetic", () => {
  const lines =
    "keepalive 2\ndeadtime 12\ninitdead 150\nwatchdog /dev/watchdog\nserial /dev/ttyS1\nbaud 9600";
  expect(messages(lines, "lifetime-sum")).toEqual([
    "deadtime 12 s − keepalive 2 s − 0.5 s = 9.5 s: an address leaves a machine that hangs 9 s after its last renewal",
  ]);
  expect(messages(lines, "watchdog-sum")).toEqual([
    "deadtime 12 s − keepalive 2 s − 0.5 s = 9.5 s: the watchdog's time is 9 s",
  ]);
  expect(messages(lines, "line-time")).toEqual([
    "at 9600 baud a beat takes 0.26 s to 0.4 s: with this line alone a beat every 2 s",
  ]);
});

test("a line too slow for deadtime is a warning", () => {
  const lines = "keepalive 200ms\ndeadtime 3\nserial /dev/ttyS1\nbaud 9600";
  expect(problems(lines)).toContain("6:8 warning line-time");
});

test("an interface is missing, alone, or for the moment without address", () => {
  const facts: MachineFacts = {
    nodeName: "zeus",
    interfaces: [
      { name: "lo", isLoopback: true, addresses: [{ address: "127.0.0.1", prefix: 8 }] },
      { name: "eth0", isLoopback: false, addresses: [] },
      { name: "eth1", isLoopback: false, addresses: [{ address: "10.0.0.1", prefix: 24 }] },
      { name: "wg0", isLoopback: false, addresses: [{ address: "10.1.0.1", prefix: 32 }] },
    ],
    devices: new Map(),
    scripts: new Map(),
    programs: new Map(),
  };
  expect(problems("bcast lo eht1 wg0", facts)).toEqual([
    "3:7 warning interface-without-address",
    "4:7 error interface-without-broadcast",
    "4:10 error no-such-interface",
    "4:15 error interface-without-broadcast",
  ]);
  const missing = read("bcast eht1 eth7", facts).diagnostics.filter(
    (one) => one.severity === "error",
  );
  expect(missing.map((one) => one.mend)).toEqual([
    "Write `eth1`.",
    expect.stringContaining("ip -br link"),
  ]);
});

test("every directive stands once in the table and can be explained", () => {
  const names = HA_CF_DIRECTIVES.map((directive) => directive.name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, syntax, meaning, default: otherwise } of HA_CF_DIRECTIVES) {
    expect(syntax.startsWith(`${name} `)).toBe(true);
    expect(meaning).toMatch(/^[A-Z`].*\.$/);
    expect(otherwise).not.toBe("");
  }
});

test("what is asked for in vain is kept for the status, without what may be secret", () => {
  const notRun = (lines: string) => read(lines).config.notRun;
  expect(notRun("env A=B\nlogfacility local0")).toEqual(["env", "logfacility local0"]);
  expect(notRun("logfacility user\nlogfacility local0")).toEqual(["logfacility local0"]);
  expect(notRun("stonith_host * baytech 10.0.0.3 mylogin mysecret")).toEqual(["stonith_host"]);
  expect(notRun("logfacility none\nwatchdog /dev/watchdog\nkeepalive 2")).toEqual([]);
});

test.each(OTHERWISE_DIRECTIVES.map(({ name, default: value, instead }) => [name, value, instead]))(
  "%s is accepted with a sentence on what is done instead, and is not asked for in vain",
  (name, value, instead) => {
    const other = { on: "off", off: "on", zlib: "bz2", file: undefined }[value ?? ""] ?? "9";
    const word = { hbgenmethod: "time", uuidfrom: "nodename" }[name ?? ""] ?? other;
    const { config, diagnostics } = read(`${name} ${word}`);
    const found = diagnostics.filter((one) => one.line === 4);
    expect(found).toMatchObject([{ severity: "hint", code: "done-otherwise" }]);
    expect(found[0]?.message).toBe(`${name}: ${instead}`);
    expect(config.notRun).toEqual([]);
  },
);

test("what Heartbeat does without the line is nothing to speak of", () => {
  expect(problems("syslogmsgfmt on\nuse_logd off\ncompression zlib\nhbgenmethod file")).toEqual([]);
});

test("what is done otherwise is judged all the same", () => {
  expect(problems("use_logd maybe\nuuidfrom foo\nmemreserve 0\nmax_rexmit_delay 0")).toEqual([
    "4:10 error bad-boolean",
    "5:10 error bad-choice",
    "6:12 error bad-number",
    "7:18 error bad-number",
  ]);
});
