/**
 * Beside a stable Heartbeat peer: take what nobody holds, hand over what cannot run here, bring home
 * what came here through its absence. Looked at anew after every event; doing it twice does nothing.
 */
import { judgeProbe } from "./arp-rule.ts";
import { mayMove, spendMove } from "./budget.ts";
import { holdOffMs } from "./failback.ts";
import { type Group, hasCarrier, isOwner } from "./group.ts";
import { staysForReach } from "./plain-ipfail.ts";
import { beginStandby, objectionToMove } from "./plain-standby.ts";
import { groupsOf, peerHoldsGroup, peerName, plainOf, setOfGroup } from "./plain-turn.ts";
import { knownMacs } from "./probing.ts";
import { groupAt, log, patchGroup, type Turn, wallSeconds } from "./state.ts";
import { takeAfterProbe } from "./taking.ts";

/** What prefers the peer and is held by nobody is left to it for so long. */
const UNOWNED_MS = 5_000;

/** Ours at once; the peer's when it has left it lying. */
export function takeUnheld(turn: Turn): void {
  const { stage, standby, peerStable, peerStarted, peerHolds } = plainOf(turn);
  // One that starts anew may have kept what it held (`heartbeat -r`): its next word says so.
  if (stage !== "stable" || standby !== undefined || peerHolds === undefined) return;
  for (const group of turn.state.groups) {
    if (group.phase.kind !== "free" || !hasCarrier(group)) continue;
    if (peerHoldsGroup(turn.state, group)) continue;
    if (setOfGroup(turn.state, group) === "local") {
      if (!peerStable && !peerStarted) continue;
      const text = `this node is its preferred one and ${peerName(turn)} does not hold it`;
      takeAfterProbe(turn, group.place, "agreed", { rule: "preferred", text });
    } else if (peerStable && turn.now >= unownedAt(turn, group)) {
      const text = `${peerName(turn)} does not take it`;
      takeAfterProbe(turn, group.place, "agreed", { rule: "unowned", text });
    }
  }
}

function unownedAt(turn: Turn, group: Group): number {
  return Math.max(group.since, plainOf(turn).peerSince) + UNOWNED_MS;
}

/** A group that failed here, or whose interface lost its carrier, goes to the peer with its whole set. */
export function offerWhatCannotRun(turn: Turn): void {
  if (turn.state.stopping || objectionToMove(turn) !== undefined) return;
  for (const group of turn.state.groups) {
    const failed = group.phase.kind === "unable" && !peerHoldsGroup(turn.state, group);
    const cut = isOwner(group) && !hasCarrier(group);
    if (!(failed || cut) || !mayMove(group.moves, turn.now)) continue;
    patchGroup(turn, group.place, { moves: spendMove(group.moves, turn.now) });
    log(
      turn,
      "WARN",
      `group ${group.config.name}: ${failed ? "it failed here" : `${group.face?.interface} has no carrier here`}`,
    );
    beginStandby(turn, setOfGroup(turn.state, group));
    return;
  }
}

/**
 * Its processes were killed and started again, and its services run on: it answers for the address, and
 * says that it holds nothing. Taken by it anew, nothing moves, and both know again who serves.
 */
export function handOverLeftovers(turn: Turn): void {
  if (turn.state.stopping || objectionToMove(turn) !== undefined) return;
  for (const group of turn.state.groups) {
    const set = setOfGroup(turn.state, group);
    if (!isAnsweredThere(turn, group) || turn.now < unownedAt(turn, group)) continue;
    if (!mayMove(group.moves, turn.now)) continue;
    // A whole set moves: what we serve of it must not go with it.
    if (groupsOf(turn.state, set, turn.state.self).some(isRunning)) continue;
    patchGroup(turn, group.place, { moves: spendMove(group.moves, turn.now) });
    log(
      turn,
      "WARN",
      `group ${group.config.name}: it still runs on ${peerName(turn)}: given to it, so that nothing moves`,
    );
    beginStandby(turn, set);
    return;
  }
}

function isAnsweredThere(turn: Turn, { phase, probe }: Group): boolean {
  if (phase.kind !== "probing" || probe?.result === undefined) return false;
  return judgeProbe(probe.result, knownMacs(turn, probe.result)).kind === "peer-answers";
}

function isRunning(group: Group): boolean {
  return isOwner(group) || group.phase.kind === "starting";
}

/** Heartbeat's holder begins the failback itself (protocol.md 6). */
export function failBack(turn: Turn): void {
  if (turn.state.stopping || objectionToMove(turn) !== undefined) return;
  const group = turn.state.groups.find((candidate) => isDue(turn, candidate));
  if (group === undefined) return;
  const at = goesHomeAt(turn, group);
  if (turn.now >= at) {
    if (staysForReach(turn, group.place)) return;
    beginStandby(turn, "foreign");
    return;
  }
  const text = `goes home in ${Math.ceil((at - turn.now) / 1000)} s`;
  if (group.note?.kind === "goes-home") return;
  log(
    turn,
    "info",
    `group ${group.config.name}: ${text}, because ${peerName(turn)} has died lately; \`tandem standby foreign\` does it now`,
  );
  patchGroup(turn, group.place, { note: { kind: "goes-home", text } });
}

function isDue(turn: Turn, group: Group): boolean {
  return (
    turn.state.config.autoFailback === "on" &&
    group.failbackDue &&
    group.phase.kind === "holding" &&
    setOfGroup(turn.state, group) === "foreign"
  );
}

/** At once after a clean stop of the peer; after a death when it has been up for a while (safety.md 6). */
export function goesHomeAt(turn: Turn, group: Group): number {
  const { peerSince, peerDeaths } = plainOf(turn);
  const { tandem, timers } = turn.state.config;
  if (tandem.autoFailbackNow || group.reason.rule !== "peer-silent") return peerSince;
  return (
    peerSince +
    holdOffMs({
      deaths: peerDeaths,
      wallSeconds: wallSeconds(turn),
      initdeadMs: timers.initdeadMs,
    })
  );
}

/** When time alone will change what the rules above say. */
export function groupsDueAt(turn: Turn): readonly number[] {
  const { stage } = plainOf(turn);
  if (stage !== "stable") return [];
  return turn.state.groups.flatMap((group) => {
    if (isDue(turn, group)) return [goesHomeAt(turn, group)];
    return groupAt(turn, group.place).phase.kind === "free" ? [unownedAt(turn, group)] : [];
  });
}
