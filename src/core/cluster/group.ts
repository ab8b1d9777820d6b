/**
 * A group on this node: one line of haresources, and our part in it.
 *
 *            boot                                   asked, failed, stopping
 *   unknown ──────► free ◄───────── releasing ◄──────────────────────────────┐
 *      │             │ ▲                 ▲                                   │
 *      │adopted      │ └─── unable ◄─────┤ a start failed                    │
 *      │             ▼                   │                                   │
 *      │   (intending, probing) ──► starting ──► holding ──► proving ──► offering
 *      └──────────────────────────────────────────►  ▲                       │ ready
 *                                                    │                       ▼
 *   free ──offer──► preparing ──► prepared ──commit──┘  committed ──► draining ──► releasing
 *        (the taker of a planned move)                  (its giver)
 *
 * A phase carries just what makes sense in it. Whether we answer for the address is a fact of the
 * phase: exactly `holding`, `proving`, `offering`, and `starting` once its first address is up.
 */
import type { GroupConfig } from "../../config/types.ts";
import type { Part } from "../claim.ts";
import type { Reason } from "../step.ts";
import type { Moves } from "./budget.ts";
import type { Basis, Epoch } from "./epoch.ts";
import { isExclusive } from "./exclusive.ts";
import type { GroupProbe } from "./probing.ts";
import type { Reach } from "./reach.ts";
import type { ServiceInterface } from "./world.ts";

export type Phase =
  /** Just started: what is left of an earlier life is being cleared away, or adopted. */
  | { readonly kind: "unknown" }
  /** Not ours. `leftover`: services may still run here from a lease that lapsed. */
  | { readonly kind: "free"; readonly leftover: boolean }
  /** Not ours, and it failed here: not tried again before the alarm. */
  | { readonly kind: "unable"; readonly why: string }
  /** Asking the live peer whether we may take it: it grants, or says that it takes itself. */
  | {
      readonly kind: "intending";
      readonly nonce: string;
      readonly askedAt: number;
      readonly times: number;
    }
  /** Waiting for a probe's answer before taking (safety.md 4). `peerAnswers`: the last one was the peer's. */
  | { readonly kind: "probing"; readonly basis: Basis; readonly peerAnswers?: true }
  /** Resources are started left to right; `index` is under way. */
  | {
      readonly kind: "starting";
      readonly index: number;
      readonly opId: number;
      readonly answers: boolean;
    }
  /** `move`: the planned move that brought it here, to answer a repeated commit. */
  | { readonly kind: "holding"; readonly move: string | undefined }
  /** Giver: is the taker's own address reachable where clients are? (safety.md 6) */
  | { readonly kind: "proving"; readonly give: Give }
  /** Giver: offered; the taker prepares while we serve. `acknowledged`: it has begun. */
  | { readonly kind: "offering"; readonly give: Give; readonly acknowledged: boolean }
  /** Giver: the point of no return is passed; mute, repeating the commit until `announced`. */
  | { readonly kind: "committed"; readonly give: Give }
  /** Giver: the taker has announced; a short grace for packets under way. */
  | { readonly kind: "draining" }
  /** Taker: address mute, services starting; `index` is under way. */
  | {
      readonly kind: "preparing";
      readonly move: string;
      readonly index: number;
      readonly opId: number;
    }
  /** Taker: everything runs, mute, waiting for the commit. */
  | { readonly kind: "prepared"; readonly move: string }
  /**
   * Stopping what is in `queue`, the first under way. `answers`: it was served here until now, so what is left
   * of its address answers. `commit`: an exclusive group's giver commits after.
   */
  | {
      readonly kind: "releasing";
      readonly queue: readonly number[];
      readonly opId: number;
      readonly answers: boolean;
      readonly after: "free" | { readonly unable: string };
      readonly commit: Give | undefined;
    };

/** A planned move as its giver keeps it. */
export interface Give {
  readonly move: string;
  readonly reason: Reason;
  /** It draws on the budget (budget.ts). */
  readonly draws: boolean;
}

