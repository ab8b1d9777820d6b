/**
 * `auto_failback legacy` (protocol.md 7): no word about holdings, no standby. Each node runs the groups
 * that prefer it. Whoever has just become active asks for them by `ip-request`; the other stops what it
 * runs of them and answers `ip-request-resp`, and the asker takes what was answered. That is all
 * there is, so that our moves are made of it too: we ask for what we want, and an answer that nobody
 * asked for makes a Heartbeat node take the group just the same.
 */
import { fieldOf, type Message } from "../../wire/message.ts";
import { mayMove, spendMove } from "./budget.ts";
import { failbackAt } from "./decide.ts";
import { type Group, hasAddress, hasCarrier, isOwner } from "./group.ts";
import { goesHomeAt } from "./plain-groups.ts";
import { isOurs } from "./plain-holdings.ts";
import type { Debt, LegacyState } from "./plain-state.ts";
import { groupsOf, patchPlain, peerName, plainOf, sendPlain } from "./plain-turn.ts";
import { release } from "./releasing.ts";
import { enter, goFree, groupAt, isAwake, log, patchGroup, type Turn } from "./state.ts";
import { startServing, takeAfterProbe } from "./taking.ts";
import type { ResourceSet } from "./world.ts";

/** Heartbeat asks once and loses it where it is lost; asking twice does no harm. */
const ASK_EVERY_MS = 10_000;
/** A person's request is not waited for any longer; what we are due is asked for again. */
const ASK_MS = 60_000;
/** A peer that should have asked by now will not: it asks within seconds of becoming active. */
const UNASKED_MS = 15_000;

/** After every event, beside a peer that is heard. */
export function pursueLegacy(turn: Turn): void {
  followPeer(turn);
  goHomeUnasked(turn);
  payDebts(turn);
  askForOurs(turn);
  offerWhatFails(turn);
}

/** It runs what prefers it from the moment it is active; we only know better of what is ours. */
function followPeer(turn: Turn): void {
  const { legacy, peerStable } = plainOf(turn);
  if (!isPeerActive(turn)) {
    if (!legacy.sawBegin) patchLegacy(turn, { sawBegin: true });
    if (peerStable) patchPlain(turn, { peerStable: false });
    return;
  }
  const known = peerStable
    ? legacy.theirs
    : groupsOf(turn.state, "foreign", turn.state.self).map((group) => group.place);
  const theirs = known.filter((place) => !isOurs(groupAt(turn, place)));
  if (theirs.length !== legacy.theirs.length) patchLegacy(turn, { theirs });
  if (!peerStable) patchPlain(turn, { peerStable: true });
}

function isPeerActive(turn: Turn): boolean {
  return turn.state.peer?.st === "active";
}

/** What came here through its absence is given back though its request was lost. */
function goHomeUnasked(turn: Turn): void {
  if (!isPeerActive(turn)) return;
  for (const group of groupsOf(turn.state, "foreign", turn.state.self)) {
    if (group.failbackDue && group.phase.kind === "holding")
      owe(turn, group, unaskedAt(turn, group));
  }
}

function unaskedAt(turn: Turn, group: Group): number {
  return Math.max(goesHomeAt(turn, group), plainOf(turn).peerSince + UNASKED_MS);
}

