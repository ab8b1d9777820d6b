/**
 * `resource`: who says that it holds what, and whether it is done moving (protocol.md 4). A
 * Heartbeat peer announces its holdings before its scripts have finished, so they decide whose turn
 * it is and never prove that a service runs. We do the same: what we have begun to start counts.
 */
import { fieldOf, type Message } from "../../wire/message.ts";
import { type Group, isOwner } from "./group.ts";
import { type Holdings, holdingsOf, NOTHING, wordOf } from "./plain-state.ts";
import {
  groupsOf,
  patchPlain,
  peerHoldsGroup,
  peerName,
  plainOf,
  sendPlain,
} from "./plain-turn.ts";
import { log, type Turn } from "./state.ts";

/** What we say that we hold. Of a set without groups we remember it. */
export function ourHoldings(turn: Turn): Holdings {
  const held = (set: "local" | "foreign"): boolean => {
    const groups = groupsOf(turn.state, set, turn.state.self);
    return groups.length === 0 ? plainOf(turn).empty[set] : groups.some(isOurs);
  };
  return { local: held("local"), foreign: held("foreign") };
}

/** Served here, or about to be. */
export function isOurs(group: Group): boolean {
  const { kind } = group.phase;
  return isOwner(group) || kind === "starting" || kind === "probing";
}

export function sendResource(turn: Turn, options: { stable: boolean }): void {
  const held = wordOf(ourHoldings(turn));
  sendPlain(turn, {
    t: "resource",
    rsc_hold: held,
    rtype: "full",
    isstable: options.stable ? "1" : "0",
  });
  patchPlain(turn, { told: options.stable ? held : "" });
}

/** We have begun to let go: what is left, and not stable. The next word will be told in any case. */
export function sayGivingUp(turn: Turn, left: Holdings, info: "standby" | "shutdown"): void {
  sendPlain(turn, {
    t: "resource",
    rsc_hold: wordOf(left),
    rtype: "full",
    isstable: "0",
    info,
  });
  patchPlain(turn, { told: "" });
}

/** Stable, and something has changed since we last said so. A peer that is coming or going is spared. */
export function tellHoldings(turn: Turn): void {
  const { stage, standby, told, peerStarted, peerStable, sparedUntil } = plainOf(turn);
  if (stage !== "stable" || standby !== undefined || turn.now < sparedUntil) return;
  if (!peerStarted && !peerStable) return;
  if (told !== wordOf(ourHoldings(turn))) sendResource(turn, { stable: true });
}

/** Takes in the peer's word. @returns whether it has just become stable */
export function hearResource(turn: Turn, message: Message): boolean {
  const before = plainOf(turn);
  const word = fieldOf(message, "rsc_hold");
  const said = holdingsOf(word);
  const replaces = fieldOf(message, "rtype") === "full" || word === "none";
  const old = before.peerHolds ?? NOTHING;
  const peerHolds = replaces
    ? said
    : { local: old.local || said.local, foreign: old.foreign || said.foreign };
  const stable = fieldOf(message, "isstable");
  const peerStable = stable === undefined ? before.peerStable : stable === "1";
  const stops = fieldOf(message, "info") === "shutdown";
  patchPlain(turn, {
    peerHolds,
    peerStable,
    peerStarted: before.peerStarted && !stops && !peerStable,
  });
  if (stops) log(turn, "info", `${peerName(turn)} is stopping: it releases its groups`);
  complainOfTwo(turn, old);
  return peerStable && !before.peerStable;
}

/** It says that it holds what we serve: it took it while it did not hear us. We keep (safety.md 5). */
function complainOfTwo(turn: Turn, old: Holdings): void {
  const now = plainOf(turn).peerHolds ?? NOTHING;
  if (now.local === old.local && now.foreign === old.foreign) return;
  for (const group of turn.state.groups) {
    if (!isOwner(group) || !peerHoldsGroup(turn.state, group)) continue;
    log(
      turn,
      "CRIT",
      `group ${group.config.name}: ${peerName(turn)} says that it holds it too; this node keeps it: a Heartbeat node gives up after a partition`,
    );
  }
}
