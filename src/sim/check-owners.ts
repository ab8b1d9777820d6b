import type { GroupName } from "../base/names.ts";
import type { Sight } from "./sight.ts";
import { SIDES, type Side } from "./station.ts";
import { talksBothWays, talksFast } from "./talk.ts";
import type { Report } from "./violation.ts";
import type { World } from "./world.ts";

/**
 * Never two that answer, except as safety.md 5 and product.md 5 say. "Two owners" means two machines
 * that answer ARP for an address or take new connections on it, not two that hold it (safety.md 6).
 *
 * A second owner is judged at the moment it comes to be, by what its machine could know. It is
 * allowed in `availability` when it had listened for its deadtime and heard nothing (less a keepalive:
 * what the channel says to itself, an acknowledgement, is no sign of life; and what it slept itself is
 * no silence) and neither machine could see the other's ARP just before; and to, or beside, a paused
 * virtual machine until that hears one message.
 * An allowed pair must settle: the time in which both are well, hear each other both ways, and have
 * heard one message, must not sum up to more than a second.
 */
export class OwnerChecker {
  readonly #world: World;
  readonly #report: Report;
  readonly #sight: Sight;
  /** Groups with two holders at the moment. */
  readonly #pairs = new Map<GroupName, Pair>();
  readonly #formerPairs = new Map<GroupName, { pair: Pair; endedAt: number }>();
  readonly #holders = new Map<GroupName, readonly Side[]>();

  constructor(world: World, report: Report, sight: Sight) {
    this.#world = world;
    this.#report = report;
    this.#sight = sight;
  }

  look(): void {
    for (const group of this.#world.config.groups) this.#lookAt(group.name);
  }

  #lookAt(group: GroupName): void {
    const holders = SIDES.filter((side) => this.#holds(side, group));
    const before = this.#holders.get(group) ?? [];
    this.#holders.set(group, holders);
    if (holders.length < 2) {
      if (before.length === 2) this.#endPair(group);
      return;
    }
    const pair = this.#pairs.get(group) ?? this.#beginPair(group, before);
    const answering = holders.filter((side) => this.#answers(side));
    if (answering.length === 2 && pair.allowed === undefined) {
      this.#report("two-owners", `both machines answer for ${group}: ${pair.why}`);
    }
  }

  #beginPair(group: GroupName, before: readonly Side[]): Pair {
    const taker = SIDES.find((side) => !before.includes(side)) ?? 0;
    const former = this.#formerPairs.get(group);
    const isPutBack = former !== undefined && this.#world.now - former.endedAt < PUT_BACK_MS;
    const pair: Pair = isPutBack
      ? former.pair
      : { ...this.#judge(taker), since: this.#world.now, unsettledMs: 0, looks: 0, spent: 0 };
    this.#pairs.set(group, pair);
    this.#keepTime(group, pair);
    return pair;
  }

  #endPair(group: GroupName): void {
    const pair = this.#pairs.get(group);
    this.#pairs.delete(group);
    if (pair !== undefined) this.#formerPairs.set(group, { pair, endedAt: this.#world.now });
  }

  /** What `taker` could know when it began to answer beside the other. */
  #judge(taker: Side): Pick<Pair, "allowed" | "why"> {
    const { config, hosts } = this.#world;
    const other: Side = taker === 0 ? 1 : 0;
    const silence = this.#sight.silenceMs(taker);
    const name = hosts[taker].name;
    // What it had begun before it was paused goes on, by clocks that saw no gap.
    if (this.#sight.isPausedOrUnaware(taker)) return { allowed: "paused machine", why: "" };
    if (config.tandem.mode === "safety") {
      return { allowed: undefined, why: `${name} took it without proof in safety mode` };
    }
    if (this.#sight.isPausedOrUnaware(other)) return { allowed: "paused machine", why: "" };
    if (silence < config.timers.deadtimeMs - config.timers.keepaliveMs - EARLY_MS) {
      const heard = `it had heard the other ${silence.toFixed(0)} ms before`;
      return { allowed: undefined, why: `${name} took it although ${heard}` };
    }
    const listened = this.#sight.listenedMs(taker);
    if (listened < config.timers.deadtimeMs - config.timers.keepaliveMs - EARLY_MS) {
      const slept = `of ${silence.toFixed(0)} ms of silence it slept all but ${listened.toFixed(0)}`;
      return { allowed: undefined, why: `${name} took it although ${slept}` };
    }
    const windowMs = Math.max(1_500, config.timers.deadtimeMs / 4 + 500);
    if (this.#sight.wasBlind(windowMs)) return { allowed: "cut apart", why: "" };
    return { allowed: undefined, why: `${name} took it although ARP showed the other alive` };
  }

  /**
   * Sums up the time in which an allowed pair could have settled, each moment against what was due
   * then: what began over a slow line may end over a fast one.
   */
  #keepTime(group: GroupName, pair: Pair): void {
    pair.looks += 1;
    const look = pair.looks;
    this.#world.queue.after(LOOK_MS, () => {
      // An address that was put back at once is looked at already: its time would count twice.
      if (this.#pairs.get(group) !== pair || pair.looks !== look) return;
      if (this.#couldSettle(pair)) {
        pair.unsettledMs += LOOK_MS;
        pair.spent += LOOK_MS / this.#settleMs();
      }
      if (pair.spent > 1) {
        const text = `${group}: two owners (${pair.allowed}) met and have not settled for ${pair.unsettledMs} ms`;
        this.#report("unsettled", text);
        return;
      }
      this.#keepTime(group, pair);
    });
  }

  #couldSettle(pair: Pair): boolean {
    const { hosts } = this.#world;
    const areWell = hosts.every((host) => host.running?.isWell === true && host.isAwake());
    const isHeard = this.#sight.heardSince(pair.since);
    const isUnaware = SIDES.some((side) => this.#sight.isPausedOrUnaware(side));
    return areWell && isHeard && !isUnaware && talksBothWays(this.#world);
  }

  /** safety.md 5 says one second. Over a serial line alone the claims themselves take longer. */
  #settleMs(): number {
    const { keepaliveMs } = this.#world.config.timers;
    return talksFast(this.#world) ? SETTLE_MS + keepaliveMs : SETTLE_SERIAL_MS;
  }

  #holds(side: Side, group: GroupName): boolean {
    const held = this.#world.hosts[side].running?.kernel.find(group);
    return held !== undefined && !held.isMuted;
  }

  /** A machine whose cable is pulled answers nobody on that segment. */
  #answers(side: Side): boolean {
    return this.#world.hosts[side].isAwake() && this.#world.network.lan.hasCarrier(side);
  }
}

interface Pair {
  /** Why two are allowed here; undefined: they are not. */
  readonly allowed: "cut apart" | "paused machine" | undefined;
  readonly why: string;
  readonly since: number;
  unsettledMs: number;
  /** Of which only the newest goes on. */
  looks: number;
  /** Of the time to settle in, as a fraction. */
  spent: number;
}

/** An address that a program deleted is put back in less (safety.md 2): the pair goes on. */
const PUT_BACK_MS = 100;
const LOOK_MS = 50;
const SETTLE_MS = 1_000;
/** A claim record and its echo both ways, some 500 B each at 960 B/s, behind two beats. */
const SETTLE_SERIAL_MS = 8_000;
/** The loop looked at it a little later than it arrived. */
const EARLY_MS = 5;
