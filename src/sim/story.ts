import type { ClusterConfig } from "../config/types.ts";
import type { Fault, ShortNames } from "./fault-words.ts";
import { parseFault } from "./fault-words.ts";

/** What happens in a story, in order. */
export interface Story {
  readonly events: readonly StoryEvent[];
  readonly endMs: number;
  /** Chance plays in a story too: delays, lateness. The same seed tells the same story. */
  readonly seed: number;
  /** Does a machine without power take the crossover's carrier away from the other? */
  readonly carrierFollowsPower: boolean;
}

export interface StoryEvent {
  readonly atMs: number;
  readonly fault: Fault;
}

export interface StoryMistake {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads `events.txt`: a time and a fault's phrase on each line (`20s  cut eth0 of hera`), `end` as the
 * last; `seed N` and `crossover is a cable` (rather than a bridge) stand without a time. Comments
 * begin with `#`. All mistakes at once.
 */
export function parseStory(
  text: string,
  hosts: ShortNames,
): { readonly story: Story | undefined; readonly mistakes: readonly StoryMistake[] } {
  const events: StoryEvent[] = [];
  const mistakes: StoryMistake[] = [];
  let endMs: number | undefined;
  let seed = 1;
  let carrierFollowsPower = false;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/#.*/, "").trim();
    const mistake = (why: string): number => mistakes.push({ line: index + 1, text: why });
    const [, amount, unit, words] = /^([0-9.]+)(ms|s|m)\s+(.*)$/.exec(line) ?? [];
    const seedText = /^seed (\d+)$/.exec(line)?.[1];
    const fault = words === undefined ? undefined : parseFault(words, hosts);
    const atMs = Number(amount) * (UNITS[unit ?? ""] ?? 1);
    if (line === "") continue;
    if (seedText !== undefined) seed = Number(seedText);
    else if (line === "crossover is a cable") carrierFollowsPower = true;
    else if (words === "end") endMs = atMs;
    else if (fault === undefined) mistake(`not understood: ${line}`);
    else if (atMs < (events.at(-1)?.atMs ?? 0)) mistake("time goes backwards here");
    else events.push({ atMs, fault });
  }
  if (endMs === undefined) mistakes.push({ line: 0, text: "the story has no end (`60s end`)" });
  if (mistakes.length > 0 || endMs === undefined) return { story: undefined, mistakes };
  return { story: { events, endMs, seed, carrierFollowsPower }, mistakes };
}

/** The machines as a story calls them. */
export function shortNames({ nodes }: Pick<ClusterConfig, "nodes">): ShortNames {
  const short = (name: string | undefined): string => name?.split(".")[0] ?? "";
  return [short(nodes[0]), short(nodes[1])];
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };
