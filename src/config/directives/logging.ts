import type { HaCfDraft } from "../draft.ts";
import { type Directive, single } from "../grammar.ts";
import { choice, PATH } from "../values.ts";

/** syslog(3), and `none`. */
const FACILITIES = [
  "none",
  "auth",
  "authpriv",
  "cron",
  "daemon",
  "ftp",
  "kern",
  "lpr",
  "mail",
  "news",
  "security",
  "syslog",
  "user",
  "uucp",
  "local0",
  "local1",
  "local2",
  "local3",
  "local4",
  "local5",
  "local6",
  "local7",
];

/** Where the log goes. */
export const LOGGING_DIRECTIVES: readonly Directive<HaCfDraft>[] = [
  single("logfile", {
    kind: PATH,
    default: "/var/log/ha-log",
    meaning: "The log. `/dev/null` turns it off.",
    set: (draft, { value }) => {
      draft.log.logfile = value;
    },
  }),
  single("debugfile", {
    kind: PATH,
    default: "none",
    meaning:
      "A second copy of the log. This version writes no debug lines; of what resource scripts print, the log has the last line where one fails.",
    set: (draft, { value }) => {
      draft.log.debugfile = value;
    },
  }),
  single("logfacility", {
    kind: choice(...FACILITIES),
    default: "none",
    meaning: "The syslog facility to log to as well.",
    runs: "no",
    set: (draft, { value }) => {
      draft.log.logfacility = value === "none" ? undefined : value;
    },
  }),
];
