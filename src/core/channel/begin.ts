import type { NodeName } from "../../base/names.ts";
import { draw, type Random, seeded } from "../../base/random.ts";
import { drawDigit } from "./acknowledge.ts";
import { firstBeat } from "./beat.ts";
import { NO_DISCARDS } from "./discards.ts";
import { NOTHING_SENT } from "./history.ts";
import { silentLink } from "./links.ts";
import { neverHeard } from "./liveness.ts";
import { closedMedia, withMedia } from "./media.ts";
import { type Peer, unspent } from "./peer.ts";
import { unansweredPings, withPings } from "./pings.ts";
import { UNHEARD } from "./sequence.ts";
import type { ChannelSettings } from "./settings.ts";
import type { ChannelState } from "./state.ts";
import { NO_UPKEEP } from "./upkeep.ts";

export interface Beginning {
  readonly settings: ChannelSettings;
  readonly session: string;
  readonly generation: number;
  /** A former pulse of this boot lived in this generation: we go on, nobody shall see a restart. */
  readonly resumed: boolean;
  /** The first number that no pulse of this generation has been lent. */
  readonly nextSeq: number;
  readonly seed: number;
}

export function startChannel(beginning: Beginning, now: number): ChannelState {
  const { settings, session, generation, resumed, nextSeq, seed } = beginning;
  const { keepaliveMs, deadtimeMs, initdeadMs } = settings.timers;
  // initdead counts from the machine's boot; in the same boot deadtime is enough (safety.md 3).
  const expectedBy = resumed ? now + deadtimeMs : Math.max(initdeadMs, now + deadtimeMs);
  const [peers, random] = strangers(settings, expectedBy, seeded(seed));
  return {
    settings,
    session,
    generation,
    random,
    nextSeq,
    lentUntil: nextSeq,
    history: NOTHING_SENT,
    repeats: [],
    beat: firstBeat(now + keepaliveMs, resumed ? "up" : "init"),
    media: closedMedia(settings.media),
    peers,
    pings: unansweredPings(settings.pings, pingsExpectedBy(beginning, now), now),
    discards: NO_DISCARDS,
    upkeep: NO_UPKEEP,
    rechecking: false,
  };
}

/** As a peer: a network may be slow to come after the machine's boot. */
function pingsExpectedBy({ settings, resumed }: Beginning, now: number): number {
  const { pings, timers } = settings;
  const soonest = now + pings.deadMs;
  return resumed ? soonest : Math.max(timers.initdeadMs, soonest);
}

/** New settings for a channel that goes on: same session, same numbers, peers that stay are kept. */
export function reconfigure(
  state: ChannelState,
  settings: ChannelSettings,
  now: number,
): ChannelState {
  const { deadtimeMs, keepaliveMs } = settings.timers;
  const [fresh, random] = strangers(settings, now + deadtimeMs, state.random);
  const peers = fresh.map((stranger) => {
    const known = state.peers.find((peer) => peer.node === stranger.node);
    if (known === undefined) return stranger;
    const links = stranger.links.map(
      (link) => known.links.find((old) => old.medium === link.medium) ?? link,
    );
    return { ...known, links };
  });
  return {
    ...state,
    settings,
    random,
    peers,
    beat: { ...state.beat, dueAt: Math.min(state.beat.dueAt, now + keepaliveMs) },
    media: withMedia(state.media, settings.media, now),
    pings: withPings(state.pings, settings.pings, now),
  };
}

function strangers(
  settings: ChannelSettings,
  expectedBy: number,
  random: Random,
): readonly [readonly Peer[], Random] {
  let rest = random;
  const peers = settings.nodes
    .filter((node) => node !== settings.self)
    .map((node) => {
      const [chance, next] = draw(rest);
      rest = next;
      return stranger(settings, node, expectedBy, drawDigit(chance));
    });
  return [peers, rest];
}

function stranger(
  settings: ChannelSettings,
  node: NodeName,
  expectedBy: number,
  ackDigit: number,
): Peer {
  return {
    node,
    uuid: undefined,
    generation: 0,
    dialect: "unknown",
    session: undefined,
    pin: settings.pinned,
    saidPlain: false,
    sequence: UNHEARD,
    ackDigit,
    acked: undefined,
    liveness: neverHeard(settings.timers.deadtimeMs, expectedBy),
    links: settings.media.map((medium) => silentLink(medium.name)),
    st: undefined,
    words: undefined,
    hearsUs: false,
    unheardMs: undefined,
    spent: unspent(),
  };
}
