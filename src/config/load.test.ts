import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HA_CF_DIRECTIVES } from "./directives.ts";
import { type ConfigFile, type ConfigFiles, FILE_BYTES_MAX, type MachineFacts } from "./files.ts";
import { PROBLEMS_MAX } from "./findings.ts";
import { mentionsOf, readConfiguration } from "./load.ts";
import type { Diagnostic } from "./types.ts";

const tutorialText = (name: string) =>
  readFileSync(new URL(`../../test/tutorial/${name}`, import.meta.url), "utf8");

const text = (name: string, content: string, mode = 0o600): ConfigFile => ({
  kind: "text",
  name,
  text: content,
  mode,
});
const missing = (name: string): ConfigFile => ({ kind: "missing", name });

const TUTORIAL: ConfigFiles = {
  hacf: text("ha.cf", tutorialText("ha.cf")),
  haresources: text("haresources", tutorialText("haresources")),
  authkeys: text("authkeys", tutorialText("authkeys")),
  tandemcf: missing("tandem.cf"),
};

/** The tutorial's files with a change: `hacf` as text, or as a file. */
function files(changes: Partial<Record<keyof ConfigFiles, string | ConfigFile>>): ConfigFiles {
  const entries = Object.entries(changes).map(([key, file]) => [
    key,
    typeof file === "string" ? text(TUTORIAL[key as keyof ConfigFiles].name, file) : file,
  ]);
  return { ...TUTORIAL, ...Object.fromEntries(entries) };
}

const hacf = (...lines: readonly string[]) =>
  files({ hacf: `${tutorialText("ha.cf")}${lines.join("\n")}\n` });

/** zeus as the story has it, with everything the files mention. */
const ZEUS: MachineFacts = {
  nodeName: "zeus.example.com",
  interfaces: [
    { name: "lo", isLoopback: true, addresses: [{ address: "127.0.0.1", prefix: 8 }] },
    { name: "eth0", isLoopback: false, addresses: [{ address: "192.168.43.51", prefix: 24 }] },
    { name: "eth1", isLoopback: false, addresses: [{ address: "10.10.10.1", prefix: 24 }] },
  ],
  devices: new Map([
    ["/dev/ttyS1", "character-device"],
    ["/dev/watchdog", "character-device"],
  ]),
  scripts: new Map([
    ["httpd", { found: true, via: "httpd", where: "/etc/init.d/httpd", atBoot: false }],
  ]),
  programs: new Map([["/usr/lib/heartbeat/ccm", "/usr/lib/heartbeat/ccm"]]),
};

const brief = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.map(({ file, line, column, severity, code }) =>
    [`${file}:${line}:${column}`, severity, code].join(" "),
  );
const errors = (changed: ConfigFiles, facts: MachineFacts | undefined = ZEUS) =>
  brief(readConfiguration(changed, facts).diagnostics.filter((one) => one.severity === "error"));
const find = (changed: ConfigFiles, code: Diagnostic["code"], facts = ZEUS) =>
  readConfiguration(changed, facts).diagnostics.filter((one) => one.code === code);

test("the tutorial's files, byte for byte, are usable and mean what their author meant", () => {
  const { config } = readConfiguration(TUTORIAL, ZEUS);
  expect(config).toEqual({
    nodes: ["zeus.example.com", "hera.example.com"],
    timers: { keepaliveMs: 2000, warntimeMs: 6000, deadtimeMs: 12_000, initdeadMs: 150_000 },
    media: [
      { kind: "serial", name: "/dev/ttyS1", device: "/dev/ttyS1", baud: 9600 },
      { kind: "bcast", name: "eth1", interface: "eth1", port: 694 },
    ],
    pings: { nodes: [], deadMs: 12_000 },
    autoFailback: "on",
    watchdog: "/dev/watchdog",
    respawn: [{ user: "hacluster", command: "/usr/lib/heartbeat/ccm" }],
    ipfail: false,
    notRun: [],
    log: { logfile: undefined, debugfile: undefined, logfacility: undefined },
    hopfudge: 1,
    msgfmt: "classic",
    realtime: true,
    groups: [
      {
        name: "192.168.43.53",
        preferred: "zeus.example.com",
        resources: [
          {
            kind: "address",
            name: "192.168.43.53",
            address: "192.168.43.53",
            prefix: undefined,
            interface: undefined,
            label: undefined,
            broadcast: undefined,
          },
          { kind: "script", name: "httpd", script: "httpd", args: [] },
        ],
      },
    ],
    keys: { active: 42, keys: [{ number: 42, method: "crc", key: "" }] },
    tandem: { mode: "availability", autoFailbackNow: false, onProbeAnswer: "check" },
  });
});

