import {
  authkeys,
  BASE_LINES,
  hacf,
  haresources,
  lines,
  type Variant,
  without,
} from "./heartbeat-variants.ts";

/**
 * More files that were given to the real Heartbeat 3.0.6, for what the 157 variants leave open: what
 * it took, and what it refused. test/packages asks it again.
 */
export interface Probe {
  readonly variant: Variant;
  readonly starts: boolean;
}

const base = lines(...BASE_LINES);

function lineProbes(starts: boolean, ...some: readonly string[]): readonly Probe[] {
  return some.map((line) => ({ variant: hacf(line, ...line.split("; ")), starts }));
}

function textProbe(starts: boolean, name: string, text: string): Probe {
  return { variant: { ...hacf(name), hacf: text }, starts };
}

function keyProbes(starts: boolean, ...some: readonly string[]): readonly Probe[] {
  return some.map((text) => ({
    variant: { ...authkeys(`authkeys ${JSON.stringify(text)}`), authkeys: text },
    starts,
  }));
}

function groupProbes(starts: boolean, ...some: readonly string[]): readonly Probe[] {
  return some.map((text) => ({
    variant: { ...haresources(`haresources ${JSON.stringify(text)}`), haresources: text },
    starts,
  }));
}

const GROUP = "zeus.example.com httpd";

