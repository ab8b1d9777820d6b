import type { HaCfDraft } from "../draft.ts";
import { type Directive, single } from "../grammar.ts";
import { ANYTHING, BOOLEAN, choice, TIME, type ValueKind, wholeNumber } from "../values.ts";

const POSITIVE = wholeNumber(1, 2 ** 31);
const WORD: ValueKind<string> = { ...ANYTHING, syntax: "…" };

const OWN_LOG = "Tandem writes its log itself and needs no logging daemon.";
const NO_COMPRESSION =
  "Tandem compresses nothing that it sends. What a Heartbeat has compressed with zlib it reads; bz2 it throws away and counts.";
const NO_PACEMAKER = "Pacemaker manages nothing here, and nobody else reads the line.";

/** How Heartbeat does what Tandem does in another way: accepted, with a sentence. */
export const OTHERWISE_DIRECTIVES: readonly Directive<HaCfDraft>[] = [
  own(
    "debug",
    wholeNumber(0, 255),
    "0",
    "How much debug lines say; 0 is none.",
    "Tandem's log has one level: each decision with its reason.",
  ),
  own("use_logd", BOOLEAN, "off", "Whether Heartbeat's logging daemon writes the log.", OWN_LOG),
  own("conn_logd_time", TIME, "60", "How often to look for the logging daemon.", OWN_LOG),
  own(
    "syslogmsgfmt",
    BOOLEAN,
    "on",
    "Whether lines of the log file have the shape of syslog.",
    "Lines of Tandem's log always have that shape.",
  ),
  own(
    "log_badpack",
    BOOLEAN,
    "on",
    "Whether bad packets are logged.",
    "Tandem counts them by their reason, and logs each reason at most once a minute.",
  ),
  own(
    "rtprio",
    wholeNumber(1, 99),
    "–",
    "The real-time priority.",
    "Where the machine allows it the pulse has 10 and tandemd 5; `realtime off` has neither.",
  ),
  own(
    "memreserve",
    POSITIVE,
    "6500",
    "Kilobytes of memory to reserve at the start.",
    "Tandem reserves none.",
  ),
  own(
    "coredumps",
    BOOLEAN,
    "on",
    "Whether a crash leaves a core file.",
    "That is for the service manager to say: `LimitCORE=` of the unit.",
  ),
  own(
    "coreroot",
    WORD,
    "/var/lib/heartbeat/cores",
    "Where core files go.",
    "They go where the kernel's core_pattern says.",
  ),
  own(
    "compression",
    choice("zlib", "bz2"),
    "zlib",
    "How long messages are compressed.",
    NO_COMPRESSION,
  ),
  own("compression_threshold", POSITIVE, "2", "From how many kilobytes on.", NO_COMPRESSION),
  own(
    "traditional_compression",
    BOOLEAN,
    "off",
    "Whether whole messages are compressed.",
    NO_COMPRESSION,
  ),
  own(
    "max_rexmit_delay",
    POSITIVE,
    "250",
    "Milliseconds between two requests for a lost message.",
    "Tandem asks up to three times in each 250 ms, Heartbeat's default.",
  ),
  own(
    "hbgenmethod",
    choice("file", "time"),
    "file",
    "Where the generation of a start comes from.",
    "Tandem keeps it in a file, and counts from the clock where that is lost.",
  ),
  own(
    "uuidfrom",
    choice("file", "nodename"),
    "file",
    "Where the node's uuid comes from.",
    "Tandem keeps it in a file; at its first start it takes the one that Heartbeat left there.",
  ),
  own(
    "cluster",
    WORD,
    "linux-ha",
    "The cluster's name, for quorum plugins.",
    "Tandem has no quorum plugins.",
  ),
  own(
    "use_apphbd",
    BOOLEAN,
    "off",
    "Whether to register with apphbd, which watches processes.",
    "The pulse and tandemd watch each other, and the service manager watches the pulse.",
  ),
  own(
    "normalpoll",
    WORD,
    "–",
    "How often the first Heartbeats looked for messages. 3.0.6 refuses the word.",
    "Tandem reads a message when it comes.",
  ),
  ...[
    "crm_daemon_dir",
    "crmd_spawns_pengine",
    "record_config_changes",
    "record_pengine_inputs",
    "enable_config_writes",
  ].map((name) => own(name, WORD, "–", "For Pacemaker only.", NO_PACEMAKER)),
];

function own<T>(
  name: string,
  kind: ValueKind<T>,
  otherwise: string,
  meaning: string,
  instead: string,
): Directive<HaCfDraft> {
  return single(name, { kind, default: otherwise, meaning, instead, set: () => {} });
}
