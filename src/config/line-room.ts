import type { Findings } from "./findings.ts";
import type { ReadGroup } from "./haresources.ts";
import { BEAT_BYTES_MAX } from "./lifetime.ts";
import type { MediumConfig } from "./types.ts";

/** A longer message never uses a serial line: it would hold up the others (safety.md 8). */
const LINE_BYTES_MAX = 512;
/** What a beat says of one group: a letter, its epoch, a letter, a comma. */
const GROUP_BYTES = 11;
/** A beat of the greatest length that was measured spoke of so many groups. */
const MEASURED_GROUPS = 3;
const GROUPS_MAX = MEASURED_GROUPS + Math.floor((LINE_BYTES_MAX - BEAT_BYTES_MAX) / GROUP_BYTES);

/** Every beat speaks of every group: of too many, and a serial line carries none at all. */
export function checkLineRoom(
  groups: readonly ReadGroup[],
  media: readonly MediumConfig[],
  findings: Findings,
): void {
  const line = media.find((medium) => medium.kind === "serial");
  const tooMany = groups[GROUPS_MAX];
  if (line === undefined || tooMany === undefined) return;
  findings.warning(
    tooMany.at,
    "too-many-for-line",
    `a beat that speaks of ${groups.length} groups may be too long for ${line.name}, which takes ${LINE_BYTES_MAX} bytes: about ${GROUPS_MAX} groups`,
  );
}
