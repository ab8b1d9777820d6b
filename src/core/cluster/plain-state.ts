import type { ResourceSet } from "./world.ts";

/**
 * Our side of Heartbeat's own resource protocol opposite a node that has not said that it can do more
 * (protocol.md 3, 4, 6). Holdings are seen from the node that holds: `local` are the groups that
 * prefer it.
 */
export interface PlainState {
  /**
   * `away`: no such peer is heard. `asking-nodes`: `reqnodes` sent. `starting`: `starting` sent,
   * waiting for a `resource`. `waiting`: both started, the wait of 10 s runs. `stable`: groups may move.
   */
  readonly stage: "away" | "asking-nodes" | "starting" | "waiting" | "stable";
  readonly peerStable: boolean;
  readonly peerHolds: { readonly local: boolean; readonly foreign: boolean };
  /** The standby exchange: who gives (`me`, `other`), how far, which set seen from the giver. */
  readonly standby: Standby | undefined;
  /** The stage's or the exchange's deadline or repetition. */
  readonly alarm: number | undefined;
  /** Last `resource` that we sent, so that only changes are told. */
  readonly told: string;
}

export interface Standby {
  readonly giver: "me" | "other";
  /** `asked`: waiting for `other`. `giving`: groups are being stopped. `taking`: groups are being started. */
  readonly step: "asked" | "giving" | "taking" | "given";
  readonly set: ResourceSet;
}

export const NO_PLAIN: PlainState = {
  stage: "away",
  peerStable: false,
  peerHolds: { local: false, foreign: false },
  standby: undefined,
  alarm: undefined,
  told: "",
};
