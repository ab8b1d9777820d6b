import type { NodeHost } from "../../layout.ts";
import { quickTimers, type StoryTimers } from "../../story/files.ts";
import {
  heartbeatPreferred,
  type Pair,
  type Pairing,
  real,
  type Settings,
  tandemPreferred,
} from "./pair.ts";

/**
 * Measures what the client sees during one step of an event. Only one pair at a time is in a step, so that
 * none is measured while the scripts of another keep the machine busy.
 */
export type Step = (
  name: string,
  action: () => Promise<unknown>,
  options?: {
    /** Nobody served before: the silence is counted from the step's beginning. */
    readonly fromNothing?: boolean;
    /** Little but waiting: all pairs at the same time. */
    readonly beside?: boolean;
  },
) => Promise<void>;

/** One event, played alike in each pairing. The first pairing is the measure. */
export interface PeerEvent {
  readonly name: string;
  readonly timers: StoryTimers;
  readonly settings: Settings;
  readonly pairings: readonly Pairing[];
  /** So often at most: the event takes minutes. */
  readonly runsMax?: number;
  /** Up to where the event begins; absent: no daemon runs before. */
  readonly begin?: (pair: Pair) => Promise<void>;
  readonly play: (pair: Pair, step: Step, options: { readonly steadyMs: number }) => Promise<void>;
}

type Usual = Pick<PeerEvent, "timers" | "settings" | "pairings">;

/** Nobody runs before. */
export const fromNothing: Usual = {
  timers: quickTimers,
  settings: { autoFailback: "on" },
  pairings: [real, tandemPreferred, heartbeatPreferred],
};

/** Both run, and zeus serves. */
export const usual: Usual & Pick<PeerEvent, "begin"> = { ...fromNothing, begin: bothStart };

/** At once; until nothing is left to do. */
export async function bothStart(pair: Pair): Promise<void> {
  await Promise.all([pair.start("zeus"), pair.start("hera")]);
  await pair.untilRest("zeus");
}

/** The other one serves, or lets it have its groups back. */
export async function startsBeside(pair: Pair, node: NodeHost): Promise<void> {
  await pair.start(node);
  await pair.untilRest("zeus");
}
