/**
 * A Heartbeat node does not tell its hardware addresses, and the ARP rule must know them (safety.md
 * 4): while it holds an address and is well, whoever answers for that address is it. An answer after
 * its death from the same hardware then means that its kernel lives.
 */
import { hasAddress, hasCarrier } from "./group.ts";
import { patchPlain, peerHoldsGroup, plainOf } from "./plain-turn.ts";
import { startProbe } from "./probing.ts";
import { groupAt, type Turn } from "./state.ts";

/** Pace of asking until somebody answers. */
const LEARN_EVERY_MS = 10_000;
/** A machine has a few interfaces on the shared segments. */
const MACS_MAX = 8;

export function learnMacs(turn: Turn): void {
  const { peerStable, standby, learning } = plainOf(turn);
  if (turn.state.peer?.macs.length !== 0 || !peerStable || standby !== undefined) return;
  const group = turn.state.groups.find(
    (candidate) =>
      candidate.phase.kind === "free" &&
      hasAddress(candidate) &&
      hasCarrier(candidate) &&
      peerHoldsGroup(turn.state, candidate),
  );
  if (group === undefined) return;
  const { probe } = group;
  if (learning.probeId !== undefined && learning.probeId === probe?.id) {
    if (probe.result === undefined) return;
    const { answers, proxied } = probe.result;
    if (!proxied) remember(turn, [...new Set(answers.map((answer) => answer.mac))]);
    patchPlain(turn, { learning: { probeId: undefined, nextAt: turn.now + LEARN_EVERY_MS } });
  } else if (turn.now >= learning.nextAt && !(probe !== undefined && probe.result === undefined)) {
    startProbe(turn, group.place);
    const probeId = groupAt(turn, group.place).probe?.id;
    patchPlain(turn, { learning: { probeId, nextAt: turn.now + LEARN_EVERY_MS } });
  }
}

function remember(turn: Turn, macs: readonly string[]): void {
  const { peer } = turn.state;
  if (peer === undefined || macs.length === 0) return;
  turn.state = { ...turn.state, peer: { ...peer, macs: macs.slice(0, MACS_MAX) } };
}

/** When to ask again. */
export function learningDueAt(turn: Turn): readonly number[] {
  const { peer } = turn.state;
  const { peerStable, learning } = plainOf(turn);
  return peer?.macs.length === 0 && peerStable ? [learning.nextAt] : [];
}
