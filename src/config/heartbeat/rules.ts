import { quoted } from "../source.ts";
import { CLUSTER_RULES } from "./cluster-rules.ts";
import { MEDIA_RULES } from "./media-rules.ts";
import { PROGRAM_RULES } from "./program-rules.ts";
import { booleanRule, each, numberRule, onlyOnce, type Rule, timeRule, wordRule } from "./rule.ts";

const UNBOUNDED = Number.POSITIVE_INFINITY;
const accepted: Rule = () => {};

/** Facilities of syslog(3) that cluster-glue knows, in lower case only (each one tried). */
const FACILITIES = [
  ...["none", "auth", "authpriv", "cron", "daemon", "ftp", "kern", "lpr", "mail", "news"],
  ...["security", "syslog", "user", "uucp", "local0", "local1", "local2", "local3", "local4"],
  ...["local5", "local6", "local7"],
];

const env: Rule = each((value, _line, _state, report) => {
  if (value.text.startsWith("="))
    report.refuse(value, `${quoted(value.text)} has no name`, "Write `env NAME=VALUE`.");
});

const coreroot: Rule = each((value, _line, _state, report) => {
  if (!value.text.startsWith("/"))
    report.refuse(value, `${quoted(value.text)} is not a full path`, "Write a full path.");
});

/**
 * Every directive of 3.0.6. Apart from Tandem's own table on purpose: that one says what Tandem does
 * with a line, this one what another program does, and the two change for different reasons.
 */
export const HEARTBEAT_RULES: ReadonlyMap<string, Rule> = new Map([
  ...CLUSTER_RULES,
  ...MEDIA_RULES,
  ...PROGRAM_RULES,
  ["keepalive", timeRule(1)],
  ["deadtime", timeRule(0)],
  ["warntime", timeRule(1)],
  ["initdead", timeRule(0)],
  ["deadping", timeRule(0)],
  ["conn_logd_time", timeRule(1)],
  ["hopfudge", numberRule(0, 255)],
  ["debug", numberRule(0, 255)],
  ["rtprio", numberRule(1, 99)],
  ["memreserve", numberRule(1, UNBOUNDED)],
  ["max_rexmit_delay", numberRule(1, UNBOUNDED)],
  ["compression_threshold", numberRule(1, UNBOUNDED)],
  ["compression", wordRule("zlib", "bz2")],
  ["msgfmt", wordRule("classic", "netstring")],
  ["hbgenmethod", wordRule("file", "time")],
  ["uuidfrom", wordRule("file", "nodename")],
  ["logfacility", wordRule(...FACILITIES)],
  ...[
    ...["use_logd", "use_apphbd", "syslogmsgfmt", "log_badpack"],
    ...["traditional_compression", "realtime", "coredumps"],
  ].map((name) => [name, booleanRule()] as const),
  ["watchdog", each((value, _line, state, report) => onlyOnce("watchdog", value, state, report))],
  ["env", env],
  ["coreroot", coreroot],
  ...["logfile", "debugfile", "cluster", "quorum_server"].map((name) => [name, accepted] as const),
]);
