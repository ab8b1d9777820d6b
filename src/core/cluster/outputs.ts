/**
 * What follows from the state alone: the record, our words, the list of leases, the next wake-up.
 * They are derived here after every event and given out when they changed, so that no rule can
 * forget one of them.
 */
import { encodeClaims } from "../claim.ts";
import { grantEnds, nextAsk } from "./asking.ts";
import { failbackAt } from "./decide.ts";
import { type Group, hasAddress, holdsLease, partOf } from "./group.ts";
import { plainDueAt } from "./plain.ts";
import { lastLookAt } from "./probing.ts";
import { reachDueAt } from "./reach-moves.ts";
import { PREPARED_MAX_MS } from "./receiving.ts";
import { requestDeadline } from "./requests.ts";
import type { ClusterState, Turn } from "./state.ts";
import type { ClusterRecord, GroupRecord } from "./world.ts";

/**
 * Adds the derived effects. The record goes before everything else of this step (safety.md 5); then
 * our words, so that the messages of this step travel with the words that fit them; then the leases: a
 * pulse that sends our commit and has our former epoch takes the taker's claim for a higher one.
 */
export function giveOut(turn: Turn): void {
  hold(turn);
  say(turn);
  record(turn);
  wake(turn);
}

function record(turn: Turn): void {
  const { state } = turn;
  const next = recordOf(turn.state, turn.now);
  // Groups without an address live by the stamp in the record: it is renewed with every tick.
  const stamp = state.groups.some((group) => !hasAddress(group) && partOf(group) === "owns");
  const key = JSON.stringify({ ...next, at: stamp ? Math.floor(turn.now / 1000) : 0 });
  if (key === state.recorded) return;
  turn.state = { ...state, recorded: key };
  turn.effects.unshift({ kind: "journal", record: next });
}

export function recordOf(state: ClusterState, now: number): ClusterRecord {
  const groups: Record<string, GroupRecord> = {};
  for (const group of state.groups)
    groups[group.config.name] = {
      word: wordOf(group),
      epoch: group.epoch,
      moves: movesOf(group),
    };
  const { peer } = state;
  return {
    bootId: state.bootId,
    at: now,
    highestEpoch: state.highestEpoch,
    groups,
    peerReleased: peer?.released !== undefined,
    deaths: state.deaths,
    peerMacs: peer?.macs ?? [],
    peer:
      peer?.report.uuid === undefined
        ? undefined
        : {
            uuid: peer.report.uuid,
            generation: peer.report.generation,
            native: peer.report.dialect === "native",
          },
    cleanStop: state.ended,
  };
}

function movesOf({ moves: { own, peers } }: Group): GroupRecord["moves"] {
  return own.length + peers.length === 0 ? undefined : { own, peers };
}

function wordOf(group: Group): GroupRecord["word"] {
  switch (group.phase.kind) {
    case "starting":
    case "holding":
    case "proving":
    case "offering":
      return "owned";
    case "unknown":
      return "clearing";
    case "releasing":
      return group.reason.rule === "started" ? "clearing" : "moving";
    case "committed":
    case "draining":
    case "preparing":
    case "prepared":
      return "moving";
    case "free":
    case "unable":
    case "intending":
    case "probing":
      return "released";
  }
}

function hold(turn: Turn): void {
  const holdings = turn.state.groups
    .filter(holdsLease)
    .map((group) => ({ group: group.config.name, epoch: group.epoch.number }));
  const key = JSON.stringify(holdings);
  if (key === turn.state.held) return;
  turn.state = { ...turn.state, held: key };
  turn.effects.unshift({ kind: "hold", holdings });
}

function say(turn: Turn): void {
  const { state } = turn;
  if (state.st === "starting" || state.session === undefined) return;
  const words = encodeClaims(
    state.groups.map((group) => ({
      part: partOf(group),
      epoch: group.epoch.number,
      basis: group.epoch.basis,
    })),
  );
  const key = `${state.session} ${state.st} ${words}`;
  if (key === state.said) return;
  turn.state = { ...state, said: key };
  turn.effects.unshift({ kind: "say", st: state.st, words });
}

function wake(turn: Turn): void {
  const due = turn.state.groups.flatMap((group) => deadlinesOf(turn, group));
  for (const request of turn.state.requests) due.push(requestDeadline(request));
  due.push(...plainDueAt(turn), ...reachDueAt(turn).filter((at) => at > turn.now));
  const at = due.length === 0 ? undefined : Math.min(...due);
  if (at === undefined || (at === turn.state.wokenAt && at > turn.now)) return;
  turn.state = { ...turn.state, wokenAt: at };
  turn.effects.push({ kind: "wake-at", at });
}

/** Everything about this group that time alone will change. */
function deadlinesOf(turn: Turn, group: Group): number[] {
  const due: number[] = [];
  const { phase } = group;
  if (group.alarm !== undefined) due.push(group.alarm);
  const lookAt = lastLookAt(turn, group);
  if (lookAt !== undefined) due.push(lookAt);
  if (group.dispute !== undefined) due.push(group.dispute.repeatAt);
  if (group.granted !== undefined) due.push(grantEnds(group.granted));
  if ((phase.kind === "holding" || phase.kind === "proving") && group.path.probeId === undefined) {
    due.push(group.path.nextAt);
  }
  if (phase.kind === "prepared") due.push(group.since + PREPARED_MAX_MS);
  if (phase.kind === "free") {
    due.push(group.since + 5_000);
    if (group.failbackDue) due.push(failbackAt(turn, group));
    if (group.askedAt !== undefined) due.push(nextAsk(group.askedAt));
  }
  return due.filter((at) => at > turn.now);
}
