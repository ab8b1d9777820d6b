import { expect, test } from "vitest";
import { nodeName } from "../base/names.ts";
import type { MachineFacts } from "./files.ts";
import { Findings } from "./findings.ts";
import { checkGroupsHere, readHaResources } from "./haresources.ts";

const NODES = [nodeName("zeus.example.com"), nodeName("hera.example.com")];

function read(text: string, facts?: MachineFacts) {
  const findings = new Findings("haresources");
  const file = { kind: "text", name: "haresources", text, mode: undefined } as const;
  const groups = readHaResources(file, NODES, findings);
  if (facts !== undefined) checkGroupsHere(groups, facts, findings);
  return { groups: groups.map((group) => group.config), diagnostics: findings.list() };
}

const brief = (text: string, facts?: MachineFacts) =>
  read(text, facts).diagnostics.map(
    ({ line, column, length, severity, code }) => `${line}:${column}+${length} ${severity} ${code}`,
  );
const addressOf = (word: string) => read(`zeus.example.com ${word}\n`).groups[0]?.resources[0];

test("groups come in the order of the file, each named by its first resource, node in any case", () => {
  const { groups, diagnostics } = read(
    "# the web\nZEUS.example.com 192.168.43.53 httpd # here\n\nhera.example.com squid 10.0.0.9\n",
  );
  expect(diagnostics).toEqual([]);
  expect(groups.map(({ name, preferred }) => [name, preferred])).toEqual([
    ["192.168.43.53", "zeus.example.com"],
    ["squid", "hera.example.com"],
  ]);
});

test("lines that end in a backslash go on, and carets still find their words", () => {
  const text = "zeus.example.com \\\n  192.168.43.53 \\\n\thttpd::a /bad\n";
  expect(read(text).groups[0]?.resources.map((one) => one.name)).toEqual([
    "192.168.43.53",
    "httpd::a",
  ]);
  expect(brief(text)).toEqual(["3:11+4 error bad-resource"]);
});

test("a comment ends a continuation, and a backslash elsewhere is an error", () => {
  expect(read("zeus.example.com httpd # \\\nhera.example.com squid\n").groups).toHaveLength(2);
  expect(brief("zeus.example.com httpd \\ \n")).toEqual(["1:24+1 error stray-backslash"]);
});

test("a continuation that Heartbeat would glue to one word is told", () => {
  expect(brief("zeus.example.com httpd\\\nsquid\n")).toEqual([
    "2:1+1 warning continuation-without-blank",
  ]);
});

test.each([
  ["2001:db8::5", "IPv6addr::2001:db8:0:0:0:0:0:5"],
  ["2001:db8:0:0:0:0:0:5", "IPv6addr::2001:db8:0:0:0:0:0:5"],
  ["::1", "IPv6addr::0:0:0:0:0:0:0:1"],
  ["IPv6addr::2001:db8::5/64/eth0", "IPv6addr::2001:db8:0:0:0:0:0:5/64/eth0"],
])("`%s` is refused, with the way to write that IPv6 address", (word, mend) => {
  const { groups, diagnostics } = read(`zeus.example.com ${word} httpd\n`);
  expect(diagnostics).toMatchObject([{ severity: "error", code: "bad-address", column: 18 }]);
  expect(diagnostics[0]?.mend).toBe(`Write \`${mend}\`.`);
  expect(groups[0]?.resources).toHaveLength(1);
});

test.each(["IPv6addr::2001:db8:0:0:0:0:0:5/64/eth0", "db::1", "httpd::a:b"])(
  "`%s` is a script with its argument",
  (word) => {
    expect(brief(`zeus.example.com ${word}\n`)).toEqual([]);
    expect(addressOf(word)?.kind).toBe("script");
  },
);

test.each([
  ["192.168.43.60", {}],
  ["192.168.43.60/24", { prefix: 24 }],
  ["192.168.43.60/255.255.255.128", { prefix: 25 }],
  ["192.168.43.60/255.255.255.255/eth0", { prefix: 32, interface: "eth0" }],
  ["192.168.43.60/0.0.0.0", { prefix: 0 }],
  ["192.168.43.60/25/eth0", { prefix: 25, interface: "eth0" }],
  ["192.168.43.60/24/eth0:1", { prefix: 24, interface: "eth0", label: "eth0:1" }],
  ["192.168.43.60/24/192.168.43.200", { prefix: 24, broadcast: "192.168.43.200" }],
  [
    "192.168.43.60/24/eth0/192.168.43.255",
    { prefix: 24, interface: "eth0", broadcast: "192.168.43.255" },
  ],
  ["IPaddr::192.168.43.60/32/eth1", { prefix: 32, interface: "eth1" }],
  ["IPaddr2::192.168.43.60", {}],
])("`%s` is an address, as Heartbeat reads it", (word, parts) => {
  expect(addressOf(word)).toEqual({
    kind: "address",
    name: word,
    address: "192.168.43.60",
    prefix: undefined,
    interface: undefined,
    label: undefined,
    broadcast: undefined,
    ...parts,
  });
});

test.each([
  ["192.168.43.256", 18, 14],
  ["192.168.043.60", 18, 14],
  ["192.168.43.60/33", 32, 2],
  ["192.168.43.60/255.0.255.0", 32, 11],
  ["192.168.43.60/24/eth0/bcast", 40, 5],
  ["192.168.43.60/24/eth0:abcdefghijklm", 35, 18],
  ["192.168.43.60/24/eth0/192.168.43.255/x", 55, 1],
  ["192.168.43.60/", 32, 1],
  ["IPaddr::web", 26, 3],
  ["IPaddr::", 26, 1],
])("`%s` is an error under its wrong part", (word, column, length) => {
  expect(brief(`zeus.example.com ${word}\n`)).toEqual([`1:${column}+${length} error bad-address`]);
});