/** `ip-request`: the peer wants what prefers it. Said at any time, answered when it has stopped here. */
export function hearIpRequest(turn: Turn, message: Message): void {
  const key = fieldOf(message, "ipaddr") ?? "";
  const group = turn.state.groups.find((candidate) => candidate.config.name === key);
  if (group === undefined) {
    // Its scripts would answer so as well; without an answer it would never start the group.
    sayGiven(turn, key, false);
    return;
  }
  const from = goesHomeAt(turn, group);
  const waits = isOurs(group) && from > turn.now;
  log(
    turn,
    "info",
    `group ${group.config.name}: ${peerName(turn)} asks for it${waits ? `: given in ${Math.ceil((from - turn.now) / 1000)} s, because it has died lately; \`tandem standby foreign\` does it now` : ""}`,
  );
  owe(turn, group, from);
}

/** To be given from then on. Asked for twice, the sooner counts. */
function owe(turn: Turn, group: Group, from: number): void {
  const { owed } = plainOf(turn).legacy;
  const before = owed.find((debt) => debt.place === group.place);
  if (before !== undefined && before.from <= from) return;
  const debt: Debt = { place: group.place, from, wasOurs: before?.wasOurs ?? isOurs(group) };
  patchLegacy(turn, { owed: [...owed.filter((other) => other !== before), debt] });
}

function payDebts(turn: Turn): void {
  for (const debt of plainOf(turn).legacy.owed) {
    if (turn.now < debt.from) continue;
    const group = groupAt(turn, debt.place);
    const { kind } = group.phase;
    if (kind === "probing") goFree(turn, group.place);
    else if (isOurs(group)) letGo(turn, group);
    else if (kind !== "releasing" && kind !== "unknown") settle(turn, group, debt);
  }
}

function letGo(turn: Turn, group: Group): void {
  const reason = { rule: "asked", text: `${peerName(turn)} takes it` };
  release(turn, group.place, { reason, order: "right-to-left", after: "free" });
}

function settle(turn: Turn, group: Group, debt: Debt): void {
  const { owed, theirs } = plainOf(turn).legacy;
  sayGiven(turn, group.config.name, debt.wasOurs);
  patchLegacy(turn, {
    owed: owed.filter((other) => other !== debt),
    theirs: [...theirs.filter((place) => place !== group.place), group.place],
  });
  // Only a carrier that is lost brings it home again by itself.
  patchGroup(turn, group.place, { failbackDue: !hasCarrier(group), note: undefined });
}

function sayGiven(turn: Turn, key: string, wasOurs: boolean): void {
  sendPlain(turn, {
    t: "ip-request-resp",
    dest: peerName(turn),
    ipaddr: key,
    weown: wasOurs ? "yes" : "no",
    ok: "OK",
  });
}

/** What prefers us and is not here since we have started is asked for, once the peer can answer. */
function askForOurs(turn: Turn): void {
  const { stage, legacy } = plainOf(turn);
  if (stage !== "stable") return;
  for (const group of groupsOf(turn.state, "local", turn.state.self)) {
    if (group.phase.kind !== "free" || !group.failbackDue || !hasCarrier(group)) continue;
    if (!isPeerActive(turn)) {
      // As Heartbeat does beside a node that is not active; the probe asks its kernel in any case.
      const text = `this node is its preferred one and ${peerName(turn)} is not active`;
      if (hasAddress(group))
        takeAfterProbe(turn, group.place, "agreed", { rule: "preferred", text });
    } else if (turn.now >= failbackAt(turn, group)) {
      const isAsked = legacy.asked.some((asked) => asked.place === group.place);
      if (!isAsked) askFor(turn, group, turn.now + ASK_MS);
    }
  }
  askAgain(turn);
}

function askFor(turn: Turn, group: Group, until: number): void {
  const { asked } = plainOf(turn).legacy;
  if (!asked.some(({ place }) => place === group.place))
    log(turn, "info", `group ${group.config.name}: asking ${peerName(turn)} for it`);
  sendPlain(turn, { t: "ip-request", ipaddr: group.config.name });
  patchLegacy(turn, {
    asked: [
      ...asked.filter(({ place }) => place !== group.place),
      { place: group.place, nextAt: turn.now + ASK_EVERY_MS, until },
    ],
  });
}

function askAgain(turn: Turn): void {
  for (const { place, nextAt, until } of plainOf(turn).legacy.asked) {
    if (turn.now < nextAt) continue;
    if (turn.now < until) askFor(turn, groupAt(turn, place), until);
    else {
      const asked = plainOf(turn).legacy.asked.filter((other) => other.place !== place);
      patchLegacy(turn, { asked });
    }
  }
}

/** `ip-request-resp`: to us, what we asked for or are given; to itself, what it takes without asking. */
export function hearIpResponse(turn: Turn, message: Message): void {
  const key = fieldOf(message, "ipaddr");
  const group = turn.state.groups.find((candidate) => candidate.config.name === key);
  if (group === undefined || fieldOf(message, "ok") !== "OK") return;
  if (fieldOf(message, "dest") === turn.state.self) {
    takeGiven(turn, group, fieldOf(message, "weown") === "yes");
  } else yieldUnasked(turn, group);
}

function takeGiven(turn: Turn, { place }: Group, wasTheirs: boolean): void {
  const { asked, theirs } = plainOf(turn).legacy;
  patchLegacy(turn, {
    asked: asked.filter((other) => other.place !== place),
    theirs: theirs.filter((other) => other !== place),
  });
  if (turn.state.stopping) return;
  if (groupAt(turn, place).phase.kind === "unable")
    enter(turn, place, { kind: "free", leftover: false });
  const group = groupAt(turn, place);
  if (group.phase.kind !== "free") return;
  if (!hasCarrier(group)) {
    owe(turn, group, turn.now);
    return;
  }
  const text = `${peerName(turn)} ${wasTheirs ? "has given it up" : "does not run it"}`;
  const reason = { rule: "given", text };
  if (wasTheirs && isAwake(turn)) startServing(turn, place, "agreed", reason);
  else takeAfterProbe(turn, place, "agreed", reason);
}

/**
 * A Heartbeat node that starts in the instant in which it does not know us to be active asks nobody
 * (behaviour.md 3), and never gives up again. Not so what it took before a partition: after that it
 * gives up by itself.
 */
function yieldUnasked(turn: Turn, group: Group): void {
  const { legacy } = plainOf(turn);
  const { peer } = turn.state;
  if (!legacy.sawBegin || group.config.preferred !== peer?.node || !isOurs(group)) return;
  const text = `${peer.node} takes it without asking, as \`auto_failback legacy\` does`;
  log(turn, "CRIT", `group ${group.config.name}: given up: ${text}`);
  patchLegacy(turn, { owed: legacy.owed.filter((debt) => debt.place !== group.place) });
  release(turn, group.place, {
    reason: { rule: "peer-owns", text },
    order: "addresses-first",
    after: "free",
  });
}