export interface Group {
  readonly config: GroupConfig;
  /** Its place in haresources. */
  readonly place: number;
  readonly phase: Phase;
  readonly since: number;
  /** Since when clients have been served from here without a break. */
  readonly servedSince: number;
  /** Why it is as it is. */
  readonly reason: Reason;
  /** Newest ownership we know of, ours or the peer's. */
  readonly epoch: Epoch;
  /** The phase's own deadline or repetition; undefined: none. */
  readonly alarm: number | undefined;
  readonly face: ServiceInterface | undefined;
  readonly resourceStates: readonly ResourceState[];
  /** Newest probe for the address. */
  readonly probe: GroupProbe | undefined;
  /** We are preferred and it should come home: set by our start, a lost carrier, or a loss that we did not consent to. */
  readonly failbackDue: boolean;
  /** What rules have moved: the budget of safety.md 6. */
  readonly moves: Moves;
  /** Answers in a row of the peer's own address on the service interface. */
  readonly path: Path;
  /** We granted the peer's intention: ours to take again only when it says that it is free. */
  readonly granted: number | undefined;
  /** Two owners: our frozen record and the peer's, until settled. */
  readonly dispute: Dispute | undefined;
  /** When the preferred node last asked for it, so that the asking has a pace. */
  readonly askedAt: number | undefined;
  /** Since when this node could be a home again: start, or carrier back. */
  readonly ableSince: number;
  /** What is to be told beside that reason; undefined: nothing. */
  readonly note: Note | undefined;
}

/** Of what does not go on, or waits. */
export interface Note {
  readonly kind: NoteKind;
  /** The whole sentence, as the log, the status and the answer to a request have it. */
  readonly text: string;
}

export type NoteKind =
  /** It would not stop here, and may run on one node only (releasing.ts). */
  | "held-back"
  /** A move from here has ended without effect. */
  | "not-moved"
  /** The other node has declined to give it, or has called the move off. */
  | "not-given"
  /** It is to go, and stays here for what both reach outside the pair, or for its budget of moves. */
  | "stays-here"
  /** It is to come home, and stays there because this node reaches less. */
  | "stays-there"
  /** It is to come home once our ping nodes have answered. */
  | "waits"
  /** We are its home, and have died lately: later. */
  | "comes-home"
  /** The other node is its home, and has died lately: later. */
  | "goes-home"
  /** Nothing proves the silent peer dead, and mode safety asks for that. */
  | "unproved"
  /** Somebody answers for its address: it is not taken. */
  | "answered";

export type ResourceState = "running" | "stopped" | "starting" | "stopping" | "failed" | "unknown";

export interface Path {
  readonly answers: number;
  readonly probeId: number | undefined;
  readonly nextAt: number;
}

export interface Dispute {
  readonly ours: ClaimRecord;
  readonly theirs: ClaimRecord | undefined;
  /** The peer has our record: it has echoed our nonce. */
  readonly echoed: boolean;
  readonly repeatAt: number;
  /** The pause before `repeatAt`: it doubles. */
  readonly pauseMs: number;
}

/** What both feed to the same pure function (safety.md 5). */
export interface ClaimRecord {
  readonly node: string;
  readonly epoch: number;
  readonly basis: Basis;
  readonly carrier: boolean;
  /** Undefined: no ping nodes, not judged yet, or a version that does not say. */
  readonly reach: Reach | undefined;
  readonly healthy: boolean;
  readonly connections: number;
  readonly heldMs: number;
  readonly nonce: string;
}

/** What our beats say of it. */
export function partOf(group: Group): Part {
  const { phase } = group;
  switch (phase.kind) {
    case "unknown":
      return "unknown";
    case "free":
      return hasCarrier(group) ? "free" : "unable";
    case "unable":
      return "unable";
    case "starting":
      return phase.answers ? "owns" : "takes";
    case "intending":
    case "probing":
    case "preparing":
    case "prepared":
      return "takes";
    case "holding":
    case "proving":
    case "offering":
      return "owns";
    case "committed":
    case "draining":
      return "drains";
    case "releasing":
      return isStillHere(group)
        ? "drains"
        : phase.after === "free" && hasCarrier(group)
          ? "free"
          : "unable";
    default: {
      const never: never = phase;
      return never;
    }
  }
}

/** An address of ours is on the machine, mute or not, and the pulse must renew it. */
export function holdsLease(group: Group): boolean {
  return group.config.resources.some(
    (resource, index) => resource.kind === "address" && group.resourceStates[index] === "running",
  );
}

/** We answer ARP for it, or would if it had an address. */
export function isOwner(group: Group): boolean {
  return partOf(group) === "owns";
}

export function hasAddress(group: Group): boolean {
  return group.config.resources.some((resource) => resource.kind === "address");
}

/** A group without an address needs no carrier. Unknown yet: assume the best. */
export function hasCarrier(group: Group): boolean {
  return !hasAddress(group) || group.face === undefined || group.face.carrier;
}

/** While releasing: an address is still to be taken off, or anything at all of an exclusive group. */
function isStillHere({ phase, config }: Group): boolean {
  if (phase.kind !== "releasing") return false;
  if (isExclusive(config)) return phase.queue.length > 0;
  return phase.queue.some((index) => config.resources[index]?.kind === "address");
}
