import { unreachable } from "../base/assert.ts";
import { reconfigure } from "../core/channel/begin.ts";
import { nextWakeAt, reduceChannel } from "../core/channel/channel.ts";
import { freedClaims } from "../core/channel/freed-claims.ts";
import { tickMs } from "../core/channel/lease.ts";
import { allReports, snapshotOf } from "../core/channel/reports.ts";
import type { ChannelEffect, ChannelEvent, ChannelState } from "../core/channel/state.ts";
import {
  type Duty,
  nextCheckAt,
  type SupervisionEffect,
  type SupervisionEvent,
  supervise,
  UNSTARTED,
} from "../core/channel/supervision.ts";
import { nextTickAt } from "../core/channel/tick.ts";
import type { LogLevel } from "../core/step.ts";
import type { PulseEnvironment, PulseEvent } from "./environment.ts";
import type { FromPulse, PulseSettings, ToPulse } from "./link.ts";
import { firstChannel, isSameDuty } from "./loop-begin.ts";
import { LeaseKeeper, type LostGroup } from "./loop-leases.ts";
import { PacketDesk } from "./loop-packets.ts";

/** Later than this behind a planned wake-up, we slept (an RR process is late by 47 ms at worst, measured). */
const STALL_MS = 100;
/** The tick before there are settings: only the service manager's watchdog needs it. */
const IDLE_TICK_MS = 500;

/**
 * The pulse's run loop: takes one event, lets the pure machines decide, performs what they want, and
 * plans the one timer. It is the same in the real process and in the simulator.
 *
 * Each tick first renews the addresses, then beats, then says "I am well" (safety.md 2). After a stall
 * the sockets are emptied and acted on first: what waits there may be the peer's claim.
 */
export class PulseLoop {
  readonly #env: PulseEnvironment;
  readonly #leases: LeaseKeeper;
  #supervision = UNSTARTED;
  #settings: PulseSettings | undefined;
  #packets: PacketDesk | undefined;
  #channel: ChannelState | undefined;
  #realtime = "";
  #load = "";
  #tickAt = Infinity;
  #plannedAt = Infinity;
  /** The tick whose renewals are done: it may be interrupted behind them. */
  #renewedFor: number | undefined;
  /** We slept: nothing is renewed before `queues-drained`. */
  #isDraining = false;
  /** Taken off while no daemon was there to be told. */
  readonly #untold: Extract<FromPulse, { kind: "lease-lost" }>[] = [];
  /** The one being handled, and what the environment answered at once meanwhile. */
  readonly #events: PulseEvent[] = [];

  constructor(env: PulseEnvironment) {
    this.#env = env;
    this.#leases = new LeaseKeeper(env, (lost) => this.#leaseLost(lost));
  }

  handle(event: PulseEvent): void {
    this.#events.push(event);
    if (this.#events.length > 1) return;
    for (let next = this.#events[0]; next !== undefined; next = this.#events[0]) {
      this.#one(next);
      this.#events.shift();
    }
    this.#plan();
  }

  #one(event: PulseEvent): void {
    this.#noticeStall();
    this.#plannedAt = this.#env.now();
    this.#handle(event);
    this.#noticeStall();
  }

  #handle(event: PulseEvent): void {
    switch (event.kind) {
      case "start":
        this.#tickAt = this.#env.now();
        this.#supervise({ kind: "start" });
        break;
      case "wake":
        if (!this.#isDraining) this.#due();
        break;
      case "queues-drained":
        this.#isDraining = false;
        this.#toChannel({ kind: "queues-drained" });
        this.#due();
        break;
      case "bytes":
        for (const read of this.#packets?.read(event.medium, event.bytes, this.#env.now()) ?? []) {
          this.#toChannel(read);
        }
        break;
      case "unread":
        this.#toChannel({ ...event, kind: "discarded", reason: "unread" });
        break;
      case "pong":
        this.#toChannel(this.#packets?.readPong(event.node, event.bytes));
        break;
      case "medium":
      case "ping-medium":
        this.#toChannel(event);
        break;
      case "from-daemon":
        this.#fromDaemon(event.message);
        break;
      case "daemon-gone": {
        const how = event.signal ?? `exit code ${event.code ?? "unknown"}`;
        this.#supervise({ kind: "gone", code: event.code, how });
        break;
      }
      case "stop":
        this.#supervise({ kind: "stop" });
        break;
      default:
        unreachable(event);
    }
  }