test("the check says what is worth mending in the tutorial's files, each at its place", () => {
  expect(brief(readConfiguration(TUTORIAL, ZEUS).diagnostics)).toEqual([
    "ha.cf:1:8 hint line-time",
    "ha.cf:2:1 hint not-run",
    "ha.cf:2:10 hint watchdog-sum",
    "ha.cf:6:10 hint lifetime-sum",
    "ha.cf:8:6 hint baud-after-serial",
    "ha.cf:10:1 warning lenient-autofailback",
    "ha.cf:13:1 hint not-run",
    "authkeys:2:1 hint key-number-over-15",
    "authkeys:2:4 hint no-protection",
  ]);
});

test("on a machine that has none of it the tutorial's files are still usable, with loud warnings", () => {
  const bare: MachineFacts = {
    ...ZEUS,
    devices: new Map([
      ["/dev/ttyS1", "missing"],
      ["/dev/watchdog", "missing"],
    ]),
    scripts: new Map([["httpd", { found: false, looked: ["/etc/init.d/httpd"] }]]),
    programs: new Map([["/usr/lib/heartbeat/ccm", undefined]]),
  };
  const { config, diagnostics } = readConfiguration(TUTORIAL, bare);
  expect(config).toBeDefined();
  expect(brief(diagnostics.filter((one) => one.severity === "warning"))).toEqual([
    "ha.cf:1:8 warning serial-missing",
    "ha.cf:2:10 warning watchdog-missing",
    "ha.cf:10:1 warning lenient-autofailback",
    "ha.cf:13:9 warning respawn-missing",
    "haresources:1:32 warning script-missing",
  ]);
});

test("a respawn program under another usual directory, and httpd by its other name, are found", () => {
  const debian: MachineFacts = {
    ...ZEUS,
    scripts: new Map([
      ["httpd", { found: true, via: "apache2", where: "/etc/init.d/apache2", atBoot: false }],
    ]),
    programs: new Map([["/usr/lib/heartbeat/ccm", "/usr/libexec/heartbeat/ccm"]]),
  };
  expect(find(TUTORIAL, "respawn-elsewhere", debian)[0]?.mend).toBe(
    "Write `respawn hacluster /usr/libexec/heartbeat/ccm`.",
  );
  expect(find(TUTORIAL, "script-alias", debian)[0]?.message).toContain("/etc/init.d/apache2");
});

test("ipfail is built in: no program of that name is looked for, and nothing is not run", () => {
  const files = hacf("ping 192.168.43.1\nrespawn hacluster /usr/lib/heartbeat/ipfail -v");
  expect(mentionsOf(files).programs).not.toContain("/usr/lib/heartbeat/ipfail");
  const { config, diagnostics } = readConfiguration(files, ZEUS);
  expect(config).toMatchObject({ ipfail: true, respawn: [{ command: "/usr/lib/heartbeat/ccm" }] });
  expect(diagnostics.filter(({ line }) => line > 13)).toEqual([]);
});

test("ipfail without ping nodes has nothing to compare, which is a hint", () => {
  const files = hacf("respawn hacluster /opt/ha/ipfail");
  expect(brief(readConfiguration(files, undefined).diagnostics)).toContain(
    "ha.cf:14:9 hint ipfail-without-ping",
  );
});

test("a program that is only called like it is none", () => {
  const { config } = readConfiguration(hacf("respawn root /bin/noipfail"), undefined);
  expect(config).toMatchObject({ ipfail: false });
});

test("offline, no machine is asked", () => {
  const { config, diagnostics } = readConfiguration(hacf("bcast eth9"), undefined);
  expect(config).toBeDefined();
  expect(brief(diagnostics)).not.toContain("ha.cf:14:7 error no-such-interface");
  expect(errors(hacf("bcast eth9"))).toEqual(["ha.cf:14:7 error no-such-interface"]);
});

