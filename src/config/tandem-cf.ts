import type { TextFile } from "./files.ts";
import type { Findings } from "./findings.ts";
import { type Directive, readDirectives, single } from "./grammar.ts";
import { readLines, type Span } from "./source.ts";
import type { TandemConfig } from "./types.ts";
import { BOOLEAN, choice } from "./values.ts";

type Draft = { -readonly [Key in keyof TandemConfig]: TandemConfig[Key] } & {
  safetyAt: Span | undefined;
};

/** What holds without tandem.cf. */
export const TANDEM_DEFAULTS: TandemConfig = {
  mode: "availability",
  autoFailbackNow: false,
  onProbeAnswer: "check",
};

/** Every directive of tandem.cf. */
export const TANDEM_CF_DIRECTIVES: readonly Directive<Draft>[] = [
  single("mode", {
    kind: choice("availability", "safety"),
    default: "availability",
    meaning:
      "Whether a peer that is silent on every medium is followed (`availability`), or only one that is proved gone (`safety`).",
    set: (draft, { value, at }) => {
      draft.mode = value;
      draft.safetyAt = value === "safety" ? at : undefined;
    },
  }),
  single("auto_failback_now", {
    kind: BOOLEAN,
    default: "off",
    meaning:
      "Fail back as soon as the preferred node is there, even right after its death, as Heartbeat does.",
    set: (draft, { value }) => {
      draft.autoFailbackNow = value;
    },
  }),
  single("on_probe_answer", {
    kind: choice("check", "take"),
    default: "check",
    meaning:
      "When a silent Heartbeat peer still answers for the address: look whether it serves (`check`), or take the address (`take`).",
    set: (draft, { value }) => {
      draft.onProbeAnswer = value;
    },
  }),
];

/** Reads tandem.cf. */
export function readTandemCf(file: TextFile, findings: Findings): TandemConfig {
  const draft: Draft = { ...TANDEM_DEFAULTS, safetyAt: undefined };
  readDirectives(readLines(file, findings), TANDEM_CF_DIRECTIVES, draft, findings);
  const { safetyAt, ...config } = draft;
  if (safetyAt !== undefined)
    findings.warning(
      safetyAt,
      "safety-without-proof",
      "this version has nothing that proves a death: a node that is silent is never followed",
    );
  return config;
}