/** A group that failed here, or whose interface lost its carrier. */
function offerWhatFails(turn: Turn): void {
  if (!isPeerActive(turn) || plainOf(turn).stage !== "stable") return;
  for (const group of turn.state.groups) {
    const { theirs, owed } = plainOf(turn).legacy;
    const failed = group.phase.kind === "unable" && !theirs.includes(group.place);
    const cut = isOwner(group) && !hasCarrier(group);
    if (!(failed || cut) || owed.some((debt) => debt.place === group.place)) continue;
    if (!mayMove(group.moves, turn.now)) continue;
    patchGroup(turn, group.place, { moves: spendMove(group.moves, turn.now) });
    const why = failed ? "it failed here" : `${group.face?.interface} has no carrier here`;
    log(turn, "WARN", `group ${group.config.name}: ${why}: given to ${peerName(turn)}`);
    owe(turn, group, turn.now);
  }
}

/** A person wants our groups of this set to run there (`tandem standby`, or `hb_takeover` there). */
export function giveSet(turn: Turn, set: ResourceSet): void {
  for (const group of groupsOf(turn.state, set, turn.state.self)) {
    if (isOurs(group)) owe(turn, group, turn.now);
  }
}

/** A person wants the peer's groups of this set to run here (`tandem takeover`). */
export function askForSet(turn: Turn, set: ResourceSet): void {
  for (const group of groupsOf(turn.state, set, turn.state.self)) {
    if (!isOurs(group)) askFor(turn, group, turn.now + ASK_MS);
  }
}

/** When time alone will change something here. */
export function legacyDueAt(turn: Turn): readonly number[] {
  const { legacy } = plainOf(turn);
  if (!legacy.spoken) return [];
  return [...legacy.owed.map((debt) => debt.from), ...legacy.asked.map((asked) => asked.nextAt)];
}

function patchLegacy(turn: Turn, patch: Partial<LegacyState>): void {
  patchPlain(turn, { legacy: { ...plainOf(turn).legacy, ...patch } });
}
