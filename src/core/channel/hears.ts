import { type MediumName, mediumName } from "../../base/names.ts";

/**
 * The field `hears` of a native beat: on which media its sender hears the receiver, with the age of
 * the last message there: `eth1:120,/dev/ttyS1:840`. So each side knows both directions (safety.md 4).
 */
export interface Hearing {
  readonly medium: MediumName;
  readonly ageMs: number;
}

/** Media in one beat: it has little room (safety.md 8), and nobody has more cables to one peer. */
const HEARS_MAX = 16;

export function encodeHears(hearings: readonly Hearing[]): string {
  return hearings
    .slice(0, HEARS_MAX)
    .map(({ medium, ageMs }) => `${medium}:${Math.max(0, Math.round(ageMs))}`)
    .join(",");
}

/** What cannot be read is left out: a peer's words are bad input like any other. */
export function decodeHears(words: string): readonly Hearing[] {
  const hearings: Hearing[] = [];
  for (const word of words.split(",").slice(0, HEARS_MAX)) {
    const match = /^([!-~]{1,64}):(\d{1,9})$/.exec(word);
    const [, medium, age] = match ?? [];
    if (medium !== undefined && age !== undefined) {
      hearings.push({ medium: mediumName(medium), ageMs: Number(age) });
    }
  }
  return hearings;
}
