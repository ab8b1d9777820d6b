import type { Ambush } from "./ambush.ts";
import type { Chance } from "./chance.ts";
import { ownerWithinMs } from "./check-service.ts";
import type { Coverage } from "./coverage.ts";
import { drawHarm, type Harm } from "./draw-fault.ts";
import { drawPingHarm } from "./draw-pings.ts";
import { drawRareHarm } from "./draw-rare-fault.ts";
import type { Timer } from "./event-queue.ts";
import { BOOT_MS } from "./fault.ts";
import { settledWithinMs } from "./reach-sight.ts";
import { SIDES } from "./station.ts";
import type { Watch } from "./watch.ts";

export interface StormOptions {
  readonly dice: Chance;
  readonly coverage: Coverage;
  /** With dice of its own, so that everything else falls as it would without. */
  readonly rare: { readonly dice: Chance; readonly ambush: Ambush } | undefined;
  /** Of their own too; undefined: the pair has no ping nodes. */
  readonly pingDice: Chance | undefined;
}

/**
 * First safety under faults, then liveness after repair: a storm of faults that repair themselves
 * after a while, now and then a peace among the ruins, then everything is healed and must become
 * whole. Peace ends as soon as all has been well for a while, so that quiet costs little.
 */
export class Storm {
  readonly #watch: Watch;
  readonly #chance: Chance;
  readonly #coverage: Coverage;
  readonly #rare: StormOptions["rare"];
  readonly #pingDice: StormOptions["pingDice"];
  /** Mean time between two faults: denser where deadtimes are short. */
  readonly #gapMs: number;
  #repairs: Timer[] = [];

  constructor(watch: Watch, { dice, coverage, rare, pingDice }: StormOptions) {
    this.#watch = watch;
    this.#chance = dice;
    this.#coverage = coverage;
    this.#rare = rare;
    this.#pingDice = pingDice;
    const { deadtimeMs } = watch.world.config.timers;
    const densest = Math.min(GAP_MS_MAX, Math.max(GAP_MS_MIN, deadtimeMs * 0.2));
    this.#gapMs = dice.betweenMagnitudes(densest, Math.min(GAP_MS_MAX, deadtimeMs * 3));
  }

  /** Power for both, together or one after the other. */
  begin(): void {
    const first = this.#chance.pick(SIDES);
    const waitMs = this.#chance.happens(0.5) ? 0 : this.#chance.betweenMagnitudes(10, 30_000);
    for (const [index, side] of [first, first === 0 ? 1 : 0].entries()) {
      if (index === 1) this.#watch.live(waitMs + this.#aloneMs());
      this.#watch.apply({ kind: "power-on", side: side === 0 ? 0 : 1 });
    }
    if (this.#chance.happens(0.7)) this.#live(this.#chance.between(5_000, 20_000));
  }

  /** Now and then the first is alone for so long that it must serve, never having heard the other. */
  #aloneMs(): number {
    const isAlone = this.#rare?.dice.happens(0.3) === true;
    return isAlone ? BOOT_MS + STARTED_MS + this.#ownedWithinMs() : 0;
  }

  play(): void {
    const count = this.#chance.integer(3, 25);
    for (let i = 0; i < count && this.#watch.violation === undefined; i += 1) {
      this.#harm();
      this.#rareHarm();
      this.#pingHarm();
      this.#live(-Math.log(1 - this.#chance.next()) * this.#gapMs);
    }
    if (this.#chance.happens(0.25)) this.#live(this.#ownedWithinMs());
    this.#heal();
  }

  #harm(): void {
    this.#strike(drawHarm(this.#watch.world, this.#chance), this.#chance);
  }

  /** Beside the other harm, at once or at the next turn of an address. */
  #rareHarm(): void {
    if (this.#rare === undefined) return;
    const { dice, ambush } = this.#rare;
    const { world } = this.#watch;
    if (dice.happens(0.3)) this.#strike(drawRareHarm(world, dice), dice);
    if (!dice.happens(0.5)) return;
    const afterMs = dice.betweenMagnitudes(0.05, STRIKE_MS_MAX);
    ambush.lay(world, () => {
      const strike = world.queue.after(afterMs, () => {
        if (this.#pingDice?.happens(0.3) === true) this.#strikePings(this.#pingDice);
        else this.#strike(drawRareHarm(world, dice), dice);
      });
      this.#repairs.push(strike);
    });
  }

  /** Beside the other harm. */
  #pingHarm(): void {
    if (this.#pingDice?.happens(0.4) === true) this.#strikePings(this.#pingDice);
  }

  #strikePings(dice: Chance): void {
    this.#strike(drawPingHarm(this.#watch.world, dice), dice);
  }