  /** Something of ours was due, or we were awake, and now it is later: also a system call of our own may take long. */
  #noticeStall(): void {
    const now = this.#env.now();
    const lateMs = now - this.#plannedAt;
    if (lateMs <= STALL_MS) return;
    this.#plannedAt = now;
    this.#leases.dropExpired();
    this.#toChannel({ kind: "stalled", lateMs });
    this.#supervise({ kind: "stalled", lateMs });
    if (lateMs <= this.#tickMs() || this.#isDraining) return;
    this.#isDraining = true;
    this.#env.afterQueues();
  }

  #due(): void {
    const now = this.#env.now();
    const isTick = now >= this.#tickAt;
    if (isTick && this.#renewedFor !== this.#tickAt) {
      this.#renewedFor = this.#tickAt;
      this.#load = this.#env.loadAverage();
      this.#leases.renewAll();
      // No verdict right behind a renewal that took long: what was said meanwhile waits in the sockets.
      this.#noticeStall();
      if (this.#isDraining) return;
    }
    this.#toChannel({ kind: "wake" });
    if (isTick) {
      this.#sayWell();
      this.#planTick();
    }
    this.#supervise({ kind: "check" });
  }

  #sayWell(): void {
    if (this.#channel !== undefined) this.#sayTick(this.#channel);
    // Without a daemon that could serve, nobody shall vouch for this machine (safety.md 1).
    if (!this.#supervision.released) this.#env.alive();
  }

  /** Without one tandemd takes nothing: its first comes with our answer to its settings. */
  #sayTick(channel: ChannelState): void {
    const at = this.#env.now();
    this.#toDaemon({ kind: "tick", at, tickMs: this.#tickMs(), snapshot: snapshotOf(channel, at) });
  }

  #tickMs(): number {
    if (this.#settings === undefined) return IDLE_TICK_MS;
    return tickMs(this.#settings.timers, this.#leases.leases);
  }

  #planTick(): void {
    const beatAt = this.#channel?.beat.dueAt ?? this.#tickAt;
    this.#tickAt = nextTickAt(beatAt, this.#tickMs(), this.#env.now());
  }

