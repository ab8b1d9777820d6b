import { parseHex } from "../../wire/header.ts";
import { fieldOf, type Message } from "../../wire/message.ts";
import { decodeClaims } from "../claim.ts";
import { discard } from "./discards.ts";
import { decodeHears } from "./hears.ts";
import { named, unnamedByPlain } from "./links.ts";
import { heard, saneDeadtime } from "./liveness.ts";
import type { NativeMark } from "./native.ts";
import type { Peer } from "./peer.ts";
import type { Moment } from "./settings.ts";
import { type ChannelEffect, type ChannelState, type ChannelStep, log, withPeer } from "./state.ts";

/**
 * A message between Tandem nodes says all that a beat says (send.ts): a slow line that carries a move
 * has no room left for beats, and its taker must not pass for dead.
 */
export function hearNative(
  state: ChannelState,
  before: Peer,
  said: { mark: NativeMark; message: Message },
  moment: Moment,
): ChannelStep {
  const words = fieldOf(said.message, "own") ?? before.words;
  const { deadtimeMs } = before.liveness;
  const peer: Peer = {
    ...before,
    ...directions(state, before, { ...said, deadtimeMs, now: moment.now }),
    liveness: heard(before.liveness, deadtimeMs, moment.now),
    words,
  };
  const isNews = before.liveness.verdict === "silent" || before.words !== words;
  return [
    withPeer(state, peer),
    isNews && before.st !== undefined ? [beatReport(peer, before.st)] : [],
  ];
}

/** A beat that is its sender's newest: it lives, it hears us or does not, it says what it owns. */
export function hearBeat(
  state: ChannelState,
  before: Peer,
  beat: { mark: NativeMark | undefined; message: Message },
  moment: Moment,
): ChannelStep {
  const st = fieldOf(beat.message, "st") ?? "";
  // Words that do not name our present session prove a life, no more: nothing is acted on (safety.md 8).
  const words = beat.mark?.heard === state.session ? fieldOf(beat.message, "own") : undefined;
  const [judging, absurd] = deadtimeOf(state, before, { ...beat, now: moment.now });
  const { deadtimeMs } = judging;
  const peer: Peer = {
    ...before,
    ...directions(state, before, { ...beat, deadtimeMs, now: moment.now }),
    dialect: beat.mark === undefined ? "plain" : "native",
    liveness: heard(before.liveness, deadtimeMs, moment.now),
    st,
    words,
  };
  const cameBack = before.liveness.verdict === "silent";
  const isNews = cameBack || before.st !== st || before.words !== words;
  return [
    withPeer(judging.state, peer),
    [
      ...absurd,
      ...lateLog(state, before, moment.now),
      ...(cameBack || before.st !== st
        ? [log("info", `Status update for node ${peer.node}: status ${st}`)]
        : []),
      ...(isNews ? [beatReport(peer, st)] : []),
    ],
  ];
}

function beatReport({ node, words }: Peer, st: string): ChannelEffect {
  return { kind: "report", report: { kind: "beat", node, st, words } };
}

/**
 * What the beat claims so surely that a holder under a lower number must yield before anything else:
 * fresh, owned, and owned on more than silence (safety.md 4 and 5).
 */
export function claimsOf(
  state: ChannelState,
  peer: Peer,
  { mark, message }: { mark: NativeMark | undefined; message: Message },
): readonly ChannelEffect[] {
  if (mark?.heard !== state.session) return [];
  const claims = (decodeClaims(fieldOf(message, "own") ?? "") ?? []).flatMap((claim, groupIndex) =>
    claim.part === "owns" && claim.basis !== "silent" ? [{ groupIndex, claim }] : [],
  );
  return claims.length === 0 ? [] : [{ kind: "claimed", node: peer.node, claims }];
}

/** What it is judged by from now on: what it announces where that can be read and makes sense. */
function deadtimeOf(
  state: ChannelState,
  { node, liveness }: Peer,
  { message, now }: { message: Message; now: number },
): readonly [{ state: ChannelState; deadtimeMs: number }, readonly ChannelEffect[]] {
  const text = fieldOf(message, "dt");
  const announced = text === undefined ? undefined : parseHex(text);
  const deadtimeMs =
    announced === undefined ? liveness.deadtimeMs : saneDeadtime(announced, state.settings.timers);
  // Heartbeat's scripts may leave it out: that is no announcement.
  if (text === undefined || announced === deadtimeMs) return [{ state, deadtimeMs }, []];
  const [discards, logs] = discard(state.discards, { reason: "absurd-deadtime", what: node }, now);
  return [{ state: { ...state, discards }, deadtimeMs }, logs];
}

/** Whom the peer hears. A beat made for a former session of ours says nothing about this one. */
function directions(
  state: ChannelState,
  peer: Peer,
  {
    mark,
    message,
    deadtimeMs,
    now,
  }: { mark: NativeMark | undefined; message: Message; deadtimeMs: number; now: number },
): Pick<Peer, "hearsUs" | "unheardMs" | "links"> {
  if (mark === undefined) {
    const { hearsUs } = peer;
    return { hearsUs, unheardMs: undefined, links: peer.links.map(unnamedByPlain) };
  }
  const knowsUs = mark.heard === state.session;
  const hears = knowsUs ? decodeHears(fieldOf(message, "hears") ?? "") : [];
  const ourMedia = state.settings.media.map((medium) => medium.name);
  return {
    hearsUs: hears.length > 0,
    unheardMs: knowsUs
      ? hears.reduce((least, { ageMs }) => Math.min(least, ageMs), deadtimeMs)
      : undefined,
    links: knowsUs ? peer.links.map((link) => named(link, { hears, ourMedia }, now)) : peer.links,
  };
}

function lateLog(state: ChannelState, before: Peer, now: number): readonly ChannelEffect[] {
  const { node, liveness, st } = before;
  // A new generation has no former beat to be late after.
  if (liveness.heardAt === undefined || st === undefined) return [];
  const interval = now - liveness.heardAt;
  const { warntimeMs, deadtimeMs } = state.settings.timers;
  const text = `Late heartbeat: Node ${node}: interval ${Math.round(interval)} ms`;
  const logs: ChannelEffect[] = [];
  if (interval > deadtimeMs) logs.push(log("CRIT", `${text} (> deadtime)`));
  else if (interval > warntimeMs) logs.push(log("WARN", text));
  if (liveness.verdict === "silent") {
    logs.unshift(log("CRIT", `Cluster node ${node} returning after partition.`));
  }
  return logs;
}
