import type { HaCfDraft, TimeName } from "../draft.ts";
import { type Directive, single } from "../grammar.ts";
import { TIME } from "../values.ts";

/** When a beat is due, late, and when its absence is a death. */
export const TIMING_DIRECTIVES: readonly Directive<HaCfDraft>[] = [
  time("keepalive", {
    default: "1",
    meaning:
      "Time between two beats. Shorter finds a death sooner and costs little; deadtime must be more than twice as long.",
  }),
  time("warntime", {
    default: "half of deadtime",
    meaning: "How late a beat may be before the log says so: the first sign of a bad cable.",
  }),
  time("deadtime", {
    default: "30",
    meaning:
      "How long a node may be silent on every medium before it counts as dead. Four times keepalive and more; from it follow the lifetime of the addresses and the time of the watchdog.",
  }),
  time("initdead", {
    default: "deadtime if over 10 s, twice deadtime from 6 s on, else 12",
    meaning:
      "The same right after this machine has booted, when networks are slow to come. At least deadtime.",
  }),
  time("deadping", {
    default: "deadtime",
    meaning: "How long a ping node may be silent before it counts as dead.",
  }),
];

function time(
  name: TimeName,
  entry: { readonly default: string; readonly meaning: string },
): Directive<HaCfDraft> {
  return single(name, {
    ...entry,
    kind: TIME,
    set: (draft, value) => {
      draft.times[name] = value;
    },
  });
}
