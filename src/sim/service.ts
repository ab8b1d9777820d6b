import type { ResourceResult } from "../core/cluster/world.ts";
import type { Chance } from "./chance.ts";
import type { HostClock } from "./host-clock.ts";

/** How a script behaves at the moment: set by faults. */
export interface ServiceMood {
  start: "works" | "fails" | "hangs";
  stop: "works" | "fails" | "hangs";
}

/** A script of a group: it takes its time, and its process group is ended at its deadline. */
export class SimService {
  readonly mood: ServiceMood;
  readonly #clock: HostClock;
  readonly #chance: Chance;
  readonly #changed: () => void;
  #isUp = false;
  #hasDied = false;
  #hasResisted = false;
  #failedStartAt: number | undefined;
  #freeAt = 0;

  constructor(options: {
    clock: HostClock;
    chance: Chance;
    mood: ServiceMood;
    changed: () => void;
  }) {
    this.#clock = options.clock;
    this.#chance = options.chance;
    this.mood = options.mood;
    this.#changed = options.changed;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** It ended of itself, and nobody has started or stopped it since. */
  get hasDied(): boolean {
    return this.#hasDied;
  }

  /** The last stop of it failed: it is left over, and reported. */
  get hasResisted(): boolean {
    return this.#hasResisted;
  }

  /** When its last start ended, by the machine's clock, if it failed; undefined: it did not. */
  get failedStartAt(): number | undefined {
    return this.#failedStartAt;
  }

  /** When the last operation that was asked of it ends, or has ended, by the machine's clock. */
  get freeAt(): number {
    return this.#freeAt;
  }

  /** It dies of itself. */
  die(): void {
    this.#hasDied ||= this.#isUp;
    this.#set(false);
  }

  /** One operation after the other; each is answered, within its deadline. */
  operate(op: "start" | "stop" | "status", done: (result: ResourceResult) => void): void {
    const beginAt = Math.max(this.#clock.now(), this.#freeAt);
    // How a script behaves is settled when it begins.
    const how = op === "status" ? "works" : this.mood[op];
    this.#freeAt = beginAt + this.#drawDuration(op, how);
    this.#clock.at(this.#freeAt, () => done(this.#finish(op, how)));
  }

  #finish(op: "start" | "stop" | "status", how: ServiceMood["start"]): ResourceResult {
    const hasNothingToDo = op === "status" || this.#isUp === (op === "start");
    if (hasNothingToDo) return this.#result(true, "");
    this.#hasDied = false;
    if (op === "start") this.#failedStartAt = how === "works" ? undefined : this.#clock.now();
    this.#hasResisted = op === "stop" && how !== "works";
    if (how === "works") this.#set(op === "start");
    // A start that was ended at its deadline leaves nothing; a stop that was leaves what it was about.
    if (how === "hangs") return this.#result(false, `${op}: ended after ${DEADLINE_MS / 1000} s`);
    return this.#result(how === "works", how === "works" ? "" : `${op}: exit code 1`);
  }

  #result(ok: boolean, detail: string): ResourceResult {
    return { ok, state: this.#isUp ? "running" : "stopped", detail };
  }

  #set(isUp: boolean): void {
    if (this.#isUp === isUp) return;
    this.#isUp = isUp;
    this.#changed();
  }

  #drawDuration(op: "start" | "stop" | "status", how: ServiceMood["start"]): number {
    if (op === "status") return this.#chance.between(5, 30);
    if (how === "hangs" && this.#isUp !== (op === "start")) return DEADLINE_MS;
    return this.#chance.betweenMagnitudes(8, op === "start" ? 1_500 : 800);
  }
}

/** Deadline of a script's operation in the simulated world. */
export const DEADLINE_MS = 20_000;
