import { log, type Turn } from "./state.ts";
import type { FirewallNews } from "./world.ts";

/** Each obstacle is said once, when it appears, and once when it is gone. Nothing is decided by it. */
export function firewallSeen(turn: Turn, { obstacles, blind }: FirewallNews): void {
  const before = turn.state.firewall.obstacles;
  const isSameWay = (one: Way, other: Way) =>
    one.medium === other.medium && one.direction === other.direction;
  for (const obstacle of obstacles) {
    if (before.some((old) => isSameWay(old, obstacle) && old.text === obstacle.text)) continue;
    log(turn, "WARN", obstacle.text);
  }
  for (const old of before) {
    if (!obstacles.some((obstacle) => isSameWay(old, obstacle))) log(turn, "info", old.over);
  }
  turn.state = { ...turn.state, firewall: { obstacles, blind } };
}

type Way = Pick<FirewallNews["obstacles"][number], "medium" | "direction">;

export function firewallDegradations({ obstacles, blind }: FirewallNews): readonly string[] {
  const texts = obstacles.map(({ text }) => text);
  if (blind === "") return texts;
  return [...texts, `whether a firewall here drops heartbeats cannot be seen: ${blind}`];
}
