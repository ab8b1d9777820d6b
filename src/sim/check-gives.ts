import type { Give, Gives } from "./gives.ts";
import { type ReachSight, settledWithinMs } from "./reach-sight.ts";
import type { Report } from "./violation.ts";
import type { World } from "./world.ts";

/**
 * For carrier and ping nodes a group goes no more than three times in ten minutes, both nodes together
 * (safety.md 6), as far as the giver's present tandemd has seen it; but what nobody reaches goes again
 * half a minute after the last time. And what is given for the ping nodes has a ground: ha.cf asks for
 * ipfail, and the giver has reached fewer lately.
 */
export class GiveChecker {
  readonly #world: World;
  readonly #report: Report;
  readonly #gives: Gives;
  readonly #sight: ReachSight;

  constructor(world: World, report: Report, parts: { gives: Gives; sight: ReachSight }) {
    this.#world = world;
    this.#report = report;
    this.#gives = parts.gives;
    this.#sight = parts.sight;
  }

  /** It was begun, or has gone. */
  given(give: Give): void {
    if (give.hasGone) this.#checkBudget(give);
    else if (give.why === "reach") this.#checkGround(give);
  }

  #checkBudget(last: Give): void {
    const { side, group, why } = last;
    if (why !== "reach" && why !== "carrier") return;
    const before = automaticGives(this.#gives.seenBy(side, group)).filter(
      ({ give }) => give !== last && give.why !== "home",
    );
    if (before.length < MOVES_MAX) return;
    const isLastResort = before.every(({ give }) => last.at - give.at >= LAST_RESORT_MS);
    if (why === "carrier" && isLastResort) return;
    const where = this.#world.hosts[side].name;
    const text = `${where} gave ${group} away after ${before.length} times in ten minutes, by both`;
    this.#report("restless", text);
  }

  #checkGround({ side, group }: Give): void {
    const { config, hosts } = this.#world;
    const where = hosts[side].name;
    if (!config.ipfail) {
      this.#report(
        "groundless",
        `${where} gives ${group} for ping nodes: ha.cf does not ask for it`,
      );
      return;
    }
    this.#sight.look();
    const enoughMs = this.#sight.enoughForMs(side);
    if (enoughMs <= settledWithinMs(this.#world)) return;
    const text = `it reaches as many as the other one for ${(enoughMs / 1000).toFixed(1)} s`;
    this.#report("groundless", `${where} gives ${group} for ping nodes: ${text}`);
  }
}

/** What still counts of the budget: neither what a person asked for nor what is long ago. */
export function automaticGives<G extends ReturnType<Gives["by"]>[number]>(
  gives: readonly G[],
): readonly G[] {
  return gives.filter(({ give, agoMs }) => give.why !== "person" && agoMs < MOVES_WINDOW_MS);
}

export const MOVES_MAX = 3;
/** core/cluster/budget.ts, less what may pass between the beginning of a move and its end. */
const LAST_RESORT_MS = 10_000;
const MOVES_WINDOW_MS = 600_000;
