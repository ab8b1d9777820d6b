import { spend } from "../../base/budget.ts";
import type { NodeName } from "../../base/names.ts";
import { discard } from "./discards.ts";
import { LINES } from "./peer.ts";
import type { Moment } from "./settings.ts";
import { type ChannelEffect, type ChannelStep, withPeer } from "./state.ts";

/** Whatever a peer says, it fills no disk: its lines beyond the allowance are counted instead. */
export function withBoundedLog(
  [state, effects]: ChannelStep,
  node: NodeName,
  { now }: Moment,
): ChannelStep {
  const peer = state.peers.find((one) => one.node === node);
  if (peer === undefined || !effects.some(isLine)) return [state, effects];
  let { lines } = peer.spent;
  let count = 0;
  const told = effects.filter((effect) => {
    if (!isLine(effect)) return true;
    const left = spend(lines, LINES, now);
    lines = left ?? lines;
    if (left === undefined) count += 1;
    return left !== undefined;
  });
  const next = withPeer(state, { ...peer, spent: { ...peer.spent, lines } });
  if (count === 0) return [next, told];
  const [discards, logs] = discard(next.discards, { reason: "log-lines", what: node, count }, now);
  return [{ ...next, discards }, [...told, ...logs]];
}

function isLine(effect: ChannelEffect): boolean {
  return effect.kind === "log" && effect.isRare !== true;
}
