import type { GroupName } from "../base/names.ts";
import type { GroupConfig } from "../config/types.ts";
import { automaticGives, MOVES_MAX } from "./check-gives.ts";
import type { Give, Gives } from "./gives.ts";
import { couldTake, isHeldBack } from "./group-health.ts";
import { judgedWithinMs, type ReachSight, settledWithinMs } from "./reach-sight.ts";
import { otherSide, SIDES, type Side } from "./station.ts";
import { talksFast } from "./talk.ts";
import type { Report } from "./violation.ts";
import type { World } from "./world.ts";

/**
 * Where ha.cf asks for ipfail: a group does not stay on a machine that reaches fewer ping nodes while
 * the other one could have it (`cut-off`), and what was given for that comes home once its home reaches
 * as many again, under auto_failback on (`not-home`).
 *
 * Each rule waits until both must know what they reach, and then for as long as a move takes. What may
 * hold it up is looked for in the world: a machine that is not well or cannot run it, words that do not
 * arrive, a budget that was spent before, the pause after an attempt. Attempts that begin after all
 * that is in order are no excuse: they have to succeed.
 */
export class ReachChecker {
  readonly #world: World;
  readonly #report: Report;
  readonly #gives: Gives;
  readonly #sight: ReachSight;
  readonly #lives = new Map<GroupName, Life>();

  constructor(world: World, report: Report, parts: { gives: Gives; sight: ReachSight }) {
    this.#world = world;
    this.#report = report;
    this.#gives = parts.gives;
    this.#sight = parts.sight;
    for (const { name } of world.config.groups) {
      this.#lives.set(name, { server: undefined, since: 0, away: undefined, due: undefined });
    }
    this.#tick();
  }

  /** Addresses, power or cables may have changed. */
  look(): void {
    this.#sight.look();
    for (const group of this.#world.config.groups) this.#lookAt(group);
  }

  given({ why, group, side, hasGone }: Give): void {
    const life = this.#lives.get(group as GroupName);
    if (life === undefined || why !== "reach" || hasGone) return;
    const tandemd = this.#world.hosts[side].running?.daemon;
    life.away = { home: side, tandemd, hasLeft: false };
  }

  /** A person asks for a move: where the groups are from then on is his wish. */
  asked(): void {
    for (const life of this.#lives.values()) life.away = undefined;
  }

  #tick(): void {
    this.#world.queue.after(TICK_MS, () => {
      this.look();
      for (const group of this.#world.config.groups) this.#judge(group);
      this.#tick();
    });
  }

