import type { Chance } from "./chance.ts";
import type { Timer } from "./event-queue.ts";
import type { HostClock } from "./host-clock.ts";

/** The shipped loops: one event at a time, everything else through their environment. */
export interface Program<E> {
  handle(event: E): void;
}

export interface ProcessOptions<E> {
  readonly clock: HostClock;
  readonly chance: Chance;
  readonly startDelayMs: number;
  /** Called when the process has started: makes the loop and delivers its first events. */
  readonly begin: () => Program<E>;
  readonly wake: E;
  readonly drained: E;
  /** The loop threw: a bug of ours. */
  readonly crashed: (error: unknown) => void;
  /** Once, whatever the reason. */
  readonly ended: (how: { code?: number; signal?: string }) => void;
}

/** A time without the processor, by the machine's clock. */
export interface Sleep {
  readonly from: number;
  readonly to: number;
}

/** Thrown out of a call during which the process ended: it is not there to return to. */
class Ended extends Error {}

/**
 * One of our processes with Node's event loop around it. While it is stopped or busy, what arrives
 * waits; when it goes on, a timer that is due comes before what waits in the sockets, unless the
 * loop asked for what is behind them (platform.md 4).
 */
export class SimProcess<E> {
  readonly #options: ProcessOptions<E>;
  #state: "starting" | "running" | "dead" = "starting";
  #program: Program<E> | undefined;
  #isStopped = false;
  #busyUntil = 0;
  #asleepSince: number | undefined;
  readonly #sleeps: Sleep[] = [];
  #timer: Timer | undefined;
  #timerIsDue = false;
  #wantsDrained = false;
  #isPumping = false;
  #inboxBytes = 0;
  #lastHandledAt: number | undefined;
  readonly #inbox: { run: () => void; bytes: number }[] = [];

  constructor(options: ProcessOptions<E>) {
    this.#options = options;
    options.clock.after(options.startDelayMs, () => this.#begin());
  }

  get isDead(): boolean {
    return this.#state === "dead";
  }

  /** Takes part in life: started, not stopped, not busy. */
  get isRunning(): boolean {
    return this.#state === "running" && !this.#isHeldUp();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** When it last did something; undefined: not yet. */
  get lastHandledAt(): number | undefined {
    return this.#lastHandledAt;
  }

  /** Stopped or busy elsewhere: the last times, one that still lasts included. */
  get sleeps(): readonly Sleep[] {
    if (this.#asleepSince === undefined) return this.#sleeps;
    return [...this.#sleeps, { from: this.#asleepSince, to: this.#options.clock.now() }];
  }

  get program(): Program<E> | undefined {
    return this.#program;
  }

  /** From a pipe: waits until it is read. */
  deliver(event: E): void {
    if (this.isDead) return;
    this.#inbox.push({ run: () => this.#hand(event), bytes: 0 });
    this.#pump();
  }

  /** What it does after so long, outside of the loop: not before it goes on, and never once it has ended. */
  after(ms: number, run: () => void): void {
    this.#options.clock.after(ms, () => {
      if (this.isDead) return;
      this.#inbox.push({ run, bytes: 0 });
      this.#pump();
    });
  }

  /** From a socket: a full buffer loses what comes next. */
  deliverFromSocket(event: E, bytes: number): void {
    if (this.#state !== "running" || this.#inboxBytes + bytes > SOCKET_BUFFER_BYTES_MAX) return;
    this.#inboxBytes += bytes;
    this.#inbox.push({ run: () => this.#hand(event), bytes });
    this.#pump();
  }

  /** One timer; a later call replaces it. */
  wakeAt(at: number): void {
    if (this.isDead) return;
    this.#timer?.cancel();
    this.#timerIsDue = false;
    const lateMs = this.#drawLateness();
    this.#timer = this.#options.clock.at(Math.max(at, this.#options.clock.now()) + lateMs, () => {
      this.#timer = undefined;
      this.#timerIsDue = true;
      this.#pump();
    });
  }

  /** Deliver `drained` behind all that has arrived by the next turns of the event loop. */
  askDrained(): void {
    if (this.isDead || this.#wantsDrained) return;
    this.#wantsDrained = true;
    this.#options.clock.after(TWO_TURNS_MS, () => this.#pump());
  }

  /** SIGSTOP and SIGCONT. */
  stop(): void {
    this.#isStopped = true;
    this.#asleepSince ??= this.#options.clock.now();
  }

  cont(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#pump();
  }

  /** Busy elsewhere: garbage collection, swapping, steal. */
  stall(ms: number): void {
    this.#asleepSince ??= this.#options.clock.now();
    const until = Math.max(this.#busyUntil, this.#options.clock.now() + ms);
    this.#busyUntil = until;
    this.#options.clock.at(until, () => {
      // By the host's clock it may be a rounding error before that.
      if (this.#busyUntil === until) this.#busyUntil = 0;
      this.#pump();
    });
  }

  /**
   * The call that the loop is in takes so long. The rest of the world goes on meanwhile, `step` by
   * step; what comes for this process waits. Does not return when the process ends in it.
   */
  passTime(ms: number, step: () => boolean): void {
    const { clock } = this.#options;
    this.stall(ms);
    while (!this.isDead && !clock.isOver && this.#isHeldUp() && step());
    if (this.isDead || clock.isOver) throw new Ended();
    this.#wakeUp();
  }

  end(how: { code?: number; signal?: string }): void {
    if (this.isDead) return;
    this.#state = "dead";
    this.#timer?.cancel();
    this.#inbox.length = 0;
    this.#options.ended(how);
  }

  #begin(): void {
    if (this.isDead) return;
    if (this.#isHeldUp()) {
      this.#options.clock.after(RETRY_START_MS, () => this.#begin());
      return;
    }
    this.#state = "running";
    this.#guarded(() => {
      this.#program = this.#options.begin();
    });
    this.#pump();
  }