test("an unknown or misspelt directive is an error with the nearest name", () => {
  expect(errors(hacf("keepalvie 2", "Deadtime 12", "frobnicate yes"))).toEqual([
    "ha.cf:14:1 error unknown-directive",
    "ha.cf:15:1 error unknown-directive",
    "ha.cf:16:1 error unknown-directive",
  ]);
  const mends = find(hacf("keepalvie 2", "Deadtime 12"), "unknown-directive").map(
    (one) => one.mend,
  );
  expect(mends).toEqual(["Write `keepalive`.", "Write `deadtime`."]);
});

test.each([
  ["keepalive 2s", 11, "`2`"],
  ["keepalive 1m", 11, "`60`"],
  ["keepalive 0.5h", 11, "`1800`"],
  ["keepalive 500 ms", 15, "`keepalive 500ms`"],
  ["keepalive 2 seconds", 13, "`keepalive 2`"],
])(
  "the wrong unit in `%s` is an error under the caret, with what to write",
  (line, column, mend) => {
    const [found, ...others] = find(hacf(line), "bad-time");
    expect(others).toEqual([]);
    expect(found).toMatchObject({ line: 14, column, severity: "error", mend });
  },
);

test.each(["keepalive -1", "keepalive foo", "keepalive 99999999999", "keepalive 1constructor"])(
  "`%s` is an error",
  (line) => {
    expect(find(hacf(line), "bad-time")).toHaveLength(1);
  },
);

test("a machine that is not among the nodes is told by name, with the mend", () => {
  const here = { ...ZEUS, nodeName: "zeus" };
  const [found] = find(TUTORIAL, "own-node-missing", here);
  expect(found).toMatchObject({ line: 11, column: 6 });
  expect(found?.mend).toContain("hostnamectl set-hostname zeus.example.com");
  expect(errors(TUTORIAL, { ...ZEUS, nodeName: "ZEUS.example.COM" })).toEqual([]);
});

test("absent, unreadable and monstrous files are each one diagnostic, all told together", () => {
  expect(
    errors({
      hacf: missing("ha.cf"),
      haresources: { kind: "unreadable", name: "haresources", reason: "EACCES" },
      authkeys: { kind: "too-large", name: "authkeys", sizeBytes: 10 ** 7 },
      tandemcf: text("tandem.cf", "x".repeat(FILE_BYTES_MAX + 1)),
    }),
  ).toEqual([
    "ha.cf:0:0 error file-missing",
    "haresources:0:0 error file-unreadable",
    "authkeys:0:0 error file-too-large",
    "tandem.cf:0:0 error file-too-large",
  ]);
});

test("keys that others may read are an error with the command that mends it", () => {
  for (const mode of [0o644, 0o640, 0o604]) {
    const changed = files({ authkeys: text("authkeys", "auth 1\n1 crc\n", mode) });
    expect(find(changed, "bad-permissions")[0]?.mend).toBe("`chmod 600 authkeys`");
  }
  // Heartbeat looks at the read bits alone.
  for (const mode of [0o600, 0o400, 0o620, 0o700])
    expect(errors(files({ authkeys: text("authkeys", "auth 1\n1 crc\n", mode) }))).toEqual([]);
});

test("CRLF and a missing last newline are told and read as they are meant", () => {
  const crlf = files({
    hacf: tutorialText("ha.cf").replaceAll("\n", "\r\n"),
    haresources: tutorialText("haresources").trimEnd(),
    authkeys: "auth 42\r\n42 crc",
  });
  expect(readConfiguration(crlf, ZEUS).config).toEqual(readConfiguration(TUTORIAL, ZEUS).config);
  expect(find(crlf, "crlf").map((one) => one.file)).toEqual(["ha.cf", "authkeys"]);
  expect(brief(find(crlf, "no-final-newline"))).toEqual([
    "haresources:1:36 hint no-final-newline",
    "authkeys:2:6 hint no-final-newline",
  ]);
});

test("NUL bytes, control characters and what is not UTF-8 are errors of their lines", () => {
  expect(errors(hacf("keep\0alive 2", "debug 1\x1b[2J", "\ufffd", "debug 1\r2"))).toEqual([
    "ha.cf:14:5 error nul-byte",
    "ha.cf:15:8 error control-character",
    "ha.cf:16:1 error not-utf-8",
    "ha.cf:17:8 error control-character",
  ]);
});