  /** One timer for everything that has a time. */
  #plan(): void {
    if (this.#isDraining) {
      this.#plannedAt = this.#env.now() + STALL_MS;
      this.#env.wakeAt(this.#plannedAt);
      return;
    }
    const isSpeaking = this.#channel !== undefined && !this.#supervision.farewell;
    this.#plannedAt = Math.min(
      this.#tickAt,
      nextCheckAt(this.#supervision, this.#duty()),
      isSpeaking && this.#channel !== undefined ? nextWakeAt(this.#channel) : Infinity,
    );
    this.#env.wakeAt(this.#plannedAt);
  }

  #duty(): Duty {
    const deadtimeMs = this.#settings?.timers.deadtimeMs;
    return { deadtimeMs, holds: this.#leases.leases.length > 0 };
  }

  #fromDaemon(message: ToPulse): void {
    switch (message.kind) {
      case "configure":
        this.#configure(message.settings);
        break;
      case "well":
        this.#supervise({ kind: "well" });
        break;
      case "send":
      case "say":
        this.#toChannel(message);
        break;
      case "hold":
        this.#leases.hold(message.leases);
        this.#planTick();
        break;
      case "bye":
        this.#supervise({ kind: "bye" });
        this.#leases.dropAll("the daemon has said goodbye");
        this.#env.saveRecord(undefined);
        break;
      default:
        unreachable(message);
    }
  }

  #configure(settings: PulseSettings): void {
    const now = this.#env.now();
    const former = this.#settings;
    const isNew = former === undefined || !isSameDuty(former, settings);
    this.#settings = settings;
    if (isNew) this.#packets = new PacketDesk(settings);
    if (this.#channel === undefined) {
      this.#realtime = this.#env.requestRealtime(settings.realtime);
      this.#load = this.#env.loadAverage();
      this.#channel = firstChannel(this.#env, settings);
    } else if (isNew) this.#channel = reconfigure(this.#channel, settings, now);
    this.#supervise({ kind: "configure" });
    const { session, generation } = this.#channel;
    this.#toDaemon({ kind: "hello", session, generation, realtime: this.#realtime });
    // It may have adopted what was taken off since: before anything that it may take (safety.md 3).
    for (const lost of this.#untold.splice(0)) this.#toDaemon(lost);
    for (const report of allReports(this.#channel, now)) this.#toDaemon(report);
    this.#sayTick(this.#channel);
    if (JSON.stringify(former?.media) !== JSON.stringify(settings.media)) {
      this.#env.openMedia(settings.media);
    }
    if (JSON.stringify(former?.pings.nodes) !== JSON.stringify(settings.pings.nodes)) {
      this.#env.openPings(settings.pings.nodes);
    }
    this.#planTick();
  }

  #toChannel(event: ChannelEvent | undefined): void {
    if (event === undefined) return;
    if (this.#channel === undefined || this.#supervision.farewell) return;
    const env = this.#env;
    const media = this.#settings?.media ?? [];
    const busy = media.flatMap(({ kind, name }) =>
      kind === "serial" && env.isBusy(name) ? [name] : [],
    );
    const moment = { now: env.now(), wallSeconds: env.wallSeconds(), load: this.#load, busy };
    const [next, effects] = reduceChannel(this.#channel, event, moment);
    this.#channel = next;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: ChannelEffect): void {
    switch (effect.kind) {
      case "log":
        this.#log(effect.level, effect.text);
        break;
      case "transmit":
        for (const { medium, bytes } of this.#packets?.write(effect.message, effect) ?? []) {
          this.#env.transmit(medium, bytes, { mayDrop: effect.mayDrop });
        }
        break;
      case "ping": {
        const bytes = this.#packets?.writeDatagram(effect.message);
        if (bytes !== undefined) this.#env.ping(effect.node, bytes);
        break;
      }
      case "lend":
        this.#saveRecord(effect.nextSeq);
        break;
      case "report":
        this.#toDaemon(effect.report);
        break;
      case "after-queues":
        this.#env.afterQueues();
        break;
      case "claimed":
        this.#leases.yieldTo(effect.claims, effect.node);
        break;
      default:
        unreachable(effect);
    }
  }

  #saveRecord(nextSeq: number): void {
    if (this.#channel === undefined) return;
    const { generation } = this.#channel;
    this.#env.saveRecord({ bootId: this.#env.bootId(), generation, nextSeq });
  }

  #supervise(event: SupervisionEvent): void {
    const [next, effects] = supervise(this.#supervision, event, this.#duty(), this.#env.now());
    this.#supervision = next;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: SupervisionEffect): void {
    switch (effect.kind) {
      case "log":
        this.#log(effect.level, effect.text);
        break;
      case "start-daemon":
        this.#env.startDaemon();
        break;
      case "kill-daemon":
        this.#env.killDaemon();
        break;
      case "tell-stop":
        this.#toDaemon({ kind: "stop" });
        break;
      case "release":
        this.#log("CRIT", `giving up what this node holds: ${effect.why}`);
        this.#leases.dropAll(effect.why);
        // What was about to be taken is not: there is nobody to do it.
        this.#disclaim((_, claim) => claim.part === "takes");
        break;
      case "exit":
        this.#env.exit(effect.code);
        break;
      default:
        unreachable(effect);
    }
  }

  /** An address of ours is gone by our own hand: tandemd and the peer hear it at once. */
  #leaseLost({ group, groupIndex, why }: LostGroup): void {
    if (this.#supervision.farewell) return;
    this.#log("CRIT", `group ${group}: its address was taken off this node: ${why}`);
    if (this.#supervision.child.kind === "running")
      this.#toDaemon({ kind: "lease-lost", group, why });
    else this.#untold.push({ kind: "lease-lost", group, why });
    this.#disclaim((index) => index === groupIndex);
  }

  /** tandemd's words are older than what we have just done: say so until it says something new. */
  #disclaim(isGivenUp: Parameters<typeof freedClaims>[2]): void {
    const { st, words } = this.#channel?.beat ?? {};
    if (words === undefined || st === undefined || st === "init") return;
    const exclusive = this.#settings?.exclusive ?? [];
    this.#toChannel({ kind: "say", st, words: freedClaims(words, exclusive, isGivenUp) });
  }

  #toDaemon(message: FromPulse): void {
    if (this.#supervision.child.kind === "running") this.#env.toDaemon(message);
  }

  /** tandemd keeps the log; without one the lines go to the service manager. */
  #log(level: LogLevel, text: string): void {
    if (this.#supervision.child.kind !== "running") this.#env.log(level, text);
    else this.#env.toDaemon({ kind: "log", level, text });
  }
}
