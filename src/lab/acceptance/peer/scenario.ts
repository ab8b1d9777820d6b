import { LOST_ITS_OWN_WORD } from "../../heartbeat-node.ts";
import { summarize } from "../results.ts";
import type { ComparedVariant, PairOptions, Scenario } from "../scenario.ts";
import { compare, type PeerRun } from "./compare.ts";
import type { PeerEvent } from "./event.ts";
import { peerEvents } from "./events.ts";
import { requireHeartbeat } from "./pair.ts";
import { type PairRun, playBeside } from "./play.ts";

/**
 * Complaints that no real pair has and that are no fault of Tandem's, by shape, each with its reason. One
 * that is not understood does not belong here.
 */
const excused: ReadonlyMap<string, string> = new Map();

/** A run in which a real node has lost a word of its own script says nothing, and is repeated. */
const repetitionsMax = 3;

export const heartbeatPeer: Scenario = {
  name: "heartbeat-peer",
  what: "a real Heartbeat 3.0.6 and Tandem, each in both roles: no event is a longer silence for the client than between two real nodes at the same time, no worse a log of the real node",
  runs: 3,
  variants: peerEvents.map(variantOf),
};

function variantOf(event: PeerEvent): ComparedVariant {
  return {
    name: event.name,
    timers: event.timers,
    compare: async (count, options) => {
      requireHeartbeat(options.rootless);
      const runs: PeerRun[] = [];
      const wanted = Math.min(count, event.runsMax ?? count);
      // What a few runs only seem to show, twice as many show or do not; no run is left out.
      for (const enough of [wanted, 2 * wanted]) {
        if (holds(runs)) break;
        while (runs.length < enough) {
          const run = await playWhole(event, options);
          runs.push(run);
          options.say(`  ${event.name} ${runs.length}/${enough}: ${told(run)}`);
        }
      }
      const { figures, runs: results, unheard } = compare(runs, excused);
      for (const { pairing, shape } of unheard) options.say(`  ${pairing} complains: ${shape}`);
      return { figures, runs: results };
    },
  };
}

function holds(played: readonly PeerRun[]): boolean {
  const { figures, runs } = compare(played, excused);
  return played.length > 0 && summarize(figures, runs).every((summary) => summary.holds);
}

async function playWhole(event: PeerEvent, options: PairOptions): Promise<PeerRun> {
  const repeated: string[] = [];
  for (;;) {
    const run = { ...(await playBeside(event, options)), repeated };
    const lost = Object.keys(run.pairs).filter((pairing) => hasLostItsWord(run.pairs[pairing]));
    if (lost.length === 0 || repeated.length === repetitionsMax) return run;
    repeated.push(`${lost.join(", ")}: a real node lost a word of its own script`);
    options.say(`  ${event.name}: ${repeated.at(-1)}; again`);
  }
}

const hasLostItsWord = (run: PairRun | undefined): boolean =>
  run?.complaints.some((shape) => LOST_ITS_OWN_WORD.test(shape)) ?? false;

/** Silences of each pairing, in the order of the steps. */
function told({ pairs }: PeerRun): string {
  return Object.entries(pairs)
    .map(([pairing, { steps, problem }]) => {
      const silences = steps.map(({ step, silenceMs }) => `${step} ${Math.round(silenceMs)}`);
      return `${pairing} ${[...silences, problem ?? []].flat().join(", ")}`;
    })
    .join("; ");
}
