import { readFileSync } from "node:fs";
import type { NodeHost } from "./layout.ts";

/** A processor for each node alone. */
export type Processors = Readonly<Record<NodeHost, number>>;

/**
 * Two of the processors that this process may run on; undefined where it has but one. Two machines do
 * not wait for each other's programs: where a lab's nodes share their processors, what one computes while
 * the other takes over counts as outage.
 */
export function twoProcessors(): Processors | undefined {
  const [, list = ""] =
    /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  const [zeus, hera] = processorsIn(list);
  return zeus === undefined || hera === undefined ? undefined : { zeus, hera };
}

/** `0-2,5` as cpuset(7) writes lists. */
export function processorsIn(list: string): readonly number[] {
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => Number(first) + at),
  );
}
