/**
 * Who answers for the address? (safety.md 4) It is asked three times when the peer becomes suspect, so
 * that the answer is known when its dead time falls, and looked at again right before it falls. For the time
 * between is long: a peer that hears us as little as we hear it may have lost the address and taken it
 * anew. Two that both look right before they take see each other.
 */
import { judgeProbe } from "./arp-rule.ts";
import { type Group, hasAddress } from "./group.ts";
import { beginProbe, groupAt, patchGroup, type Turn } from "./state.ts";
import type { ProbeResult } from "./world.ts";

/** How often to ask, and how long to wait for each answer. */
interface Look {
  readonly tries: number;
  readonly spacingMs: number;
}

const THOROUGH: Look = { tries: 3, spacingMs: 100 };
/** Answers on a LAN come within a few milliseconds; who was slow has been asked thoroughly before. */
const LAST_LOOK: Look = { tries: 1, spacingMs: 25 };
/** The last look begins so long before the verdict; a thorough one in its place as much earlier as it takes. */
const LAST_LOOK_LEAD_MS = 30;
/** An answer speaks of now for so long; after it, one more look decides. */
const FRESH_MS = 50;
/** How long after a thorough probe one more look is enough. */
const THOROUGH_FOR_MS = 1_500;
/**
 * An answer that is heard so much later than it was due has waited while we slept, and the peer may have been heard
 * meanwhile: one more question, and whatever waits in the pulse's sockets is read before its answer.
 */
const LATE_MS = 30;
/** After a longer sleep whoever answers may have begun to meanwhile. */
const LONG_LATE_MS = 250;
/** On a machine that is always late there is no better answer than a late one. */
const LATE_MAX = 2;

export interface GroupProbe {
  readonly id: number;
  readonly at: number;
  /** When three questions were last asked, at this probe or at one before it; undefined: never. */
  readonly thoroughAt: number | undefined;
  /** When its answer is to be expected at the latest. */
  readonly dueAt: number;
  /** Answers before it, in a row, that came too late to be used. */
  readonly late: number;
  /** Undefined: still out. */
  readonly result: ProbeResult | undefined;
}

/** Ask who answers for the group's address; the answer waits in the group until it is needed. */
export function startProbe(turn: Turn, place: number, look: Look = THOROUGH): void {
  const group = groupAt(turn, place);
  if (!hasAddress(group) || isOut(group)) return;
  const { name } = group.config;
  const id = beginProbe(turn, place, { kind: "address", group: name, ...look });
  const dueAt = turn.now + look.tries * look.spacingMs;
  const thoroughAt = look === THOROUGH ? turn.now : group.probe?.thoroughAt;
  const probe = { id, at: turn.now, thoroughAt, dueAt, late: 0, result: undefined };
  patchGroup(turn, place, { probe });
}

function isOut({ probe }: Group): boolean {
  return probe !== undefined && probe.result === undefined;
}

/** An answer to judge by, now or when it comes. */
export function probeNow(turn: Turn, place: number): void {
  const { probe } = groupAt(turn, place);
  if (probe !== undefined && isOfUse(turn, probe)) return;
  const isEnough = probe !== undefined && askedInVain(turn, probe, turn.now);
  startProbe(turn, place, isEnough ? LAST_LOOK : THOROUGH);
}

/**
 * Whether the answer that waits speaks of now. That the peer answered does not: a hung peer still had
 * its lease when the probe began, and has lost it by the time at which it is declared dead.
 */
function isOfUse(turn: Turn, probe: GroupProbe): boolean {
  if (probe.result === undefined) return true;
  return turn.now - probe.dueAt <= FRESH_MS && !peerAnswered(turn, probe);
}

/** Three questions lately, and nothing of the peer since: one more is enough then. */
function askedInVain(turn: Turn, probe: GroupProbe, at: number): boolean {
  const { thoroughAt } = probe;
  return (
    thoroughAt !== undefined && at - thoroughAt <= THOROUGH_FOR_MS && !peerAnswered(turn, probe)
  );
}

function peerAnswered(turn: Turn, { result }: GroupProbe): boolean {
  return (
    result !== undefined && judgeProbe(result, knownMacs(turn, result)).kind === "peer-answers"
  );
}

/**
 * The answer has waited in a queue while we slept: whoever has taken the address meanwhile is not in
 * it. Asks anew, and says so.
 */
export function askedTooLongAgo(turn: Turn, place: number): boolean {
  const { probe } = groupAt(turn, place);
  if (probe?.result === undefined) return false;
  const lateMs = turn.now - probe.dueAt;
  if (lateMs <= LATE_MS || probe.late >= LATE_MAX) return false;
  const isEnough = lateMs <= LONG_LATE_MS && askedInVain(turn, probe, turn.now);
  startProbe(turn, place, isEnough ? LAST_LOOK : THOROUGH);
  const { probe: next } = groupAt(turn, place);
  if (next !== undefined) patchGroup(turn, place, { probe: { ...next, late: probe.late + 1 } });
  return true;
}

/** The peer has become suspect: the answer is to be known when its dead time falls. */
export function lookWhenSuspect(turn: Turn): void {
  for (const group of turn.state.groups) if (!isAnswering(group)) startProbe(turn, group.place);
}

/** It is suspect still, and its dead time is about to fall. */
export function lookBeforeDeath(turn: Turn): void {
  for (const group of turn.state.groups) {
    const due = lastLook(turn, group);
    if (due !== undefined && turn.now >= due.at && !isOut(group))
      startProbe(turn, group.place, due.look);
  }
}

/** When this group is to be looked at for the last time; undefined: it has been, or need not be. */
export function lastLookAt(turn: Turn, group: Group): number | undefined {
  return lastLook(turn, group)?.at;
}

/**
 * One question is enough where three were lately asked in vain. Else one that gets lost would decide: the peer
 * has answered the three, or nobody has asked for long, since a peer about which there was no verdict is not
 * called suspect (no medium worked here).
 */
function lastLook(
  turn: Turn,
  group: Group,
): { readonly at: number; readonly look: Look } | undefined {
  const silentAt = turn.state.peer?.report.silentAt;
  const { probe } = group;
  if (silentAt === undefined || probe === undefined || isAnswering(group)) return undefined;
  const isEnough = askedInVain(turn, probe, silentAt);
  const look = isEnough ? LAST_LOOK : THOROUGH;
  const lead = isEnough ? 0 : look.tries * look.spacingMs;
  const at = silentAt - LAST_LOOK_LEAD_MS - lead;
  return probe.at < at && turn.now < silentAt ? { at, look } : undefined;
}

function isAnswering({ phase: { kind } }: Group): boolean {
  return kind === "holding" || kind === "starting" || kind === "proving" || kind === "offering";
}

/**
 * A Heartbeat peer never tells its hardware addresses. Until one has been learnt (plain-macs.ts)
 * whoever answers counts as it: more likely than a stranger.
 */
export function knownMacs(turn: Turn, result: ProbeResult): readonly string[] {
  const { peer } = turn.state;
  if (peer === undefined) return [];
  if (peer.macs.length > 0 || peer.report.dialect !== "plain") return peer.macs;
  return result.answers.map((answer) => answer.mac);
}
