import type { MediumName, NodeName } from "../../base/names.ts";
import type { Random } from "../../base/random.ts";
import type { DiscardReason } from "../../wire/discard.ts";
import type { Header } from "../../wire/header.ts";
import type { Field, Message } from "../../wire/message.ts";
import type { Claim } from "../claim.ts";
import type { LogEffect, Step } from "../step.ts";
import type { Beat } from "./beat.ts";
import type { Discards } from "./discards.ts";
import type { History } from "./history.ts";
import type { Media } from "./media.ts";
import type { Peer } from "./peer.ts";
import type { Pings } from "./pings.ts";
import type { Repeats } from "./repeats.ts";
import type { ChannelReport } from "./report.ts";
import type { ChannelSettings } from "./settings.ts";
import type { Upkeep } from "./upkeep.ts";

/** Everything that the pulse's machine knows. */
export interface ChannelState {
  readonly settings: ChannelSettings;
  /** Of this pulse: 8 hex digits, new with every process. */
  readonly session: string;
  readonly generation: number;
  readonly random: Random;
  /** The next number to send. */
  readonly nextSeq: number;
  /** Numbers below this one are recorded as lent: they may be used. */
  readonly lentUntil: number;
  readonly history: History;
  readonly repeats: Repeats;
  readonly beat: Beat;
  readonly media: Media;
  readonly peers: readonly Peer[];
  readonly pings: Pings;
  readonly discards: Discards;
  readonly upkeep: Upkeep;
  /** A deadline has passed, and the sockets are being emptied before it is judged. */
  readonly rechecking: boolean;
}

/** An authentic packet, with what was read of it so far. */
export interface Received {
  readonly medium: MediumName;
  readonly header: Header;
  readonly message: Message;
}

export type ChannelEvent =
  | { readonly kind: "wake" }
  | { readonly kind: "queues-drained" }
  | ({ readonly kind: "received" } & Received)
  /** Thrown away before it got here; `count`: so many at once, default 1. */
  | {
      readonly kind: "discarded";
      readonly medium: MediumName;
      readonly reason: DiscardReason;
      readonly count?: number;
    }
  | {
      readonly kind: "medium";
      readonly medium: MediumName;
      readonly usable: boolean;
      readonly detail: string;
    }
  /** An authentic message came back from a ping node. */
  | { readonly kind: "pong"; readonly node: string; readonly message: Message }
  /** Whether a ping node can be asked; `detail` says why not. */
  | {
      readonly kind: "ping-medium";
      readonly node: string;
      readonly usable: boolean;
      readonly detail: string;
    }
  /** We noticed that we slept for so long. */
  | { readonly kind: "stalled"; readonly lateMs: number }
  | { readonly kind: "send"; readonly fields: readonly Field[] }
  | { readonly kind: "say"; readonly st: "up" | "active"; readonly words: string };

export type ChannelEffect =
  | LogEffect
  /** On every medium. `mayDrop`: another one will say the same soon. */
  | {
      readonly kind: "transmit";
      readonly message: Message;
      readonly mayDrop: boolean;
      /** Serial lines carry it too; else they have no room for it now (upkeep.ts). */
      readonly overLines: boolean;
    }
  /** To this ping node, which sends it back. */
  | { readonly kind: "ping"; readonly node: string; readonly message: Message }
  /** Record before going on that all numbers below this one may have been used. */
  | { readonly kind: "lend"; readonly nextSeq: number }
  | { readonly kind: "report"; readonly report: ChannelReport }
  /** Come back with `queues-drained`. */
  | { readonly kind: "after-queues" }
  /**
   * A verified beat of the peer claims these: whoever holds one of them under a lower number gives it
   * up before anything else (safety.md 4). By place in haresources; only claims worth that are here.
   */
  | {
      readonly kind: "claimed";
      readonly node: NodeName;
      readonly claims: readonly { readonly groupIndex: number; readonly claim: Claim }[];
    };

export type ChannelStep = Step<ChannelState, ChannelEffect>;

/** The state with this peer as it is now. */
export function withPeer(state: ChannelState, peer: Peer): ChannelState {
  const peers = state.peers.map((other) => (other.node === peer.node ? peer : other));
  return { ...state, peers };
}

/** Runs steps one after the other, collecting what they want done. */
export function sequenceOf(
  state: ChannelState,
  ...steps: readonly ((state: ChannelState) => ChannelStep)[]
): ChannelStep {
  const effects: ChannelEffect[] = [];
  let current = state;
  for (const step of steps) {
    const [next, wanted] = step(current);
    current = next;
    effects.push(...wanted);
  }
  return [current, effects];
}

export function log(level: LogEffect["level"], text: string): LogEffect {
  return { kind: "log", level, text };
}
