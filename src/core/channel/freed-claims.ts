import { type Claim, decodeClaims, encodeClaims } from "../claim.ts";

/**
 * What our beats say after the pulse itself has given groups up: free, under the epoch that they had,
 * so that the peer need not wait for a silence that never comes (safety.md 1). An exclusive one drains:
 * its address is gone, but what may run on one node only has not been stopped (safety.md 7). `isGivenUp`
 * is asked by place in haresources. Words that are no claims stay as they are.
 */
export function freedClaims(
  words: string,
  exclusive: readonly number[],
  isGivenUp: (groupIndex: number, claim: Claim) => boolean,
): string {
  const claims = decodeClaims(words);
  if (claims === undefined) return words;
  return encodeClaims(
    claims.map((claim, index) => {
      const isClaimed = claim.part === "owns" || claim.part === "takes";
      if (!isClaimed || !isGivenUp(index, claim)) return claim;
      return { ...claim, part: exclusive.includes(index) ? "drains" : "free" };
    }),
  );
}
