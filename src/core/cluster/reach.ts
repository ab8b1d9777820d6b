/**
 * What one can reach. Two machines that hear each other over a crossover cable cannot tell which of
 * them the clients still reach; hosts that only answer pings can. So each counts its ping nodes (a
 * ping_group is one), and who reaches fewer gives its groups to the other: what Heartbeat's `ipfail`
 * does, and only where ha.cf asks for it by that name. Without it ping nodes are shown, settle which of
 * two owners keeps a group (dispute.ts), and prove the path of the node for which a person asks for one.
 *
 * The hard case is that both counts are true only for a moment: when a router dies both nodes lose it,
 * one of them first. Hence the rules:
 *  - Counts are compared only between nodes that both say theirs, out of equally many ping nodes.
 *    Who has not judged each of its own yet says nothing; who says nothing is given nothing.
 *  - Only a native peer that is heard and hears us counts: what a silent one once said is of the past.
 *  - The owner goes by strictly fewer, and only once neither count has changed for a while. Its offer
 *    names its count, and the taker refuses unless it reaches more at that moment: no move rests on a
 *    word that was late or lost. That it reaches more is also the proof of its path to clients: no ARP
 *    from where they are lost could be a better one (reach-moves.ts).
 *  - Each move draws on the budget (budget.ts), and one attempt follows another with a pause.
 *  - What came here after both counts were as they are stays: who moved it knew them. Not so what a node
 *    took because nobody owned it: a cold start waits for no count, so it is served first and given then.
 *  - A preferred node that reaches fewer does not ask for its groups, and is not given them.
 */
import type { PingReport } from "../channel/report.ts";
import type { ClusterState } from "./state.ts";

/** So many ping nodes answer, of so many in ha.cf. */
export interface Reach {
  readonly seen: number;
  readonly of: number;
}

/** A count as a node tells it: when it became so, milliseconds of the teller's own CLOCK_BOOTTIME. */
export interface ToldReach extends Reach {
  readonly since: number;
}

/** Seen from here. `unsure`: the peer's count is known, ours not yet. */
export type Relation = "fewer" | "equal" | "more" | "unsure" | "unknown";

/** What both were last seen to reach. */
export interface ReachState {
  readonly own: ToldReach | undefined;
  /** The last word that we sent; empty: none. */
  readonly told: string;
  readonly relation: Relation;
  readonly before: Relation;
  /** Since when neither count has changed. */
  readonly since: number;
}

/** The rule by which a group is given for what both reach. */
export const FOR_REACH = "ping-nodes";

export const NO_REACH: ReachState = {
  own: undefined,
  told: "",
  relation: "unknown",
  before: "unknown",
  since: 0,
};

/** Undefined while one of them is not judged, or where there are none. */
export function reachOf(pings: readonly PingReport[], names: readonly string[]): Reach | undefined {
  if (names.length === 0) return undefined;
  let seen = 0;
  for (const name of names) {
    const status = pings.find(({ node }) => node === name)?.status ?? "unknown";
    if (status === "unknown") return undefined;
    if (status === "up") seen += 1;
  }
  return { seen, of: names.length };
}

export function ownReach({ pings, config }: ClusterState): Reach | undefined {
  return reachOf(
    pings,
    config.pings.nodes.map(({ name }) => name),
  );
}

/** Ours beside theirs; `unknown` where the two cannot be compared. */
export function compareReach(ours: Reach | undefined, theirs: Reach | undefined): Relation {
  if (theirs === undefined) return "unknown";
  if (ours === undefined) return "unsure";
  if (ours.of !== theirs.of) return "unknown";
  if (ours.seen === theirs.seen) return "equal";
  return ours.seen < theirs.seen ? "fewer" : "more";
}

/** The version of what follows, since when in hex, seen, of: `1 6b02c 1 2`. At most 22 bytes. */
export function encodeReach({ since, seen, of }: ToldReach): string {
  return `1 ${Math.floor(since).toString(16)} ${seen} ${of}`;
}

/** Undefined for anything that encodeReach does not write, another version's words among them. */
export function decodeReach(text: string | undefined): ToldReach | undefined {
  const match = /^1 ([0-9a-f]{1,12}) (\d{1,3}) (\d{1,3})$/.exec(text ?? "");
  if (match === null) return undefined;
  const [, since = "", seen = "", of = ""] = match;
  const told = { since: Number.parseInt(since, 16), seen: Number(seen), of: Number(of) };
  return told.seen <= told.of && told.of > 0 ? told : undefined;
}

/** Ours as a field of a message; none where ha.cf does not ask for it, or it is not known. */
export function reachWord({ reach: { own } }: ClusterState): { readonly pings?: string } {
  return own === undefined ? {} : { pings: encodeReach(own) };
}

/** Ours where a person asks for a group: that needs no ipfail. */
export function askersReach(state: ClusterState, now: number): { readonly pings?: string } {
  const own = ownReach(state);
  return own === undefined ? {} : { pings: encodeReach({ ...own, since: now }) };
}

/**
 * A person asks for a group from there, where more is reached: the proof of that node's path, where an
 * owner that is cut off would wait in vain for an ARP answer. In a sentence; undefined: no such proof.
 */
export function proofOfReach(state: ClusterState, told: string | undefined): string | undefined {
  const ours = ownReach(state);
  const theirs = decodeReach(told);
  if (ours === undefined || theirs === undefined || state.peer === undefined) return undefined;
  if (compareReach(ours, theirs) !== "fewer") return undefined;
  return describeReach({ node: state.self, reach: ours }, { node: state.peer.node, reach: theirs });
}

/** A peer gives for what it reaches, and names its count: do we reach more now? Otherwise why not to us. */
export function objectionToReach(
  state: ClusterState,
  told: string | undefined,
): string | undefined {
  if (told === undefined) return undefined;
  const own = ownReach(state);
  const theirs = decodeReach(told);
  if (own === undefined) return `${state.self} does not know yet what it reaches`;
  if (compareReach(own, theirs) === "more") return undefined;
  return `${state.self} reaches ${own.seen} of ${own.of} ping nodes, not more`;
}

/** `zeus.example.com reaches 0 of 2 ping nodes, hera.example.com 2`. */
export function describeReach(
  one: { readonly node: string; readonly reach: Reach },
  other: { readonly node: string; readonly reach: Reach },
): string {
  const noun = one.reach.of === 1 ? "ping node" : "ping nodes";
  return `${one.node} reaches ${one.reach.seen} of ${one.reach.of} ${noun}, ${other.node} ${other.reach.seen}`;
}
