import type { Diagnostic } from "../../config/types.ts";
import { type Difference, differencesOf, isDifference } from "./differences.ts";
import type { MigrationFacts } from "./facts.ts";
import { type Obstacle, type Plan, planOf } from "./plan.ts";
import { type Judgement, judge, type Situation, situationOf, type Way } from "./situation.ts";
import type { Step } from "./step.ts";

/** All that `tandem migrate` says, before it is made text or JSON. */
export interface MigrationReport {
  readonly way: Way;
  readonly facts: MigrationFacts;
  readonly judgement: Judgement;
  readonly situation: Situation | undefined;
  /** Errors and warnings of the files, but what stands among the differences. */
  readonly problems: readonly Diagnostic[];
  readonly differences: readonly Difference[];
  readonly steps: readonly Step[];
  readonly obstacles: readonly Obstacle[];
  /** One line: where one is. */
  readonly verdict: string;
  /** 0 the next step may be done, or all are; 1 something must be mended first; 4 the daemon cannot be asked. */
  readonly exitStatus: 0 | 1 | 4;
}

/** From facts alone: the same facts give the same report. */
export function reportOf(facts: MigrationFacts, way: Way): MigrationReport {
  const judgement = judge(facts);
  const situation = situationOf(facts, judgement.config, way);
  const plan = planOf(facts, judgement, situation, way);
  const { diagnostics, forHeartbeat } = judgement;
  const isBack = way === "back";
  const problems = isBack ? forHeartbeat : diagnostics.filter((one) => !isDifference(one));
  return {
    way,
    facts,
    judgement,
    situation,
    problems: problems.filter(({ severity }) => severity !== "hint"),
    differences: isBack ? [] : differencesOf(facts, judgement),
    ...plan,
    verdict: verdictOf(plan, way, situation),
    exitStatus: facts.daemon.kind === "mute" ? 4 : plan.obstacles.length > 0 ? 1 : 0,
  };
}

function verdictOf({ steps, obstacles }: Plan, way: Way, situation: Situation | undefined): string {
  const [first] = obstacles;
  if (first !== undefined) return `to be mended first: ${first.what}`;
  const next = steps.find(({ state }) => state === "next");
  if (next === undefined) return "done: both nodes run Tandem";
  const turn = `step ${next.number} of ${steps.length} is next, on ${next.node}: ${next.what}`;
  // A node that runs Heartbeat does not see what the other one runs: that may be back as well.
  const isBack = way === "back" && situation?.here === "heartbeat" && next.node !== situation.self;
  return isBack ? `this node is back; unless ${next.node} is too, ${turn}` : turn;
}
