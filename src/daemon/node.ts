/**
 * tandemd's run loop: one event, one step of the cluster machine, every effect carried out, and the
 * next. It knows no kernel: the environment is Linux or the simulator.
 */
import { assert, unreachable } from "../base/assert.ts";
import { startCluster, stepCluster } from "../core/cluster/cluster.ts";
import { checkInvariants } from "../core/cluster/invariants.ts";
import type { ClusterState } from "../core/cluster/state.ts";
import type { Status } from "../core/cluster/status.ts";
import { statusOf } from "../core/cluster/status-of.ts";
import type { ClusterEffect, ClusterEvent } from "../core/cluster/world.ts";
import type { FromPulse } from "../pulse/link.ts";
import type { DaemonEnvironment, DaemonEvent } from "./environment.ts";

/** Configuration error, as Heartbeat's daemon exits (tools.md 1). */
export const EXIT_CONFIGURATION = 6;
/** The pulse is gone, or hung: the service manager starts both again. */
const EXIT_NO_PULSE = 1;
/** tandemd ends itself when it has not heard the pulse for so many of its ticks (safety.md 1). */
const TICKS_MISSED_MAX = 2;
/** Before the first tick tells the pace, and as the least allowance for a busy machine. */
const PULSE_SILENCE_MIN_MS = 1_000;
/** A timer that is later than this: we slept. The pulse takes the same for a stall of its own. */
const STALL_MS = 100;

/** One node of the cluster. `handle` may be called from within an effect: the event waits its turn. */
export class ClusterNode {
  private state: ClusterState | undefined;
  private heardPulseAt: number;
  private tickMs = 0;
  private coreWakeAt: number | undefined;
  /** For when the one timer was asked. */
  private plannedAt = Number.POSITIVE_INFINITY;
  /** We slept, or the pulse seems silent: what waits in the queues comes before any verdict. */
  private rechecking = false;
  /** Events that arrived while effects were being carried out: the environment may answer at once. */
  private readonly queue: DaemonEvent[] = [];
  private busy = false;

  private readonly environment: DaemonEnvironment;

  constructor(environment: DaemonEnvironment) {
    this.environment = environment;
    this.heardPulseAt = environment.now();
  }

  handle(event: DaemonEvent): void {
    this.queue.push(event);
    if (this.busy) return;
    this.busy = true;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift())
        this.one(next);
    } finally {
      this.busy = false;
    }
  }

  /** Undefined before the boot event. */
  status(): Status | undefined {
    const { environment } = this;
    return this.state && statusOf(this.state, environment.now(), environment.wallSeconds());
  }

  private one(event: DaemonEvent): void {
    switch (event.kind) {
      case "pulse-gone":
        this.environment.log(
          "ERROR",
          "the pulse is gone: tandemd ends; the service manager starts both again",
        );
        this.environment.exit(EXIT_NO_PULSE);
        return;
      case "from-pulse":
        this.fromPulse(event.message);
        return;
      case "boot": {
        const [state, effects] = startCluster(event.boot, this.environment.now());
        this.become(state, effects);
        return;
      }
      case "wake":
        if (this.rechecking) return;
        this.rechecking = this.hasSlept() || this.pulseIsSilent();
        if (this.rechecking) this.environment.afterQueues();
        else this.wake();
        return;
      case "queues-drained":
        this.rechecking = false;
        if (this.pulseIsSilent()) this.one({ kind: "pulse-gone" });
        else this.wake();
        return;
      default:
        this.step(event);
    }
  }

  private wake(): void {
    this.coreWakeAt = undefined;
    this.step({ kind: "wake" });
    this.arm();
  }

  private fromPulse(message: FromPulse): void {
    this.heardPulseAt = this.environment.now();
    switch (message.kind) {
      case "tick":
        this.tickMs = message.tickMs;
        this.step(message);
        // Only after the step: "well" vouches for the whole loop.
        this.environment.toPulse({ kind: "well" });
        this.arm();
        return;
      case "log":
        this.environment.log(message.level, message.text);
        return;
      case "stop":
        this.step({ kind: "request", id: undefined, request: { kind: "stop" } });
        return;
      case "hello":
        // It may stop before its first tick, which is a keepalive away at most: watched from here on.
        this.tickMs ||= this.state?.config.timers.keepaliveMs ?? 0;
        this.step(message);
        this.arm();
        return;
      default:
        this.step(message);
    }
  }

  private step(event: Exclude<ClusterEvent, { kind: "boot" }>): void {
    if (this.state === undefined) return;
    const [state, effects] = stepCluster(this.state, event, this.environment.now());
    this.become(state, effects);
  }

  private become(state: ClusterState, effects: readonly ClusterEffect[]): void {
    const broken = checkInvariants(state);
    assert(broken === undefined, broken ?? "");
    const changed = state !== this.state;
    this.state = state;
    for (const effect of effects) this.perform(effect);
    if (changed) this.environment.changed();
  }

  private perform(effect: ClusterEffect): void {
    const { environment } = this;
    switch (effect.kind) {
      case "log":
        environment.log(effect.level, effect.text);
        return;
      case "wake-at":
        this.coreWakeAt = effect.at;
        this.arm();
        return;
      case "send":
        environment.toPulse({ kind: "send", fields: effect.fields });
        return;
      case "say":
        environment.toPulse({ kind: "say", st: effect.st, words: effect.words });
        return;
      case "hold": {
        const leases = effect.holdings.flatMap(({ group, epoch }) =>
          environment.leasesOf(group, epoch),
        );
        environment.toPulse({ kind: "hold", leases });
        return;
      }
      case "resource":
        environment.operate(effect.id, effect.operation);
        return;
      case "probe":
        environment.probe(effect.id, effect.probe);
        return;
      case "journal":
        environment.writeRecord(effect.record);
        return;
      case "answer":
        environment.answer(effect.id, { ok: effect.ok, text: effect.text, tookMs: effect.tookMs });
        return;
      case "bye":
        environment.toPulse({ kind: "bye" });
        environment.exit(0);
        return;
      default:
        unreachable(effect);
    }
  }

  private pulseSilenceLimit(): number {
    return Math.max(PULSE_SILENCE_MIN_MS, TICKS_MISSED_MAX * this.tickMs);
  }

  /** Perhaps both did: the pulse's silence counts from now. */
  private hasSlept(): boolean {
    const now = this.environment.now();
    if (now - this.plannedAt <= STALL_MS) return false;
    this.heardPulseAt = now;
    return true;
  }

  private pulseIsSilent(): boolean {
    return this.tickMs > 0 && this.environment.now() - this.heardPulseAt > this.pulseSilenceLimit();
  }

  /** One timer serves the core and the watch over the pulse. */
  private arm(): void {
    const watch = this.tickMs > 0 ? this.heardPulseAt + this.pulseSilenceLimit() + 1 : undefined;
    const due = [watch, this.coreWakeAt].filter((at) => at !== undefined);
    if (due.length === 0) return;
    this.plannedAt = Math.min(...due);
    this.environment.wakeAt(this.plannedAt);
  }
}
