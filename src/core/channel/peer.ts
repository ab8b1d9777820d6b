import { type Allowance, type Budget, fullBudget } from "../../base/budget.ts";
import type { NodeName } from "../../base/names.ts";
import type { Link } from "./links.ts";
import type { Liveness } from "./liveness.ts";
import type { PeerReport } from "./report.ts";
import type { Sequence } from "./sequence.ts";
import type { Pin } from "./settings.ts";

/** The other node, as the channel knows it. */
export interface Peer {
  readonly node: NodeName;
  readonly uuid: string | undefined;
  /** The highest heard in this pulse's life; 0: none yet. */
  readonly generation: number;
  readonly dialect: PeerReport["dialect"];
  /** Its session as last heard; undefined: plain, or nothing heard. */
  readonly session: string | undefined;
  readonly pin: Pin | undefined;
  /** It was already said aloud that it speaks plain now. */
  readonly saidPlain: boolean;
  readonly sequence: Sequence;
  /** Which of its numbers we acknowledge (acknowledge.ts). */
  readonly ackDigit: number;
  /** Which of ours it acknowledged; undefined: its present life has not been sent anything. */
  readonly acked: Acked | undefined;
  readonly liveness: Liveness;
  readonly links: readonly Link[];
  /** What its newest beat says. */
  readonly st: string | undefined;
  readonly words: string | undefined;
  readonly hearsUs: boolean;
  readonly unheardMs: number | undefined;
  /** What is left of what it may have us do. */
  readonly spent: Spent;
}

export interface Spent {
  readonly messages: Budget;
  readonly controls: Budget;
  readonly lines: Budget;
}

/**
 * New messages of a peer. What one has reason to send is far below: a beat each keepalive, some dozens
 * for a move, and of what was lost 50 in 250 ms (sequence.ts). A packet that comes a second time is
 * not counted: whoever repeats an old one must not use up what its sender may say.
 */
export const MESSAGES: Allowance = { most: 1000, perSecond: 400 };
/** Its requests and acknowledgements, which come once over each medium. */
export const CONTROLS: Allowance = { most: 1000, perSecond: 400 };
/** Lines of the log that its messages cause: a lossy cable on a bad day is below. */
export const LINES: Allowance = { most: 200, perSecond: 2 };

export function unspent(): Spent {
  return {
    messages: fullBudget(MESSAGES),
    controls: fullBudget(CONTROLS),
    lines: fullBudget(LINES),
  };
}

/** How far a peer has acknowledged our messages. */
export interface Acked {
  /** Up to this number. Before it is asked of the peer: the last one that it could not hear. */
  readonly through: number;
  /** When it last did; before it ever has: since when it could, milliseconds. */
  readonly at: number;
  /** Far too many have been sent since, and it was said (acknowledge.ts). */
  readonly overdue: boolean;
}

/** Its beats come: up, or at least not given up. */
export function isHeard(peer: Peer): boolean {
  const { verdict } = peer.liveness;
  return (
    verdict === "up" ||
    verdict === "late" ||
    (verdict === "suspect" && peer.liveness.heardAt !== undefined)
  );
}