test("a no-break space copied from a web page is told, in a comment it harms nobody", () => {
  expect(errors(hacf("debug\u00a01", "debug 1 # \u00a0 \ufffd"))).toEqual([
    "ha.cf:14:6 error control-character",
  ]);
  const key = files({ authkeys: "# M\ufffdller\nauth 1\n1 sha1 a#\ufffd\n" });
  expect(errors(key)).toContain("authkeys:3:10 error not-utf-8");
});

test("duplicate and surplus nodes are errors, upper and lower case alike", () => {
  expect(errors(hacf("node HERA.example.com", "node eris"))).toEqual([
    "ha.cf:14:6 error duplicate-node",
    "ha.cf:15:6 error too-many-nodes",
  ]);
  expect(errors(files({ hacf: "bcast eth1\nauto_failback on\n" }))).toContain(
    "ha.cf:0:0 error no-nodes",
  );
});

test("a thousand problems are counted, a hundred are shown", () => {
  const { diagnostics } = readConfiguration(
    files({ hacf: "frobnicate\n".repeat(1000) }),
    undefined,
  );
  const shown = diagnostics.filter((one) => one.code === "unknown-directive");
  expect(shown).toHaveLength(PROBLEMS_MAX);
  expect(find(files({ hacf: "frobnicate\n".repeat(1000) }), "too-many-problems")).toMatchObject([
    { severity: "error", message: "and 900 more problems in this file" },
  ]);
});

test("a line longer than Heartbeat reads is an error", () => {
  expect(errors(hacf(`logfile /${"x".repeat(6000)}`))).toEqual([
    "ha.cf:14:5120 error line-too-long",
  ]);
});

test("what a machine must be asked is gathered from the files, usable or not", () => {
  expect(mentionsOf(hacf("frobnicate"))).toEqual({
    devices: ["/dev/ttyS1", "/dev/watchdog"],
    scripts: ["httpd"],
    programs: ["/usr/lib/heartbeat/ccm"],
  });
});

test("there is a configuration exactly if there is no error", () => {
  for (const changed of [
    TUTORIAL,
    hacf("frobnicate"),
    hacf("node eris"),
    files({ authkeys: "" }),
  ]) {
    const { config, diagnostics } = readConfiguration(changed, ZEUS);
    expect(config !== undefined).toBe(!diagnostics.some((one) => one.severity === "error"));
  }
});

const anyBytes = fc
  .uint8Array({ maxLength: 400 })
  .map((bytes) => Buffer.from(bytes).toString("utf8"));
const names = HA_CF_DIRECTIVES.map((directive) => directive.name);
const nearlyRight = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...names,
        "auth",
        "crc",
        "sha1",
        "1",
        "42",
        "500",
        "ms",
        "on",
        "-1",
        "constructor",
      ),
      fc.constantFrom(
        " ",
        "\n",
        "\t",
        "\\\n",
        "#",
        "::",
        "/",
        "192.168.43.53",
        "IPaddr",
        "__proto__",
      ),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 60 },
  )
  .map((words) => words.join(""));
const anyText = fc.oneof(anyBytes, nearlyRight);

test("no bytes in any file make it throw, and every diagnostic names a place in its file", () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, anyText, fc.boolean(), (a, b, c, d, isOffline) => {
      const random = { hacf: a, haresources: b, authkeys: c, tandemcf: text("tandem.cf", d) };
      const { config, diagnostics } = readConfiguration(
        files(random),
        isOffline ? undefined : ZEUS,
      );
      mentionsOf(files(random));
      expect(config !== undefined).toBe(!diagnostics.some((one) => one.severity === "error"));
      const texts = new Map([
        ["ha.cf", a],
        ["haresources", b],
        ["authkeys", c],
        ["tandem.cf", d],
      ]);
      for (const { file, line, column, length } of diagnostics) {
        if (line === 0) continue;
        const source = (texts.get(file) ?? "").replace(/^\ufeff/, "").split("\n")[line - 1];
        expect(source).toBeDefined();
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column - 1).toBeLessThanOrEqual(source?.length ?? 0);
        expect(length).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 500 },
  );
});
