import type { ConfigFile, ConfigFiles } from "../../src/config/files.ts";

/**
 * The 157 variants of test/captures/cfgtest.jsonl, written again from their names: each is one change
 * of files that Heartbeat 3.0.6 accepts. test/packages gives the same files to the real daemon.
 */
export interface Variant {
  readonly name: string;
  readonly hacf: string | undefined;
  readonly haresources: string | undefined;
  readonly authkeys: string | undefined;
  readonly authkeysMode: number;
}

/** Some of the lines that every variant starts from. */
export const BASE_LINES: readonly string[] = [
  "logfile /var/log/ha-log",
  "debugfile /var/log/ha-debug",
  "crm off",
  "keepalive 2",
  "warntime 6",
  "deadtime 12",
  "initdead 20",
  "bcast eth1",
  "auto_failback on",
  "node zeus.example.com",
  "node hera.example.com",
];

const BASE: Variant = {
  name: "baseline",
  hacf: lines(...BASE_LINES),
  haresources: "zeus.example.com 192.168.43.53 httpd\n",
  authkeys: "auth 4\n4 crc\n",
  authkeysMode: 0o600,
};

export function lines(...some: readonly string[]): string {
  return some.map((line) => `${line}\n`).join("");
}

/** ha.cf with other lines in place of those with the same directives. */
export function hacf(name: string, ...instead: readonly string[]): Variant {
  const replaced = new Set(instead.map((line) => line.trim().split(/[\s,]+/)[0]));
  const kept = BASE_LINES.filter((line) => !replaced.has(line.split(" ")[0]));
  return { ...BASE, name, hacf: lines(...kept, ...instead) };
}

/** ha.cf without the lines of some directives, and with others. */
export function without(
  name: string,
  directives: readonly string[],
  ...more: readonly string[]
): Variant {
  const kept = BASE_LINES.filter((line) => !directives.includes(line.split(" ")[0] ?? ""));
  return { ...BASE, name, hacf: lines(...kept, ...more) };
}

function whole(name: string, change: (text: string) => string): Variant {
  return { ...BASE, name, hacf: change(BASE.hacf ?? "") };
}

export function authkeys(name: string, ...some: readonly string[]): Variant {
  return { ...BASE, name, authkeys: lines(...some) };
}

function mode(authkeysMode: number): Variant {
  return { ...BASE, name: `authkeys ${authkeysMode.toString(8)}`, authkeysMode };
}

export function haresources(name: string, ...some: readonly string[]): Variant {
  return { ...BASE, name, haresources: lines(...some) };
}