  /** Timers first, then the queues, then what asked to come behind them. */
  #pump(): void {
    if (this.#isPumping || this.#state !== "running" || this.#program === undefined) return;
    if (!this.#isHeldUp()) this.#wakeUp();
    this.#isPumping = true;
    while (!this.isDead && !this.#isHeldUp() && this.#pumpOne());
    this.#isPumping = false;
  }

  #pumpOne(): boolean {
    if (this.#timerIsDue) {
      this.#timerIsDue = false;
      this.#hand(this.#options.wake);
      return true;
    }
    const first = this.#inbox.shift();
    if (first !== undefined) {
      this.#inboxBytes -= first.bytes;
      first.run();
      return true;
    }
    if (this.#wantsDrained) {
      this.#wantsDrained = false;
      this.#hand(this.#options.drained);
      return true;
    }
    return false;
  }

  #wakeUp(): void {
    if (this.#asleepSince === undefined) return;
    this.#sleeps.push({ from: this.#asleepSince, to: this.#options.clock.now() });
    if (this.#sleeps.length > SLEEPS_MAX) this.#sleeps.shift();
    this.#asleepSince = undefined;
  }

  #hand(event: E): void {
    this.#lastHandledAt = this.#options.clock.now();
    this.#guarded(() => this.#program?.handle(event));
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (error instanceof Ended) {
        this.#state = "dead";
        return;
      }
      this.#options.crashed(error);
      this.end({ code: 1 });
    }
  }

  #isHeldUp(): boolean {
    const { clock } = this.#options;
    return this.#isStopped || clock.isFrozen || clock.now() < this.#busyUntil;
  }

  #drawLateness(): number {
    const { chance } = this.#options;
    if (chance.isSteady || !chance.happens(0.05)) return chance.between(0, 0.6);
    return chance.happens(0.05) ? chance.between(5, 47) : chance.between(0.6, 6);
  }
}

/** More than fit into a dead time. */
const SLEEPS_MAX = 64;
/** recvBufferSize of the media's sockets. */
const SOCKET_BUFFER_BYTES_MAX = 1024 * 1024;
/** Two turns of an idle event loop. */
const TWO_TURNS_MS = 0.05;
const RETRY_START_MS = 5;
