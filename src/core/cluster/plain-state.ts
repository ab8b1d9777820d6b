import type { ResourceSet } from "./world.ts";

/**
 * Our side of Heartbeat's own resource protocol opposite a node that has not said that it can do more
 * (protocol.md 3, 4, 6). Holdings are seen from the node that holds: `local` are the groups that
 * prefer it.
 */
export interface PlainState {
  /** Such a peer is heard now, and has not stopped. */
  readonly present: boolean;
  /**
   * `away`: we are not active, and no such peer is heard. `asking-nodes`: `reqnodes` sent.
   * `starting`: `starting` sent, waiting for a `resource`. `waiting`: the peer is neither stable nor
   * starting, and Heartbeat's wait runs. `stable`: groups may move.
   */
  readonly stage: "away" | "asking-nodes" | "starting" | "waiting" | "stable";
  /** Deadline or repetition of the stage. */
  readonly alarm: number | undefined;
  /** It has sent `starting` in its present life: until it says otherwise it holds nothing. */
  readonly peerStarted: boolean;
  readonly peerStable: boolean;
  /** Undefined: its present life has not said yet. */
  readonly peerHolds: Holdings | undefined;
  /** Number of its newest `resource`: what was lost comes later, out of order, and is of the past. */
  readonly newestWord: number;
  /** Since when this life of the peer is heard: failback after a death waits from here. */
  readonly peerSince: number;
  /** Wall-clock seconds at which it fell silent, newest last. */
  readonly peerDeaths: readonly number[];
  /**
   * Sets in which no group is, as far as they count as ours: Heartbeat hands them about like any
   * other, and complains of a set that nobody holds.
   */
  readonly empty: Holdings;
  readonly standby: Standby | undefined;
  /** We have asked by `hb_takeover`, and it has not begun to give: asked again at `nextAt`. */
  readonly wanted:
    | { readonly set: ResourceSet; readonly nextAt: number; readonly until: number }
    | undefined;
  /** Last `resource` that we sent, so that only changes are told; empty: tell it in any case. */
  readonly told: string;
  /** Until then it is not told: it may have been out of reach, and about to start anew for that. */
  readonly sparedUntil: number;
  /** `auto_failback legacy` (plain-legacy.ts). */
  readonly legacy: LegacyState;
  /** What both reach, by ipfail's words (plain-ipfail.ts). */
  readonly reach: PlainReach;
  /** Learning the peer's hardware address from the service address that it holds (plain-macs.ts). */
  readonly learning: { readonly probeId: number | undefined; readonly nextAt: number };
}

export interface Holdings {
  readonly local: boolean;
  readonly foreign: boolean;
}

export interface PlainReach {
  /** How many ping nodes we last said that we reach, and when; undefined: the peer must be told. */
  readonly told: number | undefined;
  readonly toldAt: number;
  /** Seen from here, by the last exchange. */
  readonly relation: "fewer" | "equal" | "more" | "unknown";
  /** The peer was told that it reaches fewer: what it gave then goes home once both are equal. */
  readonly tookForIt: boolean;
  /** To be given up at this time; tried until the other. */
  readonly giveUp:
    | { readonly set: "all" | "foreign"; readonly at: number; readonly until: number }
    | undefined;
}

/** Groups are told by their place in haresources. */
export interface LegacyState {
  /** The peer speaks it: as our ha.cf says, until it says otherwise. */
  readonly spoken: boolean;
  /** This life of the peer began while we heard it: what it says to take, it takes now. */
  readonly sawBegin: boolean;
  /** Asked for by `ip-request` and not answered: again at `nextAt`, for so long. */
  readonly asked: readonly {
    readonly place: number;
    readonly nextAt: number;
    readonly until: number;
  }[];
  readonly owed: readonly Debt[];
  /** What it runs, as far as anybody can tell. */
  readonly theirs: readonly number[];
}

/** A group that we give to the peer, and say so when it has stopped here. */
export interface Debt {
  readonly place: number;
  readonly from: number;
  /** We ran it when it was asked for. */
  readonly wasOurs: boolean;
}

/** The three-step move. The set is the giver's view. */
export interface Standby {
  readonly giver: "me" | "other";
  readonly set: ResourceSet;
  /**
   * Giver: `asked` (`me` sent), `giving` (groups are being stopped), `given` (`done` sent).
   * Taker: `asked` (`other` sent), `taking` (groups are being started).
   */
  readonly step: "asked" | "giving" | "given" | "taking";
  /** After this it is called off. */
  readonly until: number;
}

export const NOTHING: Holdings = { local: false, foreign: false };

export const NO_LEGACY: LegacyState = {
  spoken: false,
  sawBegin: false,
  asked: [],
  owed: [],
  theirs: [],
};

export const NO_PLAIN_REACH: PlainReach = {
  told: undefined,
  toldAt: 0,
  relation: "unknown",
  tookForIt: false,
  giveUp: undefined,
};

export const NO_PLAIN: PlainState = {
  present: false,
  stage: "away",
  alarm: undefined,
  peerStarted: false,
  peerStable: false,
  peerHolds: undefined,
  newestWord: 0,
  peerSince: 0,
  peerDeaths: [],
  empty: NOTHING,
  standby: undefined,
  wanted: undefined,
  told: "",
  sparedUntil: 0,
  legacy: NO_LEGACY,
  reach: NO_PLAIN_REACH,
  learning: { probeId: undefined, nextAt: 0 },
};

/** The same groups seen from the other node. */
export function mirrored(set: ResourceSet): ResourceSet {
  if (set === "all") return "all";
  return set === "local" ? "foreign" : "local";
}

export function holdingsOf(word: string | undefined): Holdings {
  return {
    local: word === "all" || word === "local",
    foreign: word === "all" || word === "foreign",
  };
}

export function wordOf({ local, foreign }: Holdings): "all" | "local" | "foreign" | "none" {
  if (local && foreign) return "all";
  if (local) return "local";
  return foreign ? "foreign" : "none";
}
