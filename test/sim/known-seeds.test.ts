import { expect, test } from "vitest";
import { runSeed, SECONDS_PER_SEED } from "../../src/sim/run.ts";
import { SHIPPED } from "../../src/sim/shipped.ts";
import { describeViolation } from "../../src/sim/tally.ts";

/** Each once found a bug; what it was stands beside it. A change of the dice makes them plain seeds. */
const KNOWN: readonly (readonly [seed: number, found: string])[] = [
  [44, "the journal's word that the peer had left outlived its return"],
  [41, "a proxy on the LAN hid the peer's own answer on the crossover"],
  [78, "a probe from before a planned move let the giver take back"],
  [5, "a message a millisecond before the deadline did not count as life"],
  [116, "an unheard peer's answer counted as a stranger's"],
  [137280546, "requests for lost numbers kept the beats off the only line, a serial one"],
  [
    600000003,
    "two owners of three groups filled the only line with their claims and did not settle",
  ],
  [
    600000116,
    "a commit that had waited while its taker slept was acted on once the move was called off",
  ],
  [600000124, "a node announced its short dead time and beat on at the pace of a serial line"],
  [500000022, "who had lost the address took it anew beside a taker, each by a probe from before"],
  [600000098, "a probe's answer that had waited while the node was stopped let it take"],
  [600000001, "a commit for what the taker had taken and lost again moved it nowhere"],
  [620000096, "the first message behind a half one on a serial line was thrown away with it"],
  [620000247, "two that were cut apart took in the same millisecond"],
  [620000364, "a peer that nobody could judge passed for dead when a medium worked again"],
  [700000205, "a renewal that took long counted as silence of the peer"],
  [720000181, "who gave an exclusive group was taken to have committed it"],
  [730000057, "a stall of the simulated world did not always end"],
  [750000013, "a request for lost numbers counted as a sign of life, in the checker"],
  [
    760000187,
    "a commit that was lost and came again was acted on after the giver had taken it back",
  ],
  [780000101, "the loser's address waited behind a service that would not stop"],
  [
    790000356,
    "a paused machine may be the second owner itself: the checker allowed only the other",
  ],
  [
    790000504,
    "a commit that had waited while its taker slept was acted on behind the taker's alarm",
  ],
  [810000532, "over a slow line the third of three groups was not given: its answer came too late"],
  [
    840100197,
    "the world let a daemon that was held up ask by ARP, and hear nothing of what came then",
  ],
  [
    870000034,
    "who was giving an exclusive group answered beside its taker until its stop had ended",
  ],
  [140046545, "the world never gave a machine that was paused while it rebooted its power back"],
  [1000000006, "an owner without carrier spent its budget on a taker that was not ready yet"],
  [
    1062641117,
    "an owner without carrier kept its group: failbacks that failed had spent its budget",
  ],
  [1200000095, "the checker did not know that who answers over another cable is left alone"],
  [1200000129, "a group went for ping nodes that had come back for one of both first"],
  [
    1200000181,
    "a word of 520 bytes was never sent over the only line, and no group could be moved",
  ],
  [1230000483, "the world asked no more on the crossover once a proxy had answered on the LAN"],
  [
    1320000150,
    "one lost question decided: nobody had asked for long, or the peer had just answered",
  ],
  [
    1505000108,
    "the checker took a crossover that lost nine words of ten for fast, and the serial line beside it for it",
  ],
  [
    1622389481,
    "a probe's answer that had waited for a tenth of a second let it take beside a peer that was heard in it",
  ],
  [1705000308, "the checker held against a taker what had reached its socket a millisecond before"],
  [
    1900000051,
    "an address taken off while a new tandemd started was held to be there by it, which had adopted it",
  ],
  [
    1900000055,
    "who had left while the pulse was stopped had its groups taken, and nobody renewed them",
  ],
  [
    1632097396,
    "of two counts of ping nodes in one millisecond the earlier one was believed, as its word came last",
  ],
];

for (const [seed, found] of KNOWN) {
  test(`seed ${seed} violates no rule: ${found}`, () => {
    const result = runSeed(seed, { programs: SHIPPED, seconds: SECONDS_PER_SEED });
    expect(result.violation, describeViolation(result)).toBeUndefined();
  });
}
