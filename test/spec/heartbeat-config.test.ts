import fc from "fast-check";
import { expect, test } from "vitest";
import type { MachineFacts } from "../../src/config/files.ts";
import { judgeForHeartbeat } from "../../src/config/heartbeat/check.ts";
import { type HeartbeatFacts, keyOf, type Question } from "../../src/config/heartbeat/facts.ts";
import { readConfiguration } from "../../src/config/load.ts";
import { PROBES } from "./heartbeat-probes.ts";
import { filesOf, VARIANTS, type Variant } from "./heartbeat-variants.ts";
import { captured } from "./heartbeat-verdicts.ts";

const seen = captured();

/** zeus as it was when the variants were tried. */
const ABSENT: ReadonlySet<string> = new Set(
  (
    [
      ["user", "nosuchuser", "nosuch", "ROOT", "0", "root,/bin/true"],
      ["group", "nosuchgroup"],
      ["host", "no.such.host.invalid", "300.1.1.1"],
      ["program", "/usr/lib/heartbeat/ccm", "/nosuch", "/etc/passwd"],
      ["file", "/dev/ttyS9", "/nosuch", "/etc/ha.d/stonith.cfg"],
      ["character-device", "/etc/hosts"],
    ] as const
  ).flatMap(([kind, ...names]) => names.map((name) => keyOf({ kind, name }))),
);

const interfaces = [
  { name: "lo", isLoopback: true, addresses: [{ address: "127.0.0.1", prefix: 8 }] },
  { name: "eth0", isLoopback: false, addresses: [{ address: "192.168.43.51", prefix: 24 }] },
  { name: "eth1", isLoopback: false, addresses: [{ address: "10.10.10.1", prefix: 24 }] },
];

function factsFor(questions: readonly Question[]): HeartbeatFacts {
  const answers = questions.map((one) => ({ ...one, is: !ABSENT.has(keyOf(one)) }));
  return { nodeName: "zeus.example.com", interfaces, answers };
}

function verdictOn(variant: Variant) {
  const files = filesOf(variant);
  const { questions } = judgeForHeartbeat(files, undefined, "zeus.example.com");
  return judgeForHeartbeat(files, factsFor(questions));
}

test("the variants are those that the real daemon was given", () => {
  expect(VARIANTS.map((variant) => variant.name)).toEqual(seen.map((one) => one.name));
  expect(seen).toHaveLength(157);
});

test.each(seen)("`$name`: our judgement is what 3.0.6 did", ({ name, started }) => {
  const variant = VARIANTS.find((one) => one.name === name);
  expect(variant && verdictOn(variant).starts).toBe(started);
});

test.each(PROBES)("`$variant.name`: our judgement is what 3.0.6 did", ({ variant, starts }) => {
  expect(verdictOn(variant).starts).toBe(starts);
});

test("a refusal names its place in the file, unless the whole file is wrong, and the mend", () => {
  const wholeFile = [
    ...["authkeys 644", "authkeys 640", "authkeys 604", "authkeys missing", "authkeys empty"],
    ...["authkeys no auth line"],
    ...["no nodes", "no media", "ha.cf missing", "haresources missing"],
  ];
  for (const variant of VARIANTS) {
    const refusals = verdictOn(variant).diagnostics.filter((one) => one.severity === "error");
    for (const { mend, message } of refusals) {
      expect(message).not.toBe("");
      expect(mend).not.toBe("");
    }
    const isPlaced = refusals.every((one) => one.line > 0 && one.column > 0);
    expect([variant.name, isPlaced]).toEqual([variant.name, !wholeFile.includes(variant.name)]);
  }
});

/** Refused by 3.0.6, usable for Tandem, and why. */
const MORE_LENIENT: Readonly<Record<string, string>> = {
  "tutorial autofailback on": "what tutorials write is taken as auto_failback, with a warning",
  "auth 42 crc": "key numbers above 15 are taken, with a hint (product.md 1)",
  "auth 16 crc": "key numbers above 15 are taken, with a hint (product.md 1)",
  "authkeys auth after key": "`auth` counts wherever it stands, with a hint",
  "authkeys sha256 unknown": "sha256 is Tandem's own, with a hint",
  "baud twice": "the last one counts, with a warning",
  "serial missing": "a device may come later: a warning and a degraded status, no refusal",
  "serial not chardev": "the pair runs without this cable, with a warning",
  "ucast bad host": "a name is looked up again and again while the daemon runs",
  "ping unknown host": "not run by this version",
  "respawn old path": "a program is looked for under the usual directories, with a warning",
  "respawn bad user": "not run by this version, so no user is needed",
  "watchdog twice": "the last one counts, with a warning",
  "crm twice": "the last one counts, with a warning; off is what Tandem does anyway",
  "stonith bad type": "not run by this version, with a warning",
  "apiauth bad": "not run by this version",
  "apiauth dup": "not run by this version",
  "apiauth nouser": "not run by this version",
};

/** Accepted by 3.0.6, not usable for Tandem, and why. */
const STRICTER: Readonly<Record<string, string>> = {
  "node dup": "a node named twice is a slip, perhaps for the other node's name",
  "udpport 70000": "there is no such port: 3.0.6 uses its low 16 bits",
};

const tandemFacts: MachineFacts = {
  nodeName: "zeus.example.com",
  interfaces,
  devices: new Map([
    ["/dev/ttyS1", "character-device"],
    ["/dev/ttyS9", "missing"],
    ["/etc/hosts", "other"],
    ["/dev/watchdog", "missing"],
    ["/dev/nosuchwatchdog", "missing"],
  ]),
  scripts: new Map(),
  programs: new Map(),
};

test("where Tandem takes more, or less, than 3.0.6 stands in a list with the reason", () => {
  const differing = seen.flatMap(({ name, started }, index) => {
    const variant = VARIANTS[index];
    const { config } = readConfiguration(filesOf(variant as Variant), tandemFacts);
    return (config !== undefined) === started ? [] : [{ name, started }];
  });
  const names = (started: boolean) =>
    differing.filter((one) => one.started === started).map((one) => one.name);
  expect(names(false)).toEqual(Object.keys(MORE_LENIENT));
  expect(names(true)).toEqual(Object.keys(STRICTER));
});

test("no bytes in any file make it throw, and no word of authkeys but a number is ever told", () => {
  const secret = "Tr0ub4dor";
  const word = fc.oneof(
    fc.constantFrom("auth", "4", "crc", "sha1", " ", "\n", secret, "node", "keepalive", "\\\n"),
    fc.string({ maxLength: 5 }),
  );
  const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(""));
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      const files = filesOf({
        ...{ name: "", hacf: a, haresources: b, authkeys: c, authkeysMode: 0o600 },
      });
      const { starts, diagnostics } = judgeForHeartbeat(files, undefined, "zeus");
      expect(starts).toBe(!diagnostics.some((one) => one.severity === "error"));
      const ofKeys = diagnostics.filter((one) => one.file === "authkeys");
      expect(JSON.stringify(ofKeys)).not.toContain(secret);
    }),
  );
});