/** In the order of cfgtest.jsonl. */
export const VARIANTS: readonly Variant[] = [
  BASE,
  without("tutorial autofailback on", ["auto_failback"], "autofailback on"),
  authkeys("auth 42 crc", "auth 42", "42 crc"),
  authkeys("auth 15 crc", "auth 15", "15 crc"),
  authkeys("auth 16 crc", "auth 16", "16 crc"),
  authkeys("auth 0 crc", "auth 0", "0 crc"),
  ...[0o644, 0o640, 0o604, 0o400, 0o620, 0o700].map(mode),
  { ...BASE, name: "authkeys missing", authkeys: undefined },
  authkeys("authkeys empty"),
  authkeys("authkeys no auth line", "4 crc"),
  authkeys("authkeys auth after key", "4 crc", "auth 4"),
  authkeys("authkeys crc with key", "auth 4", "4 crc secret"),
  authkeys("authkeys md5 no key", "auth 4", "4 md5"),
  authkeys("authkeys sha1 ok", "auth 4", "4 sha1 secret"),
  authkeys("authkeys sha1 key with spaces", "auth 4", "4 sha1 a secret key"),
  authkeys("authkeys sha256 unknown", "auth 4", "4 sha256 secret"),
  authkeys("authkeys auth junk", "auth foo", "4 crc"),
  authkeys("authkeys auth missing key", "auth 5", "4 crc"),
  authkeys("authkeys comment", "auth 4", "4 crc # x"),
  authkeys("authkeys comment crc trailing spaces", "auth 4", "4 crc   "),
  authkeys("authkeys garbage line", "auth 4", "4 crc", "foo"),
  authkeys("authkeys two keys", "auth 4", "4 crc", "5 sha1 secret"),
  authkeys("authkeys negative", "auth -1", "-1 crc"),
  authkeys("authkeys word starting with a", "auth 4", "4 crc", "abc"),
  hacf("node list on one line", "node zeus.example.com hera.example.com"),
  hacf("node list comma", "node zeus.example.com,hera.example.com"),
  hacf("node uppercase", "node ZEUS.example.com", "node HERA.EXAMPLE.COM"),
  hacf("node missing self", "node hera.example.com", "node eris.example.com"),
  without("no nodes", ["node"]),
  hacf("node dup", "node zeus.example.com", "node zeus.example.com", "node hera.example.com"),
  without("no media", ["bcast"]),
  hacf("bcast missing if", "bcast eth9"),
  hacf("bcast two on a line", "bcast eth0 eth1"),
  hacf("bcast quoted", 'bcast "eth1"'),
  hacf("bcast twice same", "bcast eth1", "bcast eth1"),
  without("udp alias", ["bcast"], "udp eth1"),
  hacf("illegal directive", "frobnicate yes"),
  without("directive case", ["keepalive"], "Keepalive 2"),
  hacf("directive without value", "keepalive"),
  hacf("inline comment", "keepalive 2 # every two seconds"),
  hacf("inline comment glued", "keepalive 2#x"),
  hacf("leading spaces and tabs", " \t keepalive\t2"),
  whole("CRLF", (text) => text.replaceAll("\n", "\r\n")),
  whole("no final newline", (text) => text.trimEnd()),
  hacf("keepalive 0", "keepalive 0"),
  hacf("keepalive -1", "keepalive -1"),
  hacf("keepalive foo", "keepalive foo"),
  hacf("keepalive two values", "keepalive 2 3"),
  hacf("keepalive 500ms", "keepalive 500ms"),
  hacf("keepalive 500 ms", "keepalive 500 ms"),
  hacf("keepalive 1.5", "keepalive 1.5"),
  hacf("keepalive 1.5s", "keepalive 1.5s"),
  hacf("keepalive 2000000us", "keepalive 2000000us"),
  hacf("keepalive 1m", "keepalive 1m"),
  hacf("keepalive 1h bad unit", "keepalive 1h"),
  hacf("deadtime=2*keepalive", "deadtime 4"),
  hacf("deadtime 5", "deadtime 5"),
  hacf("deadtime<warntime", "deadtime 5", "warntime 6"),
  hacf("warntime>deadtime", "warntime 20"),
  hacf("warntime 0", "warntime 0"),
  hacf("initdead<deadtime", "initdead 10"),
  hacf("initdead<10s", "deadtime 5", "initdead 8"),
  without("initdead unset deadtime 12", ["initdead"]),
  hacf("deadping small", "deadping 3"),
  hacf("baud after media", "serial /dev/ttyS1", "baud 9600"),
  hacf("baud bad", "baud 1200"),
  hacf("baud twice", "baud 9600", "baud 19200"),
  hacf("udpport bad", "udpport foo"),
  hacf("udpport reserved 53", "udpport 53"),
  hacf("udpport 70000", "udpport 70000"),
  hacf("udpport twice", "udpport 694", "udpport 695"),
  hacf("udpport after bcast", "bcast eth1", "udpport 695"),
  hacf("serial missing", "serial /dev/ttyS9"),
  hacf("serial not full path", "serial ttyS1"),
  hacf("serial not chardev", "serial /etc/hosts"),
  hacf("ucast", "ucast eth1 10.10.10.2"),
  hacf("ucast missing addr", "ucast eth1"),
  hacf("ucast bad host", "ucast eth1 no.such.host.invalid"),
  hacf("mcast", "mcast eth1 225.0.0.1 694 1 0"),
  hacf("mcast bad addr", "mcast eth1 10.0.0.1 694 1 0"),
  hacf("mcast missing args", "mcast eth1 225.0.0.1"),
  hacf("mcast ttl 5", "mcast eth1 225.0.0.1 694 5 0"),
  hacf("mcast loop 2", "mcast eth1 225.0.0.1 694 1 2"),
  hacf("ping node", "ping 192.168.43.200"),
  hacf("ping unknown host", "ping no.such.host.invalid"),
  hacf("ping_group", "ping_group gateways 192.168.43.200 192.168.43.201"),
  hacf("auto_failback maybe", "auto_failback maybe"),
  hacf("auto_failback legacy", "auto_failback legacy"),
  hacf("auto_failback LEGACY", "auto_failback LEGACY"),
  without("auto_failback missing", ["auto_failback"]),
  hacf("auto_failback yes", "auto_failback yes"),
  hacf("auto_failback 1", "auto_failback 1"),
  hacf("auto_failback t", "auto_failback t"),
  without("nice_failback on", ["auto_failback"], "nice_failback on"),
  without("nice_failback off", ["auto_failback"], "nice_failback off"),
  hacf("respawn old path", "respawn hacluster /usr/lib/heartbeat/ccm"),
  hacf("respawn libexec", "respawn hacluster /usr/libexec/heartbeat/ccm"),
  hacf("respawn bad user", "respawn nosuchuser /bin/true"),
  hacf("respawn relative", "respawn hacluster true"),
  hacf("respawn no command", "respawn hacluster"),
  hacf("respawn args", "respawn root /bin/sleep 1000"),
  hacf("failfast", "failfast root /bin/sleep 1000"),
  hacf("watchdog missing", "watchdog /dev/nosuchwatchdog"),
  hacf("watchdog twice", "watchdog /dev/watchdog", "watchdog /dev/watchdog"),
  hacf("crm twice", "crm off", "crm off"),
  hacf("crm bad", "crm frob"),
  without("crm absent", ["crm"]),
  hacf("crm on", "crm on"),
  hacf("autojoin any with haresources", "autojoin any"),
  hacf("autojoin bad", "autojoin sometimes"),
  hacf("stonith bad type", "stonith nosuch /etc/ha.d/stonith.cfg"),
  hacf("stonith_host other node", "stonith_host hera.example.com nosuch x"),
  hacf("stonith_host null", "stonith_host * null zeus.example.com hera.example.com"),
  hacf("stonith_host ssh", "stonith_host * ssh zeus.example.com hera.example.com"),
  hacf("apiauth ok", "apiauth ipfail uid=hacluster"),
  hacf("apiauth bad", "apiauth ipfail foo"),
  hacf("apiauth dup", "apiauth x uid=root", "apiauth x uid=root"),
  hacf("apiauth nouser", "apiauth x uid=nosuchuser"),
  hacf("debug 300", "debug 300"),
  hacf("compression zlib", "compression zlib"),
  hacf("compression bz2", "compression bz2"),
  hacf("compression foo", "compression foo"),
  hacf("compression_threshold 0", "compression_threshold 0"),
  hacf("msgfmt netstring", "msgfmt netstring"),
  hacf("msgfmt xml", "msgfmt xml"),
  hacf("hopfudge 300", "hopfudge 300"),
  hacf("rtprio 200", "rtprio 200"),
  hacf("hbgenmethod time", "hbgenmethod time"),
  hacf("hbgenmethod foo", "hbgenmethod foo"),
  hacf("uuidfrom nodename", "uuidfrom nodename"),
  hacf("uuidfrom foo", "uuidfrom foo"),
  hacf("logfacility local0", "logfacility local0"),
  hacf("logfacility bad", "logfacility foo"),
  hacf("logfacility none", "logfacility none"),
  without("no logging at all", ["logfile", "debugfile"]),
  hacf("use_logd on", "use_logd on"),
  hacf("env", "env FOO=bar"),
  hacf("env bad", "env FOO"),
  hacf("max_rexmit_delay 0", "max_rexmit_delay 0"),
  hacf("memreserve 0", "memreserve 0"),
  hacf("realtime off", "realtime off"),
  hacf("coredumps maybe", "coredumps maybe"),
  hacf("include directive", "include /etc/ha.d/more.cf"),
  { ...BASE, name: "ha.cf missing", hacf: undefined },
  { ...BASE, name: "haresources missing", haresources: undefined },
  haresources("haresources empty"),
  haresources("haresources bad node", "apollo.example.com 192.168.43.53 httpd"),
  haresources("haresources short node name", "zeus 192.168.43.53 httpd"),
  haresources("haresources uppercase node", "ZEUS.example.com 192.168.43.53 httpd"),
  haresources(
    "haresources indented comment",
    "  # the web",
    "zeus.example.com 192.168.43.53 httpd",
  ),
  haresources("haresources continuation", "zeus.example.com \\", "  192.168.43.53 \\", "  httpd"),
  haresources("haresources node only", "zeus.example.com"),
];

/** The variant's files as the readers of src/config want them. */
export function filesOf(variant: Variant): ConfigFiles {
  const file = (name: string, text: string | undefined, mode?: number): ConfigFile =>
    text === undefined ? { kind: "missing", name } : { kind: "text", name, text, mode };
  return {
    hacf: file("ha.cf", variant.hacf),
    haresources: file("haresources", variant.haresources),
    authkeys: file("authkeys", variant.authkeys, variant.authkeysMode),
    tandemcf: { kind: "missing", name: "tandem.cf" },
  };
}
