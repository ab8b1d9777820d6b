import { type MediumName, mediumName } from "../base/names.ts";
import type { MediumDraft } from "./draft.ts";
import type { Located } from "./source.ts";
import type { MediumConfig } from "./types.ts";

/**
 * In this order the media of one interface get their names: the first is called like the interface,
 * as in Heartbeat, the others `eth1/mcast`. So both nodes call them alike whatever the order of lines.
 */
export const MEDIUM_KINDS = ["bcast", "ucast", "mcast", "ucast6", "mcast6", "serial"] as const;

type Nameless = MediumConfig extends infer M
  ? M extends unknown
    ? Omit<M, "name">
    : never
  : never;

/**
 * Lines become media. All `ucast` lines of one interface are one, with one socket; where the interface
 * broadcasts as well, they are part of that: two sockets of one port could not tell whose a datagram is.
 */
export function joinMedia(
  drafts: readonly Located<MediumDraft>[],
  numbers: { readonly port: number; readonly baud: number },
): readonly Located<MediumConfig>[] {
  const joined: Located<Nameless>[] = [];
  for (const { value, at } of drafts) {
    const medium = mediumOf(value, drafts, numbers);
    const isFirst = medium !== undefined && !joined.some((other) => isSame(other.value, medium));
    if (medium !== undefined && isFirst) joined.push({ value: medium, at });
  }
  const names = namesOf(joined.map(({ value }) => value));
  return joined.map(({ value, at }) => ({
    value: { ...value, name: names.get(value) } as MediumConfig,
    at,
  }));
}

/** Undefined: it is part of another one. */
function mediumOf(
  draft: MediumDraft,
  all: readonly Located<MediumDraft>[],
  { port, baud }: { readonly port: number; readonly baud: number },
): Nameless | undefined {
  switch (draft.kind) {
    case "serial":
      return { ...draft, baud };
    case "bcast": {
      const also = targetsOn(draft.interface, "ucast", all);
      return { ...draft, port, ...(also.length === 0 ? {} : { also }) };
    }
    case "ucast":
    case "ucast6": {
      const { kind, interface: name } = draft;
      const broadcasts = all.some(
        ({ value }) => value.kind === "bcast" && value.interface === name,
      );
      if (kind === "ucast" && broadcasts) return undefined;
      return { kind, interface: name, port, targets: targetsOn(name, kind, all) };
    }
    default:
      return draft;
  }
}

function targetsOn(
  name: string,
  kind: "ucast" | "ucast6",
  all: readonly Located<MediumDraft>[],
): readonly string[] {
  return all.flatMap(({ value }) =>
    value.kind === kind && "target" in value && value.interface === name ? [value.target] : [],
  );
}

/** A further `ucast` line of an interface is the same medium. */
function isSame(one: Nameless, other: Nameless): boolean {
  return (
    "targets" in one &&
    "targets" in other &&
    one.kind === other.kind &&
    one.interface === other.interface
  );
}

function namesOf(media: readonly Nameless[]): ReadonlyMap<Nameless, MediumName> {
  const names = new Map<Nameless, MediumName>();
  const taken = new Set<string>();
  const inOrder = MEDIUM_KINDS.flatMap((kind) => media.filter((medium) => medium.kind === kind));
  for (const medium of inOrder) {
    const name = firstFree(candidates(medium), taken);
    taken.add(name);
    names.set(medium, mediumName(name));
  }
  return names;
}

function candidates(medium: Nameless): readonly string[] {
  if (medium.kind === "serial") return [medium.device];
  const { interface: cable, kind } = medium;
  return [cable, `${cable}/${kind}`];
}

/** `eth1`, `eth1/mcast`, `eth1/mcast2`, … */
function firstFree(wanted: readonly string[], taken: ReadonlySet<string>): string {
  const last = wanted.at(-1) ?? "";
  const more = Array.from({ length: taken.size }, (_, index) => `${last}${index + 2}`);
  return [...wanted, ...more].find((name) => !taken.has(name)) ?? last;
}
