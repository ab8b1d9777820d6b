/**
 * A row of the table in docs/ha.cf.md for each directive. `tandem` is left out where the table of
 * directives says it already: what is not run, or done otherwise. `test`: a file, with the title of
 * one of its tests behind a colon; or the folder of a story.
 */
export interface Row {
  readonly heartbeat: string;
  readonly tandem?: string;
  readonly test: string;
}

const HA_CF = "src/config/ha-cf.test.ts";
const MEDIA = "src/config/media.test.ts";
const LIVENESS = "src/core/channel/liveness.test.ts";
const PINGS = "src/pulse/loop-pings.test.ts";
const SETTINGS = "src/pulse/loop-settings.test.ts";
const OTHERWISE = `${HA_CF}: %s is accepted with a sentence on what is done instead`;
const NOT_RUN = `${HA_CF}: what is asked for in vain is kept for the status`;
const STATUS =
  "src/core/cluster/status-of.test.ts: what ha.cf asks for and this version does not run is listed";
const TOLD = `${HA_CF}: \`%s\` is told at its place`;
const MEDIUM = "a medium; refuses to start without the interface, and without all its parts";

/** What Heartbeat does was seen with 3.0.6 (test/captures, test/packages). */
export const HEARTBEAT_TABLE: Readonly<Record<string, Row>> = {
  node: {
    heartbeat:
      "up to 100 nodes, twice named unnoticed; refuses to start where its own is not named",
    tandem: "a pair; a name that stands twice, a third node, and its own missing are errors",
    test: "src/config/load.test.ts: duplicate and surplus nodes are errors, upper and lower case alike",
  },
  auto_failback: {
    heartbeat: "on, off or legacy, each with its own words on the wire; without the line legacy",
    tandem: "the same, and between two Tandem nodes legacy is on; after a death it waits 60 s",
    test: "src/core/cluster/failback.test.ts: auto_failback %s: the group is then on %s",
  },
  autofailback: {
    heartbeat: "refuses to start",
    tandem: "takes it as auto_failback, with a warning",
    test: "src/config/load.test.ts: the check says what is worth mending in the tutorial's files",
  },
  nice_failback: {
    heartbeat: "complains; on and off both end as legacy",
    tandem: "takes it as legacy, with a warning",
    test: TOLD,
  },
  crm: {
    heartbeat: "hands the resources to Pacemaker; refuses to start where it is not installed",
    tandem: "refuses all but off, with the way out",
    test: TOLD,
  },
  pacemaker: {
    heartbeat: "as crm; both together are refused",
    tandem: "as crm",
    test: TOLD,
  },
  autojoin: {
    heartbeat: "refuses all but none with haresources",
    tandem: "refuses all but none",
    test: TOLD,
  },
  watchdog: { heartbeat: "feeds the device; runs on without it", test: STATUS },
  respawn: {
    heartbeat: "runs the program, and again when it ends; refuses to start without it",
    tandem: "ipfail is built in, needs no program and keeps to a budget of moves; others: not run",
    test: "src/core/cluster/reach.test.ts: the owner that reaches fewer gives its group to the other",
  },
  failfast: {
    heartbeat: "as respawn, and restarts the machine when the program ends",
    test: TOLD,
  },
  hopfudge: {
    heartbeat: "adds it to the nodes for the `ttl` of a message; a word is 0",
    tandem: "the same; a word is an error",
    test: `${SETTINGS}: hopfudge is added to the nodes for the ttl`,
  },
  msgfmt: {
    heartbeat:
      "classic: each message has a signature of its own inside; netstring: the outer one alone",
    tandem: "the same; reads both always",
    test: `${SETTINGS}: msgfmt says whether the message is signed inside too`,
  },
  realtime: {
    heartbeat: "SCHED_RR and locked memory, unless off",
    tandem: "SCHED_RR, unless off; memory is not locked",
    test: `${SETTINGS}: realtime off asks for no priority`,
  },
  keepalive: {
    heartbeat: "beats that often; 0 and what it cannot read it refuses without a word",
    tandem: "the same, with the reason; slower on a serial line that is alone",
    test: "src/core/channel/upkeep.test.ts",
  },
  warntime: {
    heartbeat: "logs a later beat as late; refuses 0",
    tandem: "the same",
    test: `${LIVENESS}: is late at warntime, suspect a second before and silent at its dead time`,
  },
  deadtime: {
    heartbeat: "dead after that silence; refuses what is not more than twice keepalive",
    tandem: "the same, after it has asked the address itself who answers",
    test: "test/scenarios/power-cut-and-takeover",
  },
  initdead: {
    heartbeat: "the same at the start; refuses less than deadtime, warns below 10 s",
    tandem: "the same, counted from the boot of the machine",
    test: `${LIVENESS}: that was never heard is silent after initdead`,
  },
  deadping: {
    heartbeat: "the same for ping nodes; refuses what is not more than twice keepalive",
    tandem: "the same",
    test: `${PINGS}: is dead deadping after its last answer, and up again by the next`,
  },
  bcast: {
    heartbeat: "a medium; refuses to start without the interface or its address",
    tandem: "a medium that may be missing now and come later",
    test: "test/contract/udp-medium.lab.test.ts",
  },
  udp: { heartbeat: "takes it as bcast, with a warning", tandem: "the same", test: TOLD },
  serial: {
    heartbeat: "a medium; refuses to start without the device",
    tandem: "a medium that may be missing now and come later",
    test: "test/contract/serial-medium.lab.test.ts",
  },
  baud: {
    heartbeat: "once, and only for the serial lines below it; 19200 for those above, unsaid",
    tandem: "counts wherever it stands, and says what a Heartbeat would make of it",
    test: `${HA_CF}: baud and udpport count wherever they stand`,
  },
  udpport: {
    heartbeat: "only for the media below it; takes 70000",
    tandem: "counts wherever it stands; 1 to 65535",
    test: `${HA_CF}: baud and udpport count wherever they stand`,
  },
  ucast: {
    heartbeat:
      "a medium; a name must resolve at the start, an empty line ends it with a segmentation fault",
    tandem: "a medium; a name is looked up again and again, an empty line does nothing",
    test: `${MEDIA}: the ucast lines of one interface are one medium, by address or by name`,
  },
  ucast6: {
    heartbeat: MEDIUM,
    tandem: "a medium that may be missing now and come later",
    test: `${MEDIA}: every kind of line is a medium, called like its interface`,
  },
  mcast: {
    heartbeat: `${MEDIUM}; an empty line ends it with a segmentation fault`,
    tandem: "a medium that may be missing now and come later",
    test: `${MEDIA}: every kind of line is a medium, called like its interface`,
  },
  mcast6: {
    heartbeat: MEDIUM,
    tandem: "a medium that may be missing now and come later",
    test: `${MEDIA}: every kind of line is a medium, called like its interface`,
  },
  ping: {
    heartbeat: "a pseudo-node that answers pings; refuses a name that does not resolve",
    tandem: "the same on the wire and in the status; a name is looked up again and again",
    test: "test/spec/ping-captures.test.ts",
  },
  ping_group: {
    heartbeat: "one pseudo-node of several hosts; drops a name that does not resolve",
    tandem: "the same; a name is looked up again and again",
    test: "test/scenarios/ping-nodes-are-watched",
  },
  logfile: {
    heartbeat: "everything but debug lines",
    tandem: "the same; /var/log/ha-log without the line",
    test: "src/daemon/log-file.test.ts: keeps debug lines to the debug file, and everything else in both",
  },
  debugfile: {
    heartbeat: "everything, and what resource scripts print",
    tandem: "a second copy of the log, without what scripts print",
    test: "src/daemon/log-file.test.ts: keeps debug lines to the debug file, and everything else in both",
  },
  logfacility: {
    heartbeat: "logs to syslog; refuses an unknown facility, or capitals",
    test: NOT_RUN,
  },
  debug: { heartbeat: "how much debug lines say, 0 to 255", test: OTHERWISE },
  use_logd: { heartbeat: "logs through ha_logd", test: OTHERWISE },
  conn_logd_time: { heartbeat: "how often it looks for ha_logd; refuses 0", test: OTHERWISE },
  syslogmsgfmt: { heartbeat: "the shape of a line of the log file", test: OTHERWISE },
  log_badpack: { heartbeat: "off: says nothing of packets it cannot read", test: OTHERWISE },
  rtprio: { heartbeat: "SCHED_RR priority, 1 to 99", test: OTHERWISE },
  memreserve: { heartbeat: "kilobytes to allocate at the start; refuses 0", test: OTHERWISE },
  coredumps: { heartbeat: "whether it may dump core", test: OTHERWISE },
  coreroot: { heartbeat: "where it dumps core; refuses a path that is not full", test: OTHERWISE },
  compression: { heartbeat: "zlib or bz2, for messages over the threshold", test: OTHERWISE },
  compression_threshold: { heartbeat: "in kilobytes; refuses 0", test: OTHERWISE },
  traditional_compression: {
    heartbeat: "compresses whole messages, with a warning",
    test: OTHERWISE,
  },
  max_rexmit_delay: { heartbeat: "milliseconds between two requests; refuses 0", test: OTHERWISE },
  hbgenmethod: { heartbeat: "file: counts starts; time: the clock", test: OTHERWISE },
  uuidfrom: { heartbeat: "file: kept; nodename: made of the name", test: OTHERWISE },
  cluster: { heartbeat: "a name for quorum plugins", test: OTHERWISE },
  use_apphbd: { heartbeat: "registers with apphbd", test: OTHERWISE },
  normalpoll: { heartbeat: "refuses to start", test: OTHERWISE },
  crm_daemon_dir: {
    heartbeat: "above `crm` refused, below it an error in the log alone",
    test: OTHERWISE,
  },
  crmd_spawns_pengine: { heartbeat: "a boolean; below `crm` refused", test: OTHERWISE },
  record_config_changes: { heartbeat: "a boolean for Pacemaker", test: OTHERWISE },
  record_pengine_inputs: { heartbeat: "a boolean for Pacemaker", test: OTHERWISE },
  enable_config_writes: { heartbeat: "a boolean for Pacemaker", test: OTHERWISE },
  stonith: {
    heartbeat: "fences by the device; refuses an unknown type, or a file it cannot open",
    test: TOLD,
  },
  stonith_host: {
    heartbeat: "the same for one host; lines of other hosts it skips unread",
    test: NOT_RUN,
  },
  apiauth: {
    heartbeat: "who may connect; refuses unknown users, doubles, and blanks in a list",
    test: TOLD,
  },
  env: { heartbeat: "gives children `HA_NAME`; takes a line without `=`", test: NOT_RUN },
  quorum_server: {
    heartbeat: "the host of a quorum server, for its plugins",
    test: TOLD,
  },
};
