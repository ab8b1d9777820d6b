/**
 * The cluster machine: `(state, event, now) → [state, effects]`. An event is taken in (what do we
 * know now?), what it ends is carried on, alarms that are due ring, every group is decided about,
 * and what follows from the new state is given out. Nothing else happens anywhere.
 */
import { unreachable } from "../../base/assert.ts";
import { typeOf } from "../../wire/message.ts";
import { decodeClaims } from "../claim.ts";
import type { Step } from "../step.ts";
import { alarmRings } from "./alarms.ts";
import { begin, bootState } from "./boot.ts";
import { decide } from "./decide.ts";
import { hastenDisputes } from "./dispute.ts";
import { askFaces, faceChanged, tellFaces } from "./faces.ts";
import { firewallSeen } from "./firewall.ts";
import { commitWhenStopped, pathAnswered } from "./giving.ts";
import { addressGone, leaseLost } from "./lapses.ts";
import { NATIVE_TYPE, readNative } from "./native.ts";
import { heardNative } from "./native-words.ts";
import { giveOut } from "./outputs.ts";
import { isAway, isHeard, isNative, isPlain, isSilent } from "./peer.ts";
import { withPing } from "./pings.ts";
import { heardPlain, pursuePlain, sayShutdown } from "./plain.ts";
import { peerReborn } from "./plain-join.ts";
import { sendPlain } from "./plain-turn.ts";
import { lookBeforeDeath, lookWhenSuspect } from "./probing.ts";
import { watchReach } from "./reach-moves.ts";
import { announced, sayReady } from "./receiving.ts";
import { stopped } from "./releasing.ts";
import { answerRequests, pursueRequests, request } from "./requests.ts";
import { type ClusterState, groupAt, log, patchGroup, setResource, type Turn } from "./state.ts";
import { judge, started } from "./taking.ts";
import type { Boot, ClusterEffect, ClusterEvent, ProbeResult, ResourceResult } from "./world.ts";

/** The first step, from the event `boot`. */
export function startCluster(boot: Boot, now: number): Step<ClusterState, ClusterEffect> {
  const turn: Turn = { state: bootState(boot, now), effects: [], now };
  begin(turn, boot);
  settle(turn);
  return [turn.state, turn.effects];
}

export function stepCluster(
  state: ClusterState,
  event: Exclude<ClusterEvent, { kind: "boot" }>,
  now: number,
): Step<ClusterState, ClusterEffect> {
  if (state.ended) return [state, []];
  const turn: Turn = { state, effects: [], now };
  take(turn, event);
  settle(turn);
  return [turn.state, turn.effects];
}

function take(turn: Turn, event: Exclude<ClusterEvent, { kind: "boot" }>): void {
  switch (event.kind) {
    case "wake":
    case "stalled":
      return;
    case "hello":
      turn.state = {
        ...turn.state,
        session: event.session,
        realtime: event.realtime,
      };
      if (turn.state.st === "starting") turn.state = { ...turn.state, st: "up" };
      return;
    case "tick":
      turn.state = {
        ...turn.state,
        snapshot: event.snapshot,
        pings: event.snapshot.pings,
        ticked: { at: event.at, everyMs: event.tickMs },
      };
      for (const report of event.snapshot.peers) peerReported(turn, report);
      askFaces(turn);
      return;
    case "peer":
      peerReported(turn, event.peer);
      return;
    case "link":
      if (event.link.status === "up") hastenDisputes(turn);
      return;
    case "beat":
      beatHeard(turn, event);
      return;
    case "ping":
      turn.state = { ...turn.state, pings: withPing(turn.state.pings, event.ping) };
      return;
    case "restart":
      peerRestarted(turn);
      return;
    case "message":
      messageHeard(turn, event);
      return;
    case "lease-lost":
      leaseLost(turn, event.group, event.why);
      return;
    case "address-gone":
      addressGone(turn, event.group, event.by);
      return;
    case "lease-changed":
      turn.state = { ...turn.state, held: "" };
      return;
    case "service-interface":
      faceChanged(turn, event.group, event.face);
      return;
    case "resource-done":
      operationDone(turn, event.id, event.result);
      return;
    case "probe-done":
      probeDone(turn, event.id, event.result);
      return;
    case "request":
      request(turn, event.id, event.request);
      if (event.request.kind === "stop") sayShutdown(turn);
      return;
    case "disk":
      if (event.ok !== turn.state.disk.ok) {
        const level = event.ok ? "info" : "ERROR";
        log(
          turn,
          level,
          event.ok
            ? "the journal is written to disk again"
            : `the journal cannot be written to disk: ${event.detail}`,
        );
      }
      turn.state = { ...turn.state, disk: { ok: event.ok, detail: event.detail } };
      return;
    case "firewall":
      firewallSeen(turn, event);
      return;
    default:
      unreachable(event);
  }
}

/** Everything that follows, until nothing new does. */
function settle(turn: Turn): void {
  watchReach(turn);
  for (const group of turn.state.groups) alarmRings(turn, group.place);
  lookBeforeDeath(turn);
  activate(turn);
  pursuePlain(turn);
  for (const group of turn.state.groups) decide(turn, group.place);
  pursuePlain(turn);
  pursueRequests(turn);
  answerRequests(turn);
  endWhenStopped(turn);
  giveOut(turn);
}

