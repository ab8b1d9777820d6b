import type { ClusterConfig } from "../config/types.ts";
import { ExclusiveChecker } from "./check-exclusive.ts";
import { GiveChecker } from "./check-gives.ts";
import { LeaseChecker } from "./check-lease.ts";
import { OwnerChecker } from "./check-owners.ts";
import { ReachChecker } from "./check-reach.ts";
import { ServiceChecker } from "./check-service.ts";
import { applyFault, healAll } from "./fault.ts";
import { describeFault, type Fault, type ShortNames } from "./fault-words.ts";
import { Gives } from "./gives.ts";
import type { Programs } from "./programs.ts";
import { ReachSight } from "./reach-sight.ts";
import { Sight } from "./sight.ts";
import { shortNames } from "./story.ts";
import type { LogLine, Observer } from "./surroundings.ts";
import type { Trace } from "./trace.ts";
import type { Rule, Violation } from "./violation.ts";
import { World } from "./world.ts";

/** A world with all its checkers around it: who plays in it plays through here. */
export class Watch {
  readonly world: World;
  readonly services: ServiceChecker;
  readonly #trace: Trace;
  readonly #sight: Sight;
  readonly #owners: OwnerChecker;
  readonly #exclusive: ExclusiveChecker;
  readonly #gives: Gives;
  readonly #givers: GiveChecker;
  /** Undefined where there are no ping nodes. */
  readonly #reach: ReachChecker | undefined;
  #violation: Violation | undefined;

  constructor(options: {
    config: ClusterConfig;
    programs: Programs;
    seed: number;
    isSteady?: boolean;
    carrierFollowsPower: boolean;
    trace: Trace;
    observer?: Observer;
  }) {
    this.#trace = options.trace;
    const observers = [this.#observer(), ...(options.observer ? [options.observer] : [])];
    this.world = new World({ ...options, observers });
    const report = (rule: Rule, text: string): void => this.#report(rule, text);
    this.#sight = new Sight(this.world);
    this.#owners = new OwnerChecker(this.world, report, this.#sight);
    this.#exclusive = new ExclusiveChecker(this.world, report, this.#sight);
    new LeaseChecker(this.world, report);
    this.#gives = new Gives(this.world);
    const parts = { gives: this.#gives, sight: new ReachSight(this.world) };
    this.#givers = new GiveChecker(this.world, report, parts);
    const hasPings = this.world.config.pings.nodes.length > 0;
    this.#reach = hasPings ? new ReachChecker(this.world, report, parts) : undefined;
    this.services = new ServiceChecker(this.world, report);
  }

  /** The first rule that did not hold. */
  get violation(): Violation | undefined {
    return this.#violation;
  }

  get hostNames(): ShortNames {
    return shortNames(this.world.config);
  }

  apply(fault: Fault): void {
    this.#trace.add(this.world.now, "", `*** ${describeFault(fault, this.hostNames)}`);
    this.services.disturbed(false);
    if (fault.kind === "standby" || fault.kind === "takeover") this.#reach?.asked();
    applyFault(this.world, fault);
  }

  heal(): void {
    this.#trace.add(this.world.now, "", "*** everything is repaired");
    this.services.disturbed(true);
    healAll(this.world);
  }

  /** Lives on for so long, or until a rule is violated. */
  live(ms: number): void {
    this.world.runUntil(this.world.now + ms, () => this.#violation !== undefined);
  }

  #observer(): Observer {
    return {
      log: (line) => this.#hear(line),
      changed: () => this.#look(),
      heard: (side, sentAt) => this.#sight.heard(side, sentAt),
      crashed: (host, process, error) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.#report("crashed", `${process} of ${host}: ${text}`);
      },
      answered: (host, id, answer) =>
        this.#trace.add(
          this.world.now,
          host,
          `answer ${id}: ${answer.ok ? "ok" : "no"}: ${answer.text}`,
        ),
    };
  }

  #hear(line: LogLine): void {
    this.#trace.log(line);
    const give = this.#gives.hear(line);
    if (give === undefined) return;
    this.#givers.given(give);
    this.#reach?.given(give);
  }

  /** The world changes already while it is built. */
  #look(): void {
    this.#sight?.look();
    this.#owners?.look();
    this.#exclusive?.look();
    this.#reach?.look();
  }

  #report(rule: Rule, text: string): void {
    if (this.#violation !== undefined) return;
    this.#violation = { at: this.world.now, rule, text };
    this.#trace.add(this.world.now, "", `!!! ${rule}: ${text}`);
  }
}