  #lookAt(group: GroupConfig): void {
    const life = this.#lives.get(group.name);
    if (life === undefined) return;
    const { now, hosts } = this.#world;
    const servers = SIDES.filter((side) => {
      const held = hosts[side].running?.kernel.find(group.name);
      return held !== undefined && !held.isMuted;
    });
    const server = servers.length === 1 ? servers[0] : undefined;
    // Who keeps what would not stop serves it anew (core/cluster/giving.ts).
    const isAnew = server !== undefined && isHeldBack(hosts[server], group);
    if (server !== life.server || isAnew) Object.assign(life, { server, since: now });
    const { away } = life;
    if (away === undefined || server === undefined) return;
    if (server !== away.home) life.away = { ...away, hasLeft: true };
    const isNew = hosts[away.home].running?.daemon !== away.tandemd;
    if (isNew || (server === away.home && away.hasLeft)) life.away = undefined;
  }

  #judge(group: GroupConfig): void {
    const life = this.#lives.get(group.name);
    if (life === undefined) return;
    const rule = this.#ruleFor(group, life);
    const { now } = this.#world;
    if (rule === undefined || life.server === undefined) {
      life.due = undefined;
      return;
    }
    const due = life.due?.rule === rule ? life.due : { rule, since: now, lateMs: 0 };
    const since = Math.max(due.since, this.#sight.since);
    life.due = since === due.since ? due : { rule, since, lateMs: 0 };
    if (now - since <= settledWithinMs(this.#world)) return;
    const judgedForMs = now - since - judgedWithinMs(this.#world);
    if (this.#isExcused(rule, { group, giver: life.server, judgedForMs })) return;
    life.due.lateMs += TICK_MS;
    if (life.due.lateMs > this.#moveMs(rule)) this.#report(rule, this.#describe(rule, group, life));
  }

  /** What would have to happen to this group, if it stays like this. */
  #ruleFor(group: GroupConfig, life: Life): ReachRule | undefined {
    const { server, since, away } = life;
    const { config, hosts } = this.#world;
    if (server === undefined || !config.ipfail) return undefined;
    const other = otherSide(server);
    if (!couldTake(this.#world, other, group) || isHeldBack(hosts[server], group)) return undefined;
    if (this.#sight.isFewer(server)) {
      // What came here when both knew the present counts stays: who moved it knew them.
      return this.#sight.hasChangedSince(server, since) ? "cut-off" : undefined;
    }
    const isAway = away?.hasLeft === true && away.home === other;
    const preferred = config.nodes[other] === group.preferred;
    if (!isAway || !preferred || config.autoFailback !== "on") return undefined;
    if (this.#sight.isFewer(other) || !this.#isPathClear(server)) return undefined;
    return this.#waitsAfterDeath(other, group) ? undefined : "not-home";
  }

  /** Three questions by ARP to the taker's own address are answered (safety.md 6). */
  #isPathClear(giver: Side): boolean {
    const { network, hosts, seesArp } = this.#world;
    const passes = SIDES.every((side) => network.lan.carries(side, otherSide(side)));
    return passes && seesArp && hosts[giver].questionsLost === 0;
  }

  /** Its home has died lately, and says so: the group comes home later (safety.md 6). */
  #waitsAfterDeath(home: Side, group: GroupConfig): boolean {
    const status = this.#world.hosts[home].running?.daemon?.node?.status();
    const note = status?.groups.find(({ name }) => name === group.name)?.note;
    return note?.kind === "comes-home";
  }

  /** What had been begun before both had judged: it counts in the budget, and a pause follows it. */
  #isExcused(
    rule: ReachRule,
    { group, giver, judgedForMs }: { group: GroupConfig; giver: Side; judgedForMs: number },
  ): boolean {
    const gives = this.#gives.by(giver, group.name);
    if (gives.some(({ give, agoMs }) => give.why === "person" && agoMs < PROVE_MS)) return true;
    const before = automaticGives(gives).filter(({ agoMs }) => agoMs > judgedForMs);
    const isPausing = rule === "cut-off" && before.some(({ agoMs }) => agoMs < AGAIN_MS);
    return isPausing || this.#isSpent(rule, group, judgedForMs);
  }

  /** By either side, and over restarts of tandemd. Coming home leaves one for the next fault. */
  #isSpent(rule: ReachRule, group: GroupConfig, judgedForMs: number): boolean {
    const all = automaticGives(this.#gives.everOf(group.name));
    const most = rule === "cut-off" ? MOVES_MAX : MOVES_MAX - 1;
    return all.filter(({ agoMs }) => agoMs > judgedForMs).length >= most;
  }

  #moveMs(rule: ReachRule): number {
    const moveMs = talksFast(this.#world) ? MOVE_MS : MOVE_SERIAL_MS;
    return rule === "cut-off" ? moveMs : ASK_REPEAT_MS + PROVE_MS + moveMs;
  }

  #describe(rule: ReachRule, { name }: GroupConfig, { server, due }: Life): string {
    const where = this.#world.hosts[server ?? 0].name;
    const seconds = ((this.#world.now - (due?.since ?? 0)) / 1000).toFixed(1);
    return rule === "cut-off"
      ? `${name} is on ${where} for ${seconds} s, which reaches fewer ping nodes than the other one`
      : `${name} is on ${where} for ${seconds} s, though its home reaches as many ping nodes again`;
  }
}

type ReachRule = "cut-off" | "not-home";

/** What is known of one group. */
interface Life {
  /** The only one that answers for it, and since when. */
  server: Side | undefined;
  since: number;
  /** It was given for what both reach, by its home's tandemd, and has arrived. */
  away: { home: Side; tandemd: object | undefined; hasLeft: boolean } | undefined;
  /** What has to happen, since when, and how long it is overdue. */
  due: { rule: ReachRule; since: number; lateMs: number } | undefined;
}

const TICK_MS = 250;
/** core/cluster/reach-moves.ts, and a tick. */
const AGAIN_MS = 61_000;
/** core/cluster/giving.ts: proving and an offer that nobody answers. */
const PROVE_MS = 20_000;
/** core/cluster/asking.ts */
const ASK_REPEAT_MS = 6_000;
/** Words, and two services of up to 1.5 s each to start, of an exclusive group to stop before. */
const MOVE_MS = 20_000;
const MOVE_SERIAL_MS = 30_000;
