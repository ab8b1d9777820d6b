import type { ClusterConfig } from "../config/types.ts";
import { ExclusiveChecker } from "./check-exclusive.ts";
import { LeaseChecker } from "./check-lease.ts";
import { OwnerChecker } from "./check-owners.ts";
import { ServiceChecker } from "./check-service.ts";
import { applyFault, healAll } from "./fault.ts";
import { describeFault, type Fault, type ShortNames } from "./fault-words.ts";
import type { Programs } from "./programs.ts";
import { Sight } from "./sight.ts";
import { shortNames } from "./story.ts";
import type { Observer } from "./surroundings.ts";
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
      log: (line) => this.#trace.log(line),
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

  /** The world changes already while it is built. */
  #look(): void {
    this.#sight?.look();
    this.#owners?.look();
    this.#exclusive?.look();
  }

  #report(rule: Rule, text: string): void {
    if (this.#violation !== undefined) return;
    this.#violation = { at: this.world.now, rule, text };
    this.#trace.add(this.world.now, "", `!!! ${rule}: ${text}`);
  }
}
