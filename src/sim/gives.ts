import { otherSide, SIDES, type Side } from "./station.ts";
import type { LogLine } from "./surroundings.ts";
import type { World } from "./world.ts";

/** A node begins to give a group to the other one. */
export interface Give {
  readonly side: Side;
  readonly group: string;
  /** By the machine's own clock, in milliseconds. */
  readonly at: number;
  /**
   * `reach`: it says that it reaches fewer ping nodes; `carrier`: it has none; `home`: its home asks for
   * it; `person`: asked for, or it stops.
   */
  readonly why: "reach" | "carrier" | "home" | "person";
  /** The other one serves it since. */
  hasGone: boolean;
}

export interface DatedGive {
  readonly give: Give;
  readonly agoMs: number;
}

/**
 * What was given, by the giver's own words: that an address went over says nothing of why. Only of the
 * present life of each tandemd, unless asked otherwise.
 */
export class Gives {
  readonly #world: World;
  readonly #lives: [Life, Life] = [NO_LIFE, NO_LIFE];
  /** Of every life, by the clock of the world. */
  readonly #all: { readonly give: Give; readonly at: number }[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** A line of a log: what it says was begun, or has gone; undefined: nothing. */
  hear({ host, text }: LogLine): Give | undefined {
    const side = SIDES.find((candidate) => this.#world.hosts[candidate].name === host);
    if (side === undefined) return undefined;
    const [, group, reason] = GIVING.exec(text) ?? [];
    if (group === undefined || reason === undefined) return this.#gone(side, text);
    const at = this.#world.hosts[side].running?.clock.now() ?? 0;
    const give: Give = { side, group, at, why: whyOf(reason), hasGone: false };
    this.#of(side).gives.push(give);
    this.#all.push({ give, at: this.#world.now });
    return give;
  }

  #gone(side: Side, text: string): Give | undefined {
    const [, group] = SERVED.exec(text) ?? [];
    const give = this.#of(side).gives.findLast((one) => one.group === group);
    if (give === undefined) return undefined;
    give.hasGone = true;
    const other = otherSide(side);
    const at = this.#world.hosts[other].running?.clock.now() ?? 0;
    this.#of(other).got.push({ ...give, at });
    return give;
  }

  /** Of this group by this side, oldest first, with how long ago each was. */
  by(side: Side, group: string): readonly DatedGive[] {
    return this.#dated(side, group, this.#of(side).gives);
  }

  /** What has gone from this side and come to it, as far as its present tandemd has seen it. */
  seenBy(side: Side, group: string): readonly DatedGive[] {
    const { gives, got } = this.#of(side);
    return this.#dated(side, group, [...gives.filter(({ hasGone }) => hasGone), ...got]);
  }

  /** By either side in any life: what may be remembered. */
  everOf(group: string): readonly DatedGive[] {
    return this.#all
      .filter(({ give }) => give.group === group)
      .map(({ give, at }) => ({ give, agoMs: this.#world.now - at }));
  }

  #dated(side: Side, group: string, gives: readonly Give[]): readonly DatedGive[] {
    const now = this.#world.hosts[side].running?.clock.now() ?? 0;
    return gives
      .filter((give) => give.group === group)
      .map((give) => ({ give, agoMs: now - give.at }));
  }

  #of(side: Side): Life {
    const tandemd = this.#world.hosts[side].running?.daemon;
    if (this.#lives[side].tandemd !== tandemd) this.#lives[side] = { tandemd, gives: [], got: [] };
    return this.#lives[side];
  }
}

interface Life {
  readonly tandemd: object | undefined;
  readonly gives: Give[];
  /** What the other one gave to it. */
  readonly got: Give[];
}

const NO_LIFE: Life = { tandemd: undefined, gives: [], got: [] };

/** core/cluster/giving.ts */
const GIVING = /^group (\S+): giving it to \S+: (.+)$/;
const SERVED = /^group (\S+): \S+ serves it now /;
/** core/cluster/reach.ts */
const REACHES = /^\S+ reaches \d+ of \d+ ping nodes?, \S+ \d+$/;
/** core/cluster/decide.ts */
const CARRIER = /^\S+ has no carrier here$/;
/** core/cluster/requests.ts, asking.ts and decide.ts */
const PERSON = /asked for by an operator|is stopping$/;

function whyOf(reason: string): Give["why"] {
  if (REACHES.test(reason)) return "reach";
  if (CARRIER.test(reason)) return "carrier";
  return PERSON.test(reason) ? "person" : "home";
}
