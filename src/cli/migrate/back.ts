import type { NodeName } from "../../base/names.ts";
import type { Commands } from "./commands.ts";
import { exchange, toHeartbeat } from "./exchange.ts";
import type { MigrationFacts } from "./facts.ts";
import { homeNote, joinNote, stopNote } from "./notes.ts";
import { type Judgement, ownsAll, type Situation, statusOfPeer } from "./situation.ts";
import { type Draft, draftStep, type Progress } from "./step.ts";

/**
 * The way back to Heartbeat, node by node: the way to Tandem with the two programs changed over. It
 * begins wherever the pair is, with two Tandems or with one.
 */
export function draftsBack(
  facts: MigrationFacts,
  judgement: Judgement,
  situation: Situation,
  commands: Commands,
): readonly Draft[] {
  const { first, second } = situation;
  const progress = (node: NodeName) => progressOf(facts, judgement, situation, node);
  const step = (node: NodeName) => draftStep(node, commands);
  const programs = toHeartbeat(commands);
  return [
    ...exchange(step(first), progress(first), programs, {
      check: "see that Heartbeat would start with the files",
      stopNote: stopNote(situation),
      start: `start Heartbeat, and have it join ${second}`,
      startNote: joinNote(situation),
    }),
    step(second)(`give the groups to ${first}`, hasGiven(situation), {
      commands: [commands.standby],
      check: commands.status,
      back: [commands.takeover],
      note: GIVEN_NOTE,
    }),
    ...exchange(step(second), progress(second), programs, {
      check: "see that Heartbeat would start with the files there too",
      stopNote: `nothing moves: ${first} serves`,
      start: "start Heartbeat: both nodes run it now",
      startNote: homeNote(situation, {
        moving: "as between any two Heartbeats",
        staying: ": both run Heartbeat",
      }),
    }),
  ];
}

const GIVEN_NOTE =
  "Tandem stops them, then Heartbeat starts them: the gap of any planned move beside a Heartbeat. From here on Heartbeat serves";

function progressOf(
  facts: MigrationFacts,
  { heartbeatStarts }: Judgement,
  situation: Situation,
  node: NodeName,
): Progress {
  const { self, here, there, joined } = situation;
  if (node === self) {
    const { pid, start } = facts.heartbeat;
    const isBooted = start.service.kind === "none" || start.atBoot;
    return {
      checked: heartbeatStarts,
      stopped: facts.daemon.kind === "stopped" && !facts.tandem.start.atBoot,
      started: pid !== undefined && isBooted,
    };
  }
  // Only a Tandem sees the other node, and it is the one that goes back last.
  const started = here === "tandem" && there === "heartbeat" && joined;
  const stopped = started || statusOfPeer(facts, node)?.status === "stopped";
  return { checked: stopped, stopped, started };
}

/** Whether the Heartbeat that came back first serves everything. */
function hasGiven(situation: Situation): boolean {
  const { self, first, here, there, joined, groups } = situation;
  if (self === first) return here === "heartbeat" && ownsAll(situation);
  return there === "heartbeat" && joined && groups.every(({ where }) => where === "elsewhere");
}
