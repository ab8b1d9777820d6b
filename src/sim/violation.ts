/** A rule that did not hold, seen from outside. */
export interface Violation {
  /** Virtual milliseconds. */
  readonly at: number;
  readonly rule: Rule;
  readonly text: string;
}

/**
 * - `two-owners`: two machines answered for one address where safety.md 5 and product.md 5 allow none
 * - `unsettled`: two owners that were allowed met, and did not settle in time
 * - `exclusive-on-two`: what may run on one machine only was started on a second
 * - `nowhere`: a machine could have served an address, and none did
 * - `unled`: an address stayed on a machine whose pulse was gone
 * - `not-whole`: all was repaired, and the pair did not get back to one owner with its services
 * - `stuck`: a planned move between two healthy machines did not come to its end
 * - `cut-off`: a group stayed where fewer ping nodes are reached, though ha.cf asks for ipfail
 * - `not-home`: what was given for its ping nodes did not come home when its home reached as many again
 * - `groundless`: something was given for its ping nodes without a ground
 * - `restless`: rules moved a group more often than its budget allows
 * - `crashed`: a loop threw
 */
export type Rule =
  | "two-owners"
  | "unsettled"
  | "exclusive-on-two"
  | "nowhere"
  | "unled"
  | "not-whole"
  | "stuck"
  | "cut-off"
  | "not-home"
  | "groundless"
  | "restless"
  | "crashed";

export type Report = (rule: Rule, text: string) => void;
