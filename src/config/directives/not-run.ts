import type { HaCfDraft } from "../draft.ts";
import { type Directive, single, wholeLine } from "../grammar.ts";
import { ANYTHING } from "../values.ts";

/**
 * Known, and left to a later version. So the file of a real pair is taken as it is, and says what it
 * asks for in vain.
 */
export const NOT_RUN_DIRECTIVES: readonly Directive<HaCfDraft>[] = [
  line("stonith", "TYPE FILE", "unsafe-without", "Fencing by a device that both nodes reach."),
  line(
    "stonith_host",
    "HOST TYPE PARAMETER …",
    "unsafe-without",
    "Fencing by a device of one host, or of any with `*`.",
  ),
  line("apiauth", "CLIENT [uid=USER,…] [gid=GROUP,…]", "no", "Who may connect as which client."),
  line("env", "NAME=VALUE", "no", "Given to child processes as `HA_NAME`."),
  single("quorum_server", {
    kind: { ...ANYTHING, syntax: "HOST" },
    default: "none",
    meaning: "The host of a quorum server.",
    runs: "no",
    set: () => {},
  }),
];

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
