/** What a person asks for: planned moves, answered when they are done, and the clean stop. */
import { ask } from "./asking.ts";
import { give } from "./giving.ts";
import { type Group, isOwner } from "./group.ts";
import { claimOf, couldOwn, isAway, isNative, isPlain, isSilent } from "./peer.ts";
import { askForSet, giveSet } from "./plain-legacy.ts";
import { askPeerToGive, beginStandby, objectionToMove } from "./plain-standby.ts";
import { peerHoldsGroup, plainOf } from "./plain-turn.ts";
import { groupAt, log, type PendingRequest, patchGroup, type Turn } from "./state.ts";
import type { OperatorRequest, ResourceSet } from "./world.ts";

/** A planned move is prepared within a minute (giving.ts); then a request is answered in any case. */
const REQUEST_MS = 90_000;
/** A former move may still be draining when the next is asked for: so long it is waited for. */
const BEGIN_MS = 10_000;

export function request(turn: Turn, id: number | undefined, wanted: OperatorRequest): void {
  if (wanted.kind === "stop") {
    beginStop(turn, id);
    return;
  }
  const places = placesOf(turn, wanted.kind, wanted.set);
  const objection = places.length === 0 ? undefined : objectionTo(turn, wanted.kind, places);
  if (objection !== undefined) {
    answer(turn, id, false, objection, 0);
    return;
  }
  if (places.length === 0) {
    const text =
      wanted.kind === "standby"
        ? "this node holds none of these groups"
        : "this node holds all of these groups";
    answer(turn, id, true, `nothing to move: ${text}`, 0);
    return;
  }
  log(turn, "info", `${wanted.kind} [${wanted.set}] asked for by an operator`);
  if (isPlain(turn.state.peer)) {
    beginPlain(turn, wanted.kind, wanted.set);
  } else {
    for (const place of places) {
      patchGroup(turn, place, { note: undefined, failbackDue: false, askedAt: undefined });
    }
  }
  const begun = isPlain(turn.state.peer) ? places : [];
  const until = turn.now + REQUEST_MS;
  const pending = { id, ...wanted, places, begun, startedAt: turn.now, until };
  turn.state = { ...turn.state, requests: [...turn.state.requests, pending] };
}

function beginPlain(turn: Turn, kind: "standby" | "takeover", set: ResourceSet): void {
  const { spoken } = plainOf(turn).legacy;
  if (kind === "standby") (spoken ? giveSet : beginStandby)(turn, set);
  else (spoken ? askForSet : askPeerToGive)(turn, set);
}

/** Begin what had to wait for a former move to end. */
export function pursueRequests(turn: Turn): void {
  for (const pending of turn.state.requests) {
    const ready = pending.places.filter(
      (place) => !pending.begun.includes(place) && isReady(turn, place, pending.kind),
    );
    if (ready.length === 0) continue;
    for (const place of ready) begin(turn, place, pending.kind);
    const begun = [...pending.begun, ...ready];
    turn.state = {
      ...turn.state,
      requests: turn.state.requests.map((other) =>
        other === pending ? { ...pending, begun } : other,
      ),
    };
  }
}

function isReady(turn: Turn, place: number, kind: "standby" | "takeover"): boolean {
  const { phase } = groupAt(turn, place);
  if (kind === "standby") return phase.kind === "holding" && couldOwn(turn.state, place);
  return phase.kind === "free" && claimOf(turn.state.peer, place)?.part === "owns";
}

/** When a request that waits or runs is answered at the latest. */
export function requestDeadline(pending: PendingRequest): number {
  const waits = pending.begun.length < pending.places.length;
  return waits ? pending.startedAt + BEGIN_MS : pending.until;
}

/** What Heartbeat's word means here, and of that what is not already where it should be. */
function placesOf(turn: Turn, kind: "standby" | "takeover", set: ResourceSet): readonly number[] {
  const local = (group: Group): boolean => group.config.preferred === turn.state.self;
  return turn.state.groups
    .filter((group) => set === "all" || (set === "local") === local(group))
    .filter((group) => isOwner(group) === (kind === "standby"))
    .map((group) => group.place);
}

