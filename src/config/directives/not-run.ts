import type { HaCfDraft } from "../draft.ts";
import { type Directive, single, wholeLine } from "../grammar.ts";
import { ANYTHING, BOOLEAN, choice, TIME, type ValueKind, wholeNumber } from "../values.ts";

/**
 * The rest of Heartbeat 3.0.6: known, its values looked at, not run by this version. So the file of
 * a real pair is taken as it is, and says what it asks for in vain.
 */
export const NOT_RUN_DIRECTIVES: readonly Directive<HaCfDraft>[] = [
  line("stonith", "TYPE FILE", "unsafe-without", "Fencing by a device that both nodes reach."),
  line(
    "stonith_host",
    "HOST TYPE PARAMETER …",
    "unsafe-without",
    "Fencing by a device of one host.",
  ),
  line("apiauth", "CLIENT [uid=USER,…] [gid=GROUP,…]", "no", "Who may connect as which client."),
  line("env", "NAME=VALUE", "no", "Given to child processes as `HA_NAME`."),
  word("rtprio", wholeNumber(1, 99), "chosen", "The real-time priority."),
  word("memreserve", wholeNumber(1, 2 ** 31), "6500", "Kilobytes to keep in memory."),
  word("coredumps", BOOLEAN, "on", "Whether a crash leaves a core file."),
  word("coreroot", ANYTHING, "/var/lib/heartbeat/cores", "Where core files go."),
  word("syslogmsgfmt", BOOLEAN, "on", "The shape of lines in log files."),
  word("log_badpack", BOOLEAN, "on", "Whether bad packets are logged one by one."),
  word("conn_logd_time", TIME, "60", "How often to look for the logging daemon."),
  word("compression", choice("zlib", "bz2"), "zlib", "How long messages are compressed."),
  word("compression_threshold", wholeNumber(1, 2 ** 31), "2", "From how many kilobytes on."),
  word("traditional_compression", BOOLEAN, "off", "Whether whole messages are compressed."),
  word(
    "max_rexmit_delay",
    wholeNumber(1, 2 ** 31),
    "250",
    "Milliseconds to wait with a repetition.",
  ),
  word("hbgenmethod", choice("file", "time"), "file", "Where a start's generation comes from."),
  word("uuidfrom", choice("file", "nodename"), "file", "Where a node's uuid comes from."),
  word("cluster", ANYTHING, "linux-ha", "The cluster's name, for quorum plugins."),
  word("quorum_server", ANYTHING, "none", "The host of a quorum server."),
  word("use_apphbd", BOOLEAN, "off", "Whether to register with apphbd."),
  ...[
    "crm_daemon_dir",
    "crmd_spawns_pengine",
    "record_config_changes",
    "record_pengine_inputs",
    "enable_config_writes",
  ].map((name) => word(name, ANYTHING, "–", "For Pacemaker only.")),
  single("autojoin", {
    kind: choice("none", "other", "any"),
    default: "none",
    meaning: "Whether unnamed nodes may join. With haresources only `none` is possible.",
    set: (_draft, { value, at }, { findings }) => {
      if (value === "none") return;
      const message = `\`autojoin ${value}\` is not possible with haresources`;
      findings.error(at, "bad-choice", message, "Write `autojoin none`, or remove the line.");
    },
  }),
];

function word<T>(
  name: string,
  kind: ValueKind<T>,
  otherwise: string,
  meaning: string,
): Directive<HaCfDraft> {
  return single(name, { kind, default: otherwise, meaning, runs: "no", set: () => {} });
}

function line(
  name: string,
  syntax: string,
  runs: "no" | "unsafe-without",
  meaning: string,
): Directive<HaCfDraft> {
  return wholeLine(name, {
    kind: { ...ANYTHING, syntax },
    default: "none",
    meaning,
    runs,
    set: () => {},
  });
}