test("a script has its arguments behind `::`, and its name leads into no other directory", () => {
  expect(addressOf("Filesystem::/dev/sdb1::/data::ext4")).toEqual({
    kind: "script",
    name: "Filesystem::/dev/sdb1::/data::ext4",
    script: "Filesystem",
    args: ["/dev/sdb1", "/data", "ext4"],
  });
  expect(brief("zeus.example.com ../evil ::x -rf\n")).toEqual([
    "1:18+7 error bad-resource",
    "1:26+3 error bad-resource",
    "1:30+3 error bad-resource",
  ]);
});

test("an unknown node is an error with the full name that was meant", () => {
  const { diagnostics } = read("zeus httpd\n");
  expect(diagnostics).toMatchObject([
    { line: 1, column: 1, code: "unknown-node", mend: "Write `zeus.example.com`." },
  ]);
});

test("a group's name, an address and a resource within a group are there only once", () => {
  expect(
    brief(
      "zeus.example.com httpd 10.0.0.1/24\nhera.example.com httpd\nhera.example.com squid 10.0.0.1 squid\n",
    ),
  ).toEqual([
    "2:18+5 error duplicate-group",
    "3:24+8 error duplicate-address",
    "3:33+5 warning duplicate-resource",
  ]);
});

test("nothing to own is worth a hint, no error: Heartbeat takes it too", () => {
  expect(brief("zeus.example.com\n")).toEqual(["1:1+16 hint empty-group"]);
  expect(brief("# nothing\n")).toEqual(["0:0+1 hint no-groups"]);
});

test("an address needs an interface of this machine, by its network or by name", () => {
  const facts: MachineFacts = {
    nodeName: "zeus.example.com",
    interfaces: [
      { name: "eth0", isLoopback: false, addresses: [{ address: "192.168.43.51", prefix: 24 }] },
    ],
    devices: new Map(),
    scripts: new Map(),
    programs: new Map(),
  };
  expect(
    brief("zeus.example.com 192.168.43.1 192.168.44.1 10.0.0.1/24/eth0 10.0.0.2/24/eth7\n", facts),
  ).toEqual([
    "1:31+12 warning service-interface-missing",
    "1:61+16 warning service-interface-missing",
  ]);
});

test("a service that the machine starts itself is a warning, with the mend", () => {
  const facts = (atBoot: boolean): MachineFacts => ({
    nodeName: "zeus.example.com",
    interfaces: [],
    devices: new Map(),
    scripts: new Map([
      ["httpd", { found: true, via: "apache2", where: "apache2.service", atBoot }],
    ]),
    programs: new Map(),
  });
  const about = (atBoot: boolean) =>
    read("zeus.example.com httpd\n", facts(atBoot)).diagnostics.map(({ code, mend }) => [
      code,
      mend,
    ]);
  expect(about(true)).toContainEqual(["starts-at-boot", "Run `systemctl disable apache2`."]);
  expect(about(false).map(([code]) => code)).toEqual(["script-alias"]);
});

/** Lines of tutorials, mailing lists and manuals, and what they come to. */
test.each([
  [
    "IPaddr2::10.0.0.5/24/eth0/10.0.0.255 drbddisk::r0 Filesystem::/dev/drbd0::/data::ext3::defaults,noatime MailTo::root@localhost::Web_server httpd",
    [
      "10.0.0.5/24 eth0",
      "drbddisk r0",
      "Filesystem /dev/drbd0 /data ext3 defaults,noatime",
      "MailTo root@localhost Web_server",
      "httpd",
    ],
  ],
  [
    "10.0.0.5/24/eth0:0 10.0.0.6/255.255.255.0/eth0:web",
    ["10.0.0.5/24 eth0:0", "10.0.0.6/24 eth0:web"],
  ],
  [
    "\tdrbdupper::r0\tFilesystem::nas:/export::/mnt::nfs\t\tkillnfsd",
    ["drbdupper r0", "Filesystem nas:/export /mnt nfs", "killnfsd"],
  ],
  ["LVM::vg00 Filesystem::-Lhome::/home::ext3", ["LVM vg00", "Filesystem -Lhome /home ext3"]],
  [
    "ldirectord::/etc/ha.d/ldirectord.cf LVSSyncDaemonSwap::master IPaddr2::10.0.0.5/32/lo",
    ["ldirectord /etc/ha.d/ldirectord.cf", "LVSSyncDaemonSwap master", "10.0.0.5/32 lo"],
  ],
  [
    "portblock::tcp::80::block IPsrcaddr::10.0.0.5",
    ["portblock tcp 80 block", "IPsrcaddr 10.0.0.5"],
  ],
  ["Delay::5::0 OCF::IPaddr2::ip=10.0.0.5", ["Delay 5 0", "OCF IPaddr2 ip=10.0.0.5"]],
  [
    "MailTo::a@b.example,c@d.example::Größe! # für später",
    ["MailTo a@b.example,c@d.example Größe!"],
  ],
  ["postgresql-9.6 vsftpd@one", ["postgresql-9.6", "vsftpd@one"]],
])("`%s` is read as it was meant, with or without a newline at its end", (line, meant) => {
  for (const end of ["\n", "\r\n", ""]) {
    const { groups, diagnostics } = read(`# Müller \ufffd\nzeus.example.com ${line}${end}`);
    const resources = groups[0]?.resources.map((one) =>
      one.kind === "script"
        ? [one.script, ...one.args].join(" ")
        : `${one.address}/${one.prefix} ${one.label ?? one.interface}`,
    );
    expect(resources).toEqual(meant);
    expect(diagnostics.filter((one) => !["crlf", "no-final-newline"].includes(one.code))).toEqual(
      [],
    );
  }
});
