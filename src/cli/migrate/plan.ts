import type { NodeName } from "../../base/names.ts";
import { draftsBack } from "./back.ts";
import { type Commands, commandsFor } from "./commands.ts";
import { exchange, toTandem } from "./exchange.ts";
import type { MigrationFacts } from "./facts.ts";
import { homeNote, joinNote, stopNote } from "./notes.ts";
import { obstaclesOf } from "./obstacles.ts";
import { type Judgement, ownsAll, type Situation, statusOfPeer, type Way } from "./situation.ts";
import { type Draft, draftStep, numbered, type Progress, type Step } from "./step.ts";

/** What must be mended, or waited for, before a next step. */
export interface Obstacle {
  readonly what: string;
  readonly mend: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * The way of this pair, with what the state of the machine says of each step: nothing else is asked
 * or kept. Steps of the other machine count as done only where Tandem here can see it.
 */
export function planOf(
  facts: MigrationFacts,
  judgement: Judgement,
  situation: Situation | undefined,
  way: Way,
): Plan {
  const commands = commandsFor(facts, way);
  const obstacles = obstaclesOf(facts, judgement, situation, commands, way);
  if (situation === undefined) return { steps: [], obstacles };
  const drafts =
    way === "back"
      ? draftsBack(facts, judgement, situation, commands)
      : draftsToTandem(facts, situation, commands);
  return { steps: numbered(drafts, obstacles.length > 0), obstacles };
}

function draftsToTandem(
  facts: MigrationFacts,
  situation: Situation,
  commands: Commands,
): readonly Draft[] {
  const { first, second } = situation;
  const progress = (node: NodeName) => progressOf(facts, situation, node);
  const step = (node: NodeName) => draftStep(node, commands);
  const programs = toTandem(commands);
  return [
    ...exchange(step(first), progress(first), programs, {
      check: "see that Tandem can use the files",
      stopNote: stopNote(situation),
      start: "start Tandem, and have it join the Heartbeat",
      startNote: joinNote(situation),
    }),
    step(first)(`take the groups over from ${second}`, hasTaken(situation), {
      commands: [commands.takeover],
      check: commands.status,
      back: [commands.standby],
      note: TAKEN_NOTE,
    }),
    ...exchange(step(second), progress(second), programs, {
      check: "see that Tandem can use the files there too",
      stopNote: `nothing moves: ${first} serves`,
      start: "start Tandem: both nodes run it now",
      startNote: homeNote(situation, {
        moving: "make before break",
        staying: "; from here on planned moves are make before break",
      }),
    }),
  ];
}

const TAKEN_NOTE =
  "Heartbeat stops them, then Tandem starts them: the gap of any planned move beside a Heartbeat. From here on Tandem serves: stay for a week, the way back is one command";

function progressOf(facts: MigrationFacts, situation: Situation, node: NodeName): Progress {
  const { self, here, there, joined } = situation;
  if (node === self) {
    const { pid, start } = facts.heartbeat;
    const { service, atBoot } = facts.tandem.start;
    // Without systemd nobody can tell whose supervisor starts it.
    const isBooted = service.kind !== "systemd" || atBoot;
    // The other one is silent when its Heartbeat has been stopped: it had been joined then.
    const hasJoined = joined || (there === "silent" && ownsAll(situation));
    return {
      checked: true,
      stopped: pid === undefined && !start.atBoot,
      started: here === "tandem" && hasJoined && isBooted,
    };
  }
  const hasReleased = statusOfPeer(facts, node)?.status === "stopped";
  const started = there === "tandem" && joined;
  return { checked: started || hasReleased, stopped: started || hasReleased, started };
}

/** Once both run Tandem, a group may be on either. */
function hasTaken(situation: Situation): boolean {
  const { here, there, first, self } = situation;
  if (here !== "tandem" || first !== self) return false;
  return there === "tandem" || ownsAll(situation);
}
