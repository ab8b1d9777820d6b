import type { NodeName } from "../../base/names.ts";
import type { Situation } from "./situation.ts";

/** What happens to the service when a node changes its program: the same sentences on both ways. */

export function stopNote({ groups, self, first, second }: Situation): string {
  const held = groups.filter(({ where }) => where === "here");
  return first === self && held.length > 0
    ? `${namesOf(held)} goes to ${second}: the failover of a clean stop`
    : `nothing moves: ${second} serves`;
}

export function joinNote(situation: Situation): string {
  const { config, first, second } = situation;
  const home = comingHome(situation, first);
  return home.length > 0
    ? `${second} gives ${namesOf(home)} to it by auto_failback ${config.autoFailback}, as to a Heartbeat that comes back`
    : `nothing moves: ${second} goes on serving, and sees the node come back that it knows`;
}

/** What auto_failback brings to the node that changes last. */
export function homeNote(
  situation: Situation,
  words: { readonly moving: string; readonly staying: string },
): string {
  const home = comingHome(situation, situation.second);
  return home.length > 0
    ? `${namesOf(home)} goes home to it by auto_failback ${situation.config.autoFailback}, ${words.moving}`
    : `nothing moves${words.staying}`;
}

function comingHome({ config, groups }: Situation, node: NodeName): Situation["groups"] {
  if (config.autoFailback === "off") return [];
  return groups.filter(({ config: group }) => group.preferred === node);
}

function namesOf(groups: Situation["groups"]): string {
  return groups.map(({ config }) => config.name).join(", ");
}
