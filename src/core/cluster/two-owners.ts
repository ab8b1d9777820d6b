/**
 * Two nodes that own the same group meet (safety.md 5). A proved or agreed epoch that is higher says
 * who is right: the other is stale. A silent one decides nothing: it was taken because nothing was
 * heard, perhaps by the node that was itself cut off. Then both put the same two records before the
 * same function, once each knows that the other has its record.
 */
import type { Basis } from "./epoch.ts";
import type { ClaimRecord } from "./group.ts";
import { compareReach, decodeReach, encodeReach } from "./reach.ts";

export type Precedence = "ours" | "theirs" | "settle";

export function precedence(
  ours: { epoch: number; basis: Basis },
  theirs: { epoch: number; basis: Basis },
): Precedence {
  if (ours.basis === "proved" && theirs.basis !== "proved") return "ours";
  if (theirs.basis === "proved" && ours.basis !== "proved") return "theirs";
  if (theirs.epoch > ours.epoch && theirs.basis !== "silent") return "theirs";
  if (ours.epoch > theirs.epoch && ours.basis !== "silent") return "ours";
  return "settle";
}

/** True when `a` keeps the group. Antisymmetric: names differ, so exactly one of the two keeps. */
export function keeps(a: ClaimRecord, b: ClaimRecord, preferred: string): boolean {
  if (a.carrier !== b.carrier) return a.carrier;
  const reach = compareReach(a.reach, b.reach);
  if (reach === "fewer" || reach === "more") return reach === "more";
  if (a.healthy !== b.healthy) return a.healthy;
  if (a.connections !== b.connections) return a.connections > b.connections;
  if (a.heldMs !== b.heldMs) return a.heldMs > b.heldMs;
  if (a.node === preferred || b.node === preferred) return a.node === preferred;
  return a.node < b.node;
}

/** Why `winner` keeps it, for the log of both. */
export function whyKept(winner: ClaimRecord, loser: ClaimRecord, preferred: string): string {
  if (winner.carrier !== loser.carrier) return "the other's service interface has no carrier";
  if (compareReach(winner.reach, loser.reach) === "more") {
    return `it reaches ${winner.reach?.seen} ping nodes against ${loser.reach?.seen}`;
  }
  if (winner.healthy !== loser.healthy) return "its resources all run";
  if (winner.connections !== loser.connections) {
    return `${winner.connections} established connections against ${loser.connections}`;
  }
  if (winner.heldMs !== loser.heldMs) return "it has served without a break for longer";
  return winner.node === preferred ? "it is the preferred node" : "by name";
}

/**
 * As fields of a message. What is reached stands beside the record: an older version passes over it, and
 * compares without it, as we then do.
 */
export function encodeRecord(record: ClaimRecord): Readonly<Record<string, string>> {
  const { reach } = record;
  const rec = [
    record.node,
    record.epoch.toString(16),
    record.basis,
    record.carrier ? "1" : "0",
    record.healthy ? "1" : "0",
    record.connections.toString(16),
    Math.round(record.heldMs).toString(16),
    record.nonce,
  ].join(" ");
  return reach === undefined ? { rec } : { rec, pings: encodeReach({ ...reach, since: 0 }) };
}

/** Undefined for anything that encodeRecord does not write. */
export function decodeRecord(values: Readonly<Record<string, string>>): ClaimRecord | undefined {
  const match =
    /^([!-~]{1,99}) ([0-9a-f]{1,12}) (agreed|proved|silent) ([01]) ([01]) ([0-9a-f]{1,12}) ([0-9a-f]{1,12}) ([0-9a-f]{8})$/.exec(
      values["rec"] ?? "",
    );
  if (match === null) return undefined;
  const reach = decodeReach(values["pings"]);
  const [
    ,
    node = "",
    epoch = "",
    basis = "",
    carrier,
    healthy,
    connections = "",
    held = "",
    nonce = "",
  ] = match;
  return {
    node,
    epoch: Number.parseInt(epoch, 16),
    basis: basis as Basis,
    carrier: carrier === "1",
    reach: reach && { seen: reach.seen, of: reach.of },
    healthy: healthy === "1",
    connections: Number.parseInt(connections, 16),
    heldMs: Number.parseInt(held, 16),
    nonce,
  };
}
