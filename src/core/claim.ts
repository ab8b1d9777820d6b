import { unreachable } from "../base/assert.ts";

/**
 * What a node says of each group in every beat, in a dozen bytes: its part in it and the epoch that
 * it knows. The words are short because a serial line carries them (safety.md 8); order is the order
 * of haresources, which must be the same on both nodes.
 */
export interface Claim {
  readonly part: Part;
  readonly epoch: number;
  readonly basis: "agreed" | "proved" | "silent";
}

/**
 * - `owns`: answers for it
 * - `takes`: is about to: starting, probing, or receiving a move
 * - `drains`: has committed it to the peer and stops its part
 * - `free`: does not own it and could run it
 * - `unable`: does not own it and cannot run it (no carrier, failed here)
 * - `unknown`: has just started, or lacks the peer's word: says nothing
 */
export type Part = "owns" | "takes" | "drains" | "free" | "unable" | "unknown";

/** `o6b02c01aa`: part, epoch in hex, basis. Claims are joined by commas. */
export function encodeClaims(claims: readonly Claim[]): string {
  return claims.map(encodeClaim).join(",");
}

function encodeClaim(claim: Claim): string {
  return `${letterOf(claim.part)}${claim.epoch.toString(16)}${basisLetter(claim.basis)}`;
}

/** Undefined for anything that encodeClaims does not write: words of a peer are bad input like any other. */
export function decodeClaims(words: string): readonly Claim[] | undefined {
  if (words === "") return [];
  const claims: Claim[] = [];
  for (const word of words.split(",")) {
    const match = /^([otdfux])([0-9a-f]{1,12})([aps])$/.exec(word);
    const part = PARTS[match?.[1] ?? ""];
    const basis = BASES[match?.[3] ?? ""];
    if (match === null || part === undefined || basis === undefined) return undefined;
    claims.push({ part, epoch: Number.parseInt(match[2] ?? "", 16), basis });
  }
  return claims;
}

const PARTS: Readonly<Record<string, Part>> = {
  o: "owns",
  t: "takes",
  d: "drains",
  f: "free",
  x: "unable",
  u: "unknown",
};

const BASES: Readonly<Record<string, Claim["basis"]>> = { a: "agreed", p: "proved", s: "silent" };

function letterOf(part: Part): string {
  switch (part) {
    case "owns":
      return "o";
    case "takes":
      return "t";
    case "drains":
      return "d";
    case "free":
      return "f";
    case "unable":
      return "x";
    case "unknown":
      return "u";
    default:
      return unreachable(part);
  }
}

function basisLetter(basis: Claim["basis"]): string {
  switch (basis) {
    case "agreed":
      return "a";
    case "proved":
      return "p";
    case "silent":
      return "s";
    default:
      return unreachable(basis);
  }
}
