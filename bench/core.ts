import { reduceChannel } from "../src/core/channel/channel.ts";
import { stepCluster } from "../src/core/cluster/cluster.ts";
import { momentOf, type Taped, tapeOfBeating } from "./beating.ts";
import type { Bench } from "./measurement.ts";
import { tapeOfMoves, tapeOfRest } from "./moving.ts";
import { measureRates } from "./rate.ts";

export const core: Bench = {
  name: "core",
  what: "how many steps a second the pure machines take",
  run: () => {
    const beating = tapeOfBeating(500);
    const rest = tapeOfRest(500);
    const moves = tapeOfMoves(20);
    const measured = measureRates([
      {
        what: "channel: an idle pair on two media",
        unit: "steps/CPU s",
        run: () =>
          replay(beating.start, beating.steps, (state, event, now) =>
            reduceChannel(state, event, momentOf(now)),
          ),
      },
      {
        what: "cluster: ticks and words of an idle pair",
        unit: "steps/CPU s",
        run: () => replay(rest.start, rest.steps, stepCluster),
      },
      {
        what: "cluster: standby and takeover",
        unit: "steps/CPU s",
        run: () => replay(moves.start, moves.steps, stepCluster),
      },
    ]);
    const conditions = {
      "channel tape": beating.steps.length,
      "rest tape": rest.steps.length,
      "moves tape": moves.steps.length,
    };
    return { ...measured, conditions };
  },
};

/** The same steps again; a machine that is pure takes them as it took them first. */
function replay<State, Event>(
  start: State,
  steps: readonly Taped<Event>[],
  step: (state: State, event: Event, now: number) => readonly [State, unknown],
): number {
  let state = start;
  for (const { event, now } of steps) [state] = step(state, event, now);
  return steps.length;
}
