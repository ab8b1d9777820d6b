import { CLUSTER_DIRECTIVES } from "./directives/cluster.ts";
import { LOGGING_DIRECTIVES } from "./directives/logging.ts";
import { MEDIA_DIRECTIVES } from "./directives/media.ts";
import { NOT_RUN_DIRECTIVES } from "./directives/not-run.ts";
import { OTHERWISE_DIRECTIVES } from "./directives/otherwise.ts";
import { TIMING_DIRECTIVES } from "./directives/timing.ts";
import type { HaCfDraft } from "./draft.ts";
import type { Directive } from "./grammar.ts";

/** Every directive of ha.cf, in the order of the manual: the parser and the manual page are made from it. */
export const HA_CF_DIRECTIVES: readonly Directive<HaCfDraft>[] = [
  ...CLUSTER_DIRECTIVES,
  ...TIMING_DIRECTIVES,
  ...MEDIA_DIRECTIVES,
  ...LOGGING_DIRECTIVES,
  ...OTHERWISE_DIRECTIVES,
  ...NOT_RUN_DIRECTIVES,
];