function objectionTo(
  turn: Turn,
  kind: "standby" | "takeover",
  places: readonly number[],
): string | undefined {
  const { peer, self } = turn.state;
  if (turn.state.stopping) return `${self} is stopping`;
  if (peer === undefined) return "there is no other node in ha.cf";
  if (isPlain(peer)) return objectionToMove(turn);
  if (isAway(peer) || isSilent(peer))
    return `${peer.node} is down: nothing can be moved to or from it`;
  if (!isNative(peer))
    return `${peer.node} does not hear us yet: look at the links in \`tandem status\``;
  if (kind === "takeover") return undefined;
  const unable = places.find((place) => claimOf(peer, place)?.part === "unable");
  if (unable === undefined) return undefined;
  return `${peer.node} is not able to run ${groupAt(turn, unable).config.name}: see \`tandem status\` there`;
}

function begin(turn: Turn, place: number, kind: "standby" | "takeover"): void {
  // What a former move has left there says nothing of this one.
  patchGroup(turn, place, { note: undefined });
  if (kind === "takeover") {
    ask(turn, place, { why: "asked for by an operator", planned: true });
    return;
  }
  const reason = { rule: "standby-asked", text: "standby asked for by an operator" };
  give(turn, place, { reason, urgent: false });
}

function beginStop(turn: Turn, id: number | undefined): void {
  if (!turn.state.stopping) {
    log(turn, "info", `Tandem is stopping on ${turn.state.self}: groups are handed over`);
    for (const group of turn.state.groups) patchGroup(turn, group.place, { note: undefined });
  }
  turn.state = { ...turn.state, stopping: true };
  answer(turn, id, true, "stopping", 0);
}

/** Answer those that are done, have failed, or have waited long enough. */
export function answerRequests(turn: Turn): void {
  for (const pending of turn.state.requests) {
    const outcome = outcomeOf(turn, pending);
    if (outcome === undefined) continue;
    turn.state = {
      ...turn.state,
      requests: turn.state.requests.filter((other) => other !== pending),
    };
    answer(turn, pending.id, outcome.ok, outcome.text, turn.now - pending.startedAt);
  }
}

function outcomeOf(turn: Turn, pending: PendingRequest): { ok: boolean; text: string } | undefined {
  const groups = pending.places.map((place) => groupAt(turn, place));
  const moved = groups.filter((group) => isMoved(turn, pending, group));
  const names = groups.map((group) => group.config.name).join(", ");
  if (moved.length === groups.length) {
    return {
      ok: true,
      text: `${names} ${pending.kind === "standby" ? `now on ${turn.state.peer?.node}` : "now on this node"}`,
    };
  }
  if (turn.state.stopping && pending.kind === "takeover") {
    return { ok: false, text: `${turn.state.self} is stopping` };
  }
  const failed = failureIn(pending, groups);
  if (failed !== undefined) return { ok: false, text: failed };
  const deadline = requestDeadline(pending);
  if (turn.now < deadline) return undefined;
  const seconds = (deadline - pending.startedAt) / 1000;
  return { ok: false, text: `${names}: not done within ${seconds} s; see \`tandem status\`` };
}

/** What has called it off: the other node's word, ours, or a resource that did not start here. */
function failureIn(pending: PendingRequest, groups: readonly Group[]): string | undefined {
  for (const { config, note, phase, since, place } of groups) {
    const isRefused = note?.kind === "not-given" || note?.kind === "not-moved";
    if (isRefused && pending.begun.includes(place)) return `${config.name}: ${note.text}`;
    // One that had failed here before is tried again, and may start this time.
    const isTried = pending.kind === "takeover" && since > pending.startedAt;
    if (isTried && phase.kind === "unable") return `${config.name}: not taken: ${phase.why}`;
  }
  return undefined;
}

function isMoved(turn: Turn, pending: PendingRequest, group: Group): boolean {
  if (pending.kind === "takeover") return group.phase.kind === "holding";
  const { kind } = group.phase;
  const gone = kind === "free" || kind === "draining" || kind === "releasing" || kind === "unable";
  if (!gone) return false;
  if (isPlain(turn.state.peer))
    return plainOf(turn).standby === undefined && peerHoldsGroup(turn.state, group);
  return claimOf(turn.state.peer, group.place)?.part === "owns";
}

function answer(
  turn: Turn,
  id: number | undefined,
  ok: boolean,
  text: string,
  tookMs: number,
): void {
  if (id !== undefined) turn.effects.push({ kind: "answer", id, ok, text, tookMs });
}