function peerReported(turn: Turn, report: NonNullable<ClusterState["peer"]>["report"]): void {
  const { peer } = turn.state;
  if (peer === undefined || peer.node !== report.node) return;
  const before = peer.report;
  const heardSince = isHeard({ report }) ? (peer.heardSince ?? turn.now) : undefined;
  turn.state = { ...turn.state, peer: { ...peer, report, heardSince } };
  if (report.liveness === "suspect" && before.liveness !== "suspect") lookWhenSuspect(turn);
  if (isNative(turn.state.peer) && !isNative(peer)) tellFaces(turn);
}

function beatHeard(
  turn: Turn,
  beat: { node: string; st: string; words: string | undefined },
): void {
  const { peer } = turn.state;
  if (peer === undefined || peer.node !== beat.node) return;
  const claims = beat.words === undefined ? undefined : decodeClaims(beat.words);
  const fits = claims === undefined || claims.length === turn.state.groups.length;
  if (!fits && !peer.differs) {
    log(
      turn,
      "CRIT",
      `${peer.node} has ${claims?.length} groups, this node ${turn.state.groups.length}: make haresources the same on both; nothing is moved by agreement`,
    );
  }
  turn.state = {
    ...turn.state,
    peer: {
      ...peer,
      st: beat.st,
      claims: fits ? claims : undefined,
      differs: !fits,
      // The journal knew an earlier life: who beats again has not left.
      released: peer.released?.heardAt === undefined ? undefined : peer.released,
    },
  };
}

/** A new daemon over there: what the old one had said is void. */
function peerRestarted(turn: Turn): void {
  const { peer } = turn.state;
  if (peer === undefined) return;
  turn.state = {
    ...turn.state,
    peer: { ...peer, claims: undefined, released: undefined, st: "init", reach: undefined },
  };
  peerReborn(turn);
}

function messageHeard(turn: Turn, event: Extract<ClusterEvent, { kind: "message" }>): void {
  const { peer } = turn.state;
  if (peer === undefined || event.from !== peer.node) return;
  if (typeOf(event.message) === NATIVE_TYPE) {
    // Only what names our present session may be acted on (safety.md 8).
    const word = event.fresh ? readNative(turn, peer, event.message) : undefined;
    if (word !== undefined) heardNative(turn, word);
    return;
  }
  if (peer.report.dialect === "native" && !event.fresh) return;
  heardPlain(turn, event.message);
}

function operationDone(turn: Turn, id: number, result: ResourceResult): void {
  const pending = turn.state.pending[id];
  if (pending === undefined) return;
  const { [id]: _, ...rest } = turn.state.pending;
  turn.state = { ...turn.state, pending: rest };
  const { place, index, op } = pending;
  const { phase } = groupAt(turn, place);
  const awaited = "opId" in phase && phase.opId === id;
  if (op === "announce" && result.ok) {
    announced(turn, place);
  } else if (op === "announce" && result.state === "stopped") {
    // Deleted between our start of it and its answer: when that was told there was nothing to put back.
    addressGone(turn, groupAt(turn, place).config.name, "program");
  } else if (!awaited) {
    if (op === "stop" && result.ok) setResource(turn, place, index, "stopped");
    // Put back, it may have another prefix than before.
    if ((op === "start" || op === "start-mute") && result.ok)
      turn.state = { ...turn.state, held: "" };
    if (!result.ok)
      log(
        turn,
        "ERROR",
        `group ${groupAt(turn, place).config.name}: ${op} of ${groupAt(turn, place).config.resources[index]?.name}: ${result.detail}`,
      );
  } else if (op === "stop") {
    stopped(turn, place, result);
    commitWhenStopped(turn, place);
  } else {
    started(turn, place, result);
    if (groupAt(turn, place).phase.kind === "prepared") sayReady(turn, place);
  }
}

function probeDone(turn: Turn, id: number, result: ProbeResult): void {
  const pending = turn.state.pending[id];
  if (pending === undefined) return;
  const { [id]: _, ...rest } = turn.state.pending;
  turn.state = { ...turn.state, pending: rest };
  const { place } = pending;
  const group = groupAt(turn, place);
  if (pending.op === "path") {
    const answers = result.answers.length > 0 ? group.path.answers + 1 : 0;
    patchGroup(turn, place, { path: { ...group.path, answers, probeId: undefined } });
    pathAnswered(turn, place);
    return;
  }
  if (group.probe?.id !== id) return;
  patchGroup(turn, place, { probe: { ...group.probe, result } });
  judge(turn, place);
}

/** `active` on the wire: the peer is heard both ways, or known to be gone. Heartbeat's peer: plain.ts. */
function activate(turn: Turn): void {
  const { st, peer } = turn.state;
  if (st !== "up" || isPlain(peer)) return;
  if (peer === undefined || isAway(peer) || isSilent(peer) || isNative(peer)) {
    turn.state = { ...turn.state, st: "active" };
  }
}

/** A clean stop ends when nothing of ours runs any more: the last word tells the peer so. */
function endWhenStopped(turn: Turn): void {
  if (!turn.state.stopping || turn.state.ended) return;
  const busy = turn.state.groups.some(
    (group) => group.phase.kind !== "free" && group.phase.kind !== "unable",
  );
  if (busy) return;
  sendPlain(turn, { t: "shutdone", st: "dead" });
  log(turn, "info", "all groups are released; Tandem has stopped");
  turn.state = { ...turn.state, ended: true };
  turn.effects.push({ kind: "bye" });
}
