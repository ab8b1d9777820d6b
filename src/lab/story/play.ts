import { bootTimeMs } from "../../linux/clock.ts";
import type { NodeHost } from "../layout.ts";
import type { Span } from "../probe/outage.ts";
import { type Cluster, NotWithin, nodeHosts } from "./cluster.ts";
import { type Measured, measure, servingNode } from "./measure.ts";
import { Refused, type Step } from "./steps.ts";

/** How a step of the story went. */
export interface StepResult {
  readonly step: Step;
  readonly ok: boolean;
  /** What was not as expected; undefined when all was. */
  readonly problem: string | undefined;
  /** In which way it took longer than it should; undefined when it did not. */
  readonly slow: string | undefined;
  /** Undefined: the step could not be begun. */
  readonly measured: Measured | undefined;
  /** Who served the client when it was over. */
  readonly owner: NodeHost | undefined;
  /** The nodes' own words about it, from their logs. */
  readonly sentences: readonly Sentence[];
}

export interface Sentence {
  readonly node: NodeHost;
  readonly at: number;
  readonly text: string;
}

/** Is told how the story goes. */
export interface Audience {
  readonly begins: (step: Step, at: number) => void;
  /** What should follow has followed; its figures are being taken. */
  readonly settles: (step: Step) => void;
  readonly ended: (result: StepResult) => void;
}

/** Plays the steps one after the other. What does not happen is a result, not an error. */
export async function playStory(
  cluster: Cluster,
  steps: readonly Step[],
  audience: Audience,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    const result = await playStep(cluster, step, audience);
    results.push(result);
    audience.ended(result);
  }
  return results;
}

async function playStep(cluster: Cluster, step: Step, audience: Audience): Promise<StepResult> {
  const notBegun = await attempt(() => step.before(cluster));
  if (typeof notBegun === "string") {
    return resultOf(cluster, step, undefined, `not played: ${notBegun}`);
  }
  const begun = bootTimeMs();
  audience.begins(step, begun);
  const from = await attempt(() => step.play(cluster));
  const until = bootTimeMs();
  audience.settles(step);
  const span = { from: typeof from === "number" ? from : begun, until };
  const measured = await measure(cluster, span, { fromNothing: step.fromNothing ?? false });
  const problem = typeof from === "string" ? from : step.judge?.(measured);
  return resultOf(cluster, step, measured, problem);
}

/** What did not happen, as a sentence; everything else that can go wrong is thrown. */
async function attempt<Value>(action: () => Promise<Value>): Promise<Value | string> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof NotWithin || error instanceof Refused) return error.message;
    throw error;
  }
}

function resultOf(
  cluster: Cluster,
  step: Step,
  measured: Measured | undefined,
  problem: string | undefined,
): StepResult {
  const owner = servingNode(cluster, measured?.until ?? 0);
  const said = measured === undefined ? [] : sentencesBetween(cluster, measured);
  const wrongOwner =
    owner === step.owner ? undefined : `${owner ?? "nobody"} serves, ${step.owner} should`;
  const doubled =
    (measured?.doubled.length ?? 0) > 0 ? "two nodes answered for the address" : undefined;
  const why = problem ?? doubled ?? wrongOwner;
  const slow = slowness(cluster, step, measured);
  const ok = why === undefined && slow === undefined;
  return { step, ok, problem: why, slow, measured, owner, sentences: said };
}

function slowness(
  { timers }: Cluster,
  { silenceMaxMs }: Step,
  measured: Measured | undefined,
): string | undefined {
  const maxMs = silenceMaxMs?.(timers);
  if (maxMs === undefined || measured === undefined || measured.silenceMs <= maxMs)
    return undefined;
  return `silent for ${Math.round(measured.silenceMs)} ms, at most ${maxMs}`;
}

/** What the nodes said about deaths, links and groups: the why of what happened. */
export function sentencesBetween(cluster: Cluster, span: Span): readonly Sentence[] {
  return nodeHosts
    .flatMap((node) =>
      cluster.nodes[node].log
        .filter(({ at, text }) => at >= span.from && at <= span.until && isTelling.test(text))
        .map(({ at, text }) => ({ node, at, text })),
    )
    .sort((one, other) => one.at - other.at);
}

const isTelling = /^(group|node|Link|Status update|standby|takeover|Tandem is stopping)\b/;
