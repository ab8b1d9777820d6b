import { otherSide, SIDES, type Side } from "./station.ts";
import { talksBothWays, talksFast } from "./talk.ts";
import type { World } from "./world.ts";

/**
 * How many ping nodes each machine reaches in truth, from cables and switches alone, and since when
 * nothing speaks against both knowing it: who hears nothing, was held up, has just started, or loses
 * pings on the way may count otherwise.
 */
export class ReachSight {
  readonly #world: World;
  #counts: readonly [number, number] = [0, 0];
  #countsSince = 0;
  #doubtAt = 0;
  readonly #fewerAt: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  /** When both last knew each pair of counts for sure. */
  readonly #knownAt = new Map<string, number>();
  #lives: readonly unknown[] = [];
  readonly #boots: [unknown, unknown] = [undefined, undefined];
  readonly #bootedAt: [number, number] = [0, 0];

  constructor(world: World) {
    this.#world = world;
  }

  /** Anything may have changed. */
  look(): void {
    const { now, hosts } = this.#world;
    for (const side of SIDES) {
      if (hosts[side].running !== this.#boots[side]) this.#bootedAt[side] = now;
      this.#boots[side] = hosts[side].running;
    }
    // What was true until now is: a change is seen right behind it.
    this.#note();
    const counts = countsOf(this.#world);
    if (counts.join() !== this.#counts.join()) this.#countsSince = now;
    this.#counts = counts;
    if (this.#isInDoubt()) this.#doubtAt = now;
    this.#note();
  }

  /** Since when the counts are as they are, and nothing is in doubt. */
  get since(): number {
    return Math.max(this.#countsSince, this.#doubtAt);
  }

  /** Does this side reach fewer than the other? */
  isFewer(side: Side): boolean {
    return this.#counts[side] < this.#counts[otherSide(side)];
  }

  /** For so long this side has reached as many as the other, with nothing in doubt. */
  enoughForMs(side: Side): number {
    return this.#world.now - Math.max(this.#fewerAt[side], this.#doubtAt);
  }

  /** Since that time both have known other counts than these, or the other machine has come up anew. */
  hasChangedSince(side: Side, time: number): boolean {
    if (this.#bootedAt[otherSide(side)] > time) return true;
    const present = this.#counts.join();
    return [...this.#knownAt].some(([counts, at]) => counts !== present && at >= time);
  }

  #note(): void {
    const { now } = this.#world;
    for (const side of SIDES) {
      if (this.isFewer(side)) this.#fewerAt[side] = now;
    }
    const isKnown = now - this.since > knownWithinMs(this.#world);
    if (isKnown) this.#knownAt.set(this.#counts.join(), now);
  }

  #isInDoubt(): boolean {
    const { hosts, network } = this.#world;
    const lives = hosts.flatMap(({ running }) => [running?.pulse, running?.daemon]);
    const areNew = lives.some((life, index) => life !== this.#lives[index]);
    this.#lives = lives;
    const losesPings = network.lan.ways.some(({ loss }) => loss > 0);
    const areWell = SIDES.every((side) => this.#isWell(side));
    return areNew || losesPings || !areWell || !talksBothWays(this.#world);
  }

  /** Before initdead is over a ping node that does not answer counts as not judged yet. */
  #isWell(side: Side): boolean {
    const host = this.#world.hosts[side];
    const { running } = host;
    if (running?.isWell !== true || !host.isAwake()) return false;
    const isStaying = host.isClusterWanted && !running.isStopping;
    return isStaying && running.clock.now() > this.#world.config.timers.initdeadMs;
  }
}

function countsOf({ config, network }: World): readonly [number, number] {
  const reached = (side: Side): number =>
    config.pings.nodes.filter(({ name }) => network.pingNodeAnswers(name, side)).length;
  return [reached(0), reached(1)];
}

/** So long after a change each has judged what it reaches itself: nobody need refuse any more what follows. */
export function judgedWithinMs({ config: { pings, timers } }: World): number {
  return pings.deadMs + timers.keepaliveMs + JUDGED_MS;
}

/** A timer that is late, and the word from pulse to tandemd. */
const JUDGED_MS = 200;

/**
 * So long after a change both know it: it is judged, and told. A node that has just been heard again, or
 * started anew, is native after some beats, and may have to be asked (core/cluster/faces.ts).
 */
export function knownWithinMs(world: World): number {
  const { pings, timers } = world.config;
  const wordsMs = talksFast(world) ? WORDS_MS : WORDS_SERIAL_MS;
  return pings.deadMs + timers.keepaliveMs + 4 * beatMs(world) + wordsMs + ASK_FACES_MS;
}

/** Then neither count may change for a while (core/cluster/reach-moves.ts). */
export function settledWithinMs(world: World): number {
  return knownWithinMs(world) + Math.max(2_000, 2 * beatMs(world)) + LATE_MS;
}

/** Over a serial line alone beats come at most four lengths of one apart (core/channel/pace.ts). */
function beatMs(world: World): number {
  const { keepaliveMs } = world.config.timers;
  return talksFast(world) ? keepaliveMs : Math.max(keepaliveMs, SERIAL_BEAT_MS);
}

const SERIAL_BEAT_MS = 1_600;
const WORDS_MS = 1_000;
/** Some 500 B for each of three groups at 960 B/s, behind beats. */
const WORDS_SERIAL_MS = 8_000;
const ASK_FACES_MS = 2_500;
const LATE_MS = 1_000;