  #strike({ faults, repairs }: Harm, dice: Chance): void {
    const { world } = this.#watch;
    for (const fault of faults) {
      this.#coverage.note(world, fault);
      this.#watch.apply(fault);
    }
    const { deadtimeMs } = world.config.timers;
    const ms = dice.betweenMagnitudes(deadtimeMs * 0.05, deadtimeMs * 8);
    const areMendedTogether = dice.happens(0.5);
    for (const repair of repairs) {
      const laterMs = areMendedTogether ? 0 : dice.between(0, ms);
      this.#repairs.push(world.queue.after(ms + laterMs, () => this.#watch.apply(repair)));
    }
  }

  #heal(): void {
    this.#rare?.ambush.callOff();
    for (const repair of this.#repairs) repair.cancel();
    this.#repairs = [];
    this.#watch.heal();
    const { world, services } = this.#watch;
    const until = world.now + ownerWithinMs(world);
    let wholeMs = 0;
    while (wholeMs < WHOLE_FOR_MS && world.now < until && this.#watch.violation === undefined) {
      this.#live(POLL_MS);
      wholeMs = services.isWhole() ? wholeMs + POLL_MS : 0;
    }
    services.checkWhole();
    this.#moveInPeace();
    this.#loseSightInPeace();
    if (this.#chance.happens(0.05)) this.#live(LONG_PEACE_MS);
  }

  /** A person's wish, once both machines are well again for sure: it must be carried out. */
  #moveInPeace(): void {
    const { world, services } = this.#watch;
    if (this.#rare?.dice.happens(0.15) !== true) return;
    this.#live(ABLE_AGAIN_MS + 2 * world.config.timers.deadtimeMs);
    const from = this.#rare.dice.pick(SIDES);
    const groups = services.servedBy(from);
    if (!services.isWhole() || groups.length === 0) return;
    this.#watch.apply({ kind: "standby", side: from, set: "all" });
    const until = world.now + MOVED_WITHIN_MS;
    const isLeft = (): boolean => services.servedBy(from).some((group) => groups.includes(group));
    while (isLeft() && world.now < until && this.#watch.violation === undefined) {
      this.#live(POLL_MS);
    }
    services.checkMoved(from, groups);
  }

  /**
   * An owner loses sight of a ping node, once both machines are well again for sure, and finds it again:
   * the checkers know what has to follow.
   */
  #loseSightInPeace(): void {
    const { world, services } = this.#watch;
    const dice = this.#pingDice;
    if (!world.config.ipfail || dice?.happens(0.2) !== true) return;
    this.#live(ABLE_AGAIN_MS + settledWithinMs(world));
    const owners = SIDES.filter((side) => services.servedBy(side).length > 0);
    if (!services.isWhole() || owners.length === 0) return;
    const from = { node: dice.pick(world.config.pings.nodes).name, side: dice.pick(owners) };
    this.#watch.apply({ kind: "hide-ping-node", ...from });
    this.#live(settledWithinMs(world) + MOVED_WITHIN_MS);
    this.#watch.apply({ kind: "show-ping-node", ...from });
    this.#live(settledWithinMs(world) + HOME_WITHIN_MS);
  }

  /** Peace of which the checkers expect that a group which can be owned is owned. */
  #ownedWithinMs(): number {
    return ownerWithinMs(this.#watch.world) + 2_000;
  }

  #live(ms: number): void {
    this.#watch.live(ms);
  }
}

const GAP_MS_MIN = 150;
const GAP_MS_MAX = 25_000;
const POLL_MS = 500;
const WHOLE_FOR_MS = 3_000;
/** An IPC message, a packet, an operation: some words of a move later. */
const STRIKE_MS_MAX = 300;
/** Both processes of a machine have started by then. */
const STARTED_MS = 2_000;
/** Longer than a node waits after a failed start (releasing.ts). */
const ABLE_AGAIN_MS = 32_000;
/** The path to be proven, services of up to 1.5 s each to start, words over a slow line. */
const MOVED_WITHIN_MS = 45_000;
/** It is asked for besides, and the path is proven. */
const HOME_WITHIN_MS = MOVED_WITHIN_MS + 15_000;
/** Longer than a failback waits after a death (safety.md 6). */
const LONG_PEACE_MS = 75_000;
