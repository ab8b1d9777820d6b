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
  readonly liveness: Liveness;
  readonly links: readonly Link[];
  /** What its newest beat says. */
  readonly st: string | undefined;
  readonly words: string | undefined;
  readonly hearsUs: boolean;
  readonly unheardMs: number | undefined;
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