/** Every one of them seen. */
export const PROBES: readonly Probe[] = [
  // Numbers are read as atoi(3) reads them.
  ...lineProbes(true, "hopfudge foo", "hopfudge 1x", "hopfudge 255", "debug foo", "debug 255"),
  ...lineProbes(
    true,
    "rtprio 1",
    "rtprio 99",
    "rtprio 5x",
    "memreserve 1x",
    "max_rexmit_delay 10x",
  ),
  ...lineProbes(true, "compression_threshold 1x", "udpport 12x", "udpport 1", "baud 9600x"),
  ...lineProbes(false, "hopfudge 256", "hopfudge -1", "debug 256", "debug -1", "rtprio 0"),
  ...lineProbes(false, "rtprio 100", "rtprio foo", "memreserve foo", "memreserve -1"),
  ...lineProbes(false, "max_rexmit_delay foo", "compression_threshold foo", "udpport 0"),
  ...lineProbes(false, "udpport -1", "baud 921600", "baud foo"),
  // Words have their case, but for autojoin and the booleans.
  ...lineProbes(false, "compression ZLIB", "msgfmt NETSTRING", "hbgenmethod File", "uuidfrom FILE"),
  ...lineProbes(false, "logfacility LOCAL0", "logfacility local8", "autojoin other"),
  ...lineProbes(true, "autojoin NONE", "auto_failback TRUE", "logfacility security"),
  ...lineProbes(false, "auto_failback enable", 'auto_failback "on"', "nice_failback maybe"),
  ...["use_logd", "syslogmsgfmt", "log_badpack", "traditional_compression", "realtime"].flatMap(
    (name) => lineProbes(false, `${name} maybe`),
  ),
  ...lineProbes(false, "use_apphbd maybe", "record_config_changes maybe"),
  ...lineProbes(true, "use_apphbd on", "record_config_changes on", "enable_config_writes on"),
  // Times.
  ...lineProbes(true, "keepalive 500us", "keepalive .2", "keepalive 2.", "keepalive 500msfoo"),
  ...lineProbes(true, "keepalive 2000MS", "keepalive 2000000usx", "keepalive 2,3"),
  ...lineProbes(false, "keepalive 499us", "keepalive +2", "keepalive 1e0", "keepalive 0x2"),
  ...lineProbes(false, "keepalive 2usx", "keepalive 0 2", "keepalive 0; keepalive 2"),
  ...lineProbes(false, "deadtime foo", "deadtime 0", "deadtime -5", "warntime foo", "warntime -1"),
  ...lineProbes(false, "initdead foo", "initdead 0", "deadping 0", "deadping foo", "deadping 4"),
  ...lineProbes(true, "deadping 4001ms", "initdead 12", "initdead 99999999999"),
  ...lineProbes(false, "initdead 11.999", "conn_logd_time 0", "conn_logd_time foo"),
  // Pacemaker, and what is for it alone.
  ...lineProbes(true, "crm no", "crm 0", "crm; crm off", "crm ccm-only"),
  ...lineProbes(false, "crm off off", "pacemaker off", "crm manual", "crm minimal", "crm Respawn"),
  ...lineProbes(false, "crm valgrind", "crmd_spawns_pengine on", "normalpoll 1"),
  ...lineProbes(true, "crm_daemon_dir /x"),
  textProbe(true, "crmd_spawns_pengine above crm", `crmd_spawns_pengine on\n${base}`),
  textProbe(false, "crm_daemon_dir above crm", `crm_daemon_dir /tmp\n${base}`),
  // A directive without a value does nothing, where it takes several; else it is refused, or worse.
  ...lineProbes(true, "serial", "ping", "watchdog", "env", "udpport", "baud", "logfacility", "crm"),
  ...lineProbes(false, "frobnicate", "bcast", "ping_group", "respawn", "failfast", "apiauth"),
  ...lineProbes(false, "stonith", "stonith_host", "mcast6", "ucast6", "ucast", "mcast"),
  // Media.
  ...lineProbes(
    true,
    "bcast lo",
    "bcast eth0,eth1",
    "serial /dev/null",
    "serial /dev/ttyS1 /dev/null",
  ),
  ...lineProbes(false, "bcast eth1:0", "udp eth9", "bcast eth1\tudp"),
  ...lineProbes(true, "mcast eth1 225.0.0.1 694 0 0", "mcast eth1 225.0.0.1 70000 1 0"),
  ...lineProbes(true, "mcast eth1 239.255.255.255 694 1 0 extra", "mcast eth1 225.0.0.1 694 x 0"),
  ...lineProbes(false, "mcast eth1", "mcast eth9 225.0.0.1 694 1 0", "mcast eth1 225.0.0.1 0 1 0"),
  ...lineProbes(false, "mcast eth1 225.0.0.1 foo 1 0", "mcast eth1 225.0.0.1 694"),
  ...lineProbes(false, "mcast eth1 225.0.0.1 694 1", "mcast eth1 225.0.0.1 694 -1 0"),
  ...lineProbes(false, "mcast eth1,225.0.0.1,694,1,0", "mcast eth1 foo 694 1 0"),
  ...lineProbes(true, "ucast eth9 10.10.10.2", "ucast eth1 10.10.10.2 10.10.10.3"),
  ...lineProbes(true, "ucast eth1 10.10.10.1", "ucast eth1 10.10.10"),
  ...lineProbes(false, "ucast eth1,10.10.10.2", "ucast eth1 # x"),
  ...lineProbes(true, "mcast6 eth1 ff02::1 694 1 0", "mcast6 eth1 ff02::1 694 0 0"),
  ...lineProbes(false, "mcast6 eth1 fe80::1 694 1 0", "mcast6 eth1 ff02::1"),
  ...lineProbes(false, "mcast6 eth1 ff02::1 694 5 0", "mcast6 eth1 ff02::1 694 1"),
  ...lineProbes(false, "mcast6 eth9 ff02::1 694 1 0", "mcast6 eth1 ff02::1 foo 0 0"),
  ...lineProbes(true, "ucast6 eth1 fe80::1", "ucast6 eth1 2001:db8::1", "ucast6 eth1 fd00::2"),
  ...lineProbes(true, "ucast6 eth1 fe80::2%eth1", "ucast6 eth1 ::ffff:10.0.0.1"),
  ...lineProbes(false, "ucast6 eth1 10.0.0.1", "ucast6 eth9 fe80::1", "ucast6 eth1 ::1"),
  ...lineProbes(false, "ucast6 eth1 ff02::1", "ucast6 eth1"),
  ...lineProbes(true, "ping 1.2.3.4 5.6.7.8", "ping 1.2.3.4 1.2.3.4"),
  ...lineProbes(false, "ping 300.1.1.1", "ping_group gw", "ping_group gw,1.2.3.4"),
  ...lineProbes(true, "ping_group gw 1.2.3.4 no.such.host.invalid"),
  { variant: without("ping alone", ["bcast"], "ping 1.2.3.4"), starts: true },
  {
    variant: hacf("64 media", ...Array.from({ length: 32 }, () => "bcast eth1 eth0")),
    starts: true,
  },
  {
    variant: hacf("66 media", ...Array.from({ length: 33 }, () => "bcast eth1 eth0")),
    starts: false,
  },
  ...[100, 101].map((count) => ({
    variant: hacf(
      `${count} nodes`,
      `node zeus.example.com ${Array.from({ length: count - 1 }, (_, n) => `n${n}`).join(" ")}`,
    ),
    starts: count === 100,
  })),
  ...lineProbes(false, "node zeus"),
  // Programs, who may connect, fencing.
  ...lineProbes(
    true,
    "respawn nobody /bin/true x",
    "respawn  root   /bin/true  x",
    "respawn root /bin",
  ),
  ...lineProbes(false, "respawn 0 /bin/true", "respawn root,/bin/true", "respawn ROOT /bin/true"),
  ...lineProbes(false, "respawn root /nosuch", "respawn root /etc/passwd", "failfast root true"),
  ...lineProbes(
    true,
    "apiauth x uid=",
    "apiauth x gid=haclient",
    "apiauth x uid=root gid=haclient",
  ),
  ...lineProbes(true, "apiauth x uid=root,hacluster", "apiauth x uid=0", "apiauth x uid=12345"),
  ...lineProbes(false, "apiauth x", "apiauth x gid=nosuchgroup", "apiauth x uid=root hacluster"),
  ...lineProbes(false, "apiauth x uid=root, hacluster", "apiauth x uid=root foo=bar"),
  ...lineProbes(false, "apiauth x uid=root,nosuch", "apiauth uid=root", "apiauth,x uid=root"),
  ...lineProbes(false, "apiauth ipfail uid=root; apiauth ipfail gid=haclient"),
  ...lineProbes(false, "stonith null /nosuch", "stonith null", "stonith_host *"),
  ...lineProbes(false, "stonith_host * nosuch x", "stonith_host * null"),
  ...lineProbes(false, "stonith_host ZEUS.example.com nosuch x"),
  ...lineProbes(true, "stonith_host hera.example.com", "stonith_host * meatware hera"),
  ...lineProbes(false, "env =x", "coreroot relative"),
  ...lineProbes(true, "env A=", "env A=B C=D", "coreroot /nosuch", "logfile relative"),
  ...lineProbes(false, "watchdog /dev/null /dev/zero"),
  // Lines.
  textProbe(false, "byte order mark", `\ufeff${base}`),
  textProbe(false, "no-break space", `${base}debug\u00a01\n`),
  textProbe(false, "vertical tab", `${base}debug\v1\n`),
  textProbe(true, "form feed", `${base}debug\f1\n`),
  textProbe(true, "NUL", `${base}debug 1\0 foo\n`),
  textProbe(false, "comma after the directive", `${base}debug,1\n`),
  textProbe(false, "comma alone", `,\n${base}`),
  textProbe(true, "line of 5119", `logfile /${"x".repeat(5110)}\n${base}`),
  textProbe(false, "line of 6000", `logfile /${"x".repeat(5991)}\n${base}`),
  textProbe(false, "comment of 6000", `#${"x".repeat(5999)}\n${base}`),
  textProbe(false, "empty", ""),
  // authkeys.
  ...keyProbes(true, "auth 4\n4 crc", "auth  4\n4\tcrc\n", " auth 4\r\n 4 crc\r\n"),
  ...keyProbes(true, "# c\n\n  # c\nauth 4\n4 crc\n   \n\t\n", "auth 4\nauth 5\n4 crc\n5 crc\n"),
  ...keyProbes(true, "auth 4\n4 crc\n4 sha1 x\n", "auth 4\n04 crc\n", "auth 4x\n4 crc\n"),
  ...keyProbes(true, "auth 4 # x\n4 crc\n", "auth4\n4 crc\n", "auth +4\n4 crc\n"),
  ...keyProbes(true, "auth 4\n4 sha1 key # x\n", "auth 4\n4 crc\n+5 crc\n"),
  ...keyProbes(true, "4 crc\nauth 4\n4 crc\n", "auth 4\n4 crc\nauth 5\n"),
  ...keyProbes(false, "auth 5\n4 crc\nauth 4\n5 crc\n", "auth 4\n4 crc x\n4 crc\n"),
  ...keyProbes(
    false,
    "auth 4\n4 crc\n5 foo\n",
    "auth 4\n4 crc\n5 md5\n",
    "auth 4\n4 crc\n16 crc\n",
  ),
  ...keyProbes(false, "auth 4\n4 crc\n-1 crc\n", "auth\n4 crc\n", "authx 4\n4 crc\n"),
  ...keyProbes(false, "auth 4\n4 CRC\n", "auth 4\n4\n", "auth 4\n4 crc\n5\n", "auth 4\n4 crc#x\n"),
  ...keyProbes(false, "\ufeffauth 4\n4 crc\n", "auth 4\n4x crc\n", "AUTH 4\n4 crc\n"),
  ...[0o666, 0o606, 0o660, 0o622, 0o611, 0o200].map((authkeysMode) => ({
    variant: { ...hacf(`authkeys of mode ${authkeysMode.toString(8)}`), authkeysMode },
    starts: (authkeysMode & 0o044) === 0,
  })),
  // haresources: only the node of each group is looked at.
  ...groupProbes(true, "", "\r\n  \n", "zeus.example.com", `\t${GROUP}`, `${GROUP} # x\r\n`),
  ...groupProbes(
    true,
    `zeus.example.com ../evil 300.1.1.1\n`,
    `${GROUP}\nhera.example.com httpd\n`,
  ),
  ...groupProbes(true, "zeus.example.com \\\nfoo bar\n", `${GROUP} # c \\\nfoo bar\n`),
  ...groupProbes(
    true,
    `${GROUP} \\\n# c \\\nfoo bar\n`,
    `${GROUP} \\`,
    "zeus.example.com\fhttpd\n",
  ),
  ...groupProbes(
    false,
    `${GROUP}\\ \nfoo bar\n`,
    "# c \\\nfoo bar\n",
    "foo \\\nzeus.example.com\n",
  ),
  ...groupProbes(
    false,
    `${GROUP} \\\n# c\nfoo bar\n`,
    `${GROUP} \\\n\nfoo\n`,
    "\\\nzeus.example.com\n",
  ),
  ...groupProbes(
    false,
    `${GROUP} \\\r\nfoo bar\r\n`,
    "zeus.example.com#x httpd\n",
    "\ufeffzeus.example.com\n",
  ),
  ...groupProbes(false, "zeus.example.com,hera.example.com httpd\n", "zeus.example.com\vhttpd\n"),
  ...groupProbes(false, `zeus.example.com ${"httpd ".repeat(1200)}\n`),
  {
    variant: {
      ...hacf("a ping node as a group's", "ping 1.2.3.4"),
      haresources: "1.2.3.4 httpd\n",
    },
    starts: true,
  },
];
