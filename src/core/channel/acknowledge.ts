import type { Sequence } from "./sequence.ts";

/** One message in so many is acknowledged, as in 3.0.6; without acks it pauses its clients at 250. */
const ACK_EVERY = 10;

/** Whether this number is to be acknowledged: our digit for that sender, and nothing older missing. */
export function mustAcknowledge(sequence: Sequence, seq: number, digit: number): boolean {
  return seq % ACK_EVERY === digit && sequence.last === seq && sequence.missing.length === 0;
}

/** Our digit for a sender, from a draw in [0, 1): so not all receivers acknowledge the same message. */
export function drawDigit(chance: number): number {
  return Math.floor(chance * ACK_EVERY);
}
