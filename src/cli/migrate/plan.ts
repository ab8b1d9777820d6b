import type { NodeName } from "../../base/names.ts";
import { type Commands, commandsFor } from "./commands.ts";
import type { MigrationFacts } from "./facts.ts";
import { obstaclesOf } from "./obstacles.ts";
import { type Judgement, ownsAll, type Situation, statusOfPeer } from "./situation.ts";

/** One thing to do, on one of the two machines. */
export interface Step {
  readonly number: number;
  readonly node: NodeName;
  /** In the imperative, lower case. */
  readonly what: string;
  /** What to type on `node`, in this order. */
  readonly commands: readonly string[];
  /** Says whether it is done. */
  readonly check: { readonly node: NodeName; readonly command: string };
  /** What to type on `node` to be where one was before; empty: nothing was changed. */
  readonly back: readonly string[];
  /** What happens to the service meanwhile. */
  readonly note: string;
  /** `next`: it may be done now. `waiting`: for a step above, or for something to be mended. */
  readonly state: "done" | "next" | "waiting";
}

/** What must be mended, or waited for, before a next step. */
export interface Obstacle {
  readonly what: string;
  readonly mend: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly obstacles: readonly Obstacle[];
}

/** A step before it is known whether its turn has come. */
type Draft = Omit<Step, "number" | "state"> & { readonly isDone: boolean };

/**
 * The way of this pair, with what the state of the machine says of each step: nothing else is asked
 * or kept. Steps of the other machine count as done only where Tandem here can see it.
 */
export function planOf(
  facts: MigrationFacts,
  judgement: Judgement,
  situation: Situation | undefined,
): Plan {
  const commands = commandsFor(facts);
  const obstacles = obstaclesOf(facts, judgement, situation, commands);
  if (situation === undefined) return { steps: [], obstacles };
  const drafts = draftsOf(facts, situation, commands);
  const turn = obstacles.length > 0 ? -1 : drafts.findIndex((draft) => !draft.isDone);
  const steps = drafts.map(({ isDone, ...draft }, at) => {
    const state: Step["state"] = isDone ? "done" : at === turn ? "next" : "waiting";
    return { number: at + 1, ...draft, state };
  });
  return { steps, obstacles };
}

function draftsOf(
  facts: MigrationFacts,
  situation: Situation,
  commands: Commands,
): readonly Draft[] {
  const { first, second } = situation;
  return [
    ...changeover(first, progressOf(facts, situation, first), commands, {
      check: "see that Tandem can use the files",
      stopNote: stopNote(situation),
      start: "start Tandem, and have it join the Heartbeat",
      startNote: joinNote(situation),
    }),
    draftStep(first, commands)(`take the groups over from ${second}`, hasTaken(situation), {
      commands: [commands.takeover],
      check: commands.status,
      back: [commands.standby],
      note: TAKEN_NOTE,
    }),
    ...changeover(second, progressOf(facts, situation, second), commands, {
      check: "see that Tandem can use the files there too",
      stopNote: `nothing moves: ${first} serves`,
      start: "start Tandem: both nodes run it now",
      startNote: homeNote(situation),
    }),
  ];
}

const TAKEN_NOTE =
  "Heartbeat stops them, then Tandem starts them: the gap of any planned move beside a Heartbeat. From here on Tandem serves: stay for a week, the way back is one command";

/** Tandem in Heartbeat's place on one machine, with what is to be said of it there. */
function changeover(
  node: NodeName,
  { checked, stopped, started }: Progress,
  commands: Commands,
  words: Readonly<Record<"check" | "stopNote" | "start" | "startNote", string>>,
): readonly Draft[] {
  const step = draftStep(node, commands);
  return [
    step(words.check, checked, {
      commands: [commands.check],
      check: commands.check,
      note: "nothing is changed",
    }),
    step("stop Heartbeat, and take it out of the boot", stopped, {
      commands: commands.stopHeartbeat,
      back: commands.startHeartbeat,
      note: words.stopNote,
    }),
    step(words.start, started, {
      commands: commands.startTandem,
      back: [...commands.stopTandem, ...commands.startHeartbeat],
      note: words.startNote,
    }),
  ];
}

function draftStep(node: NodeName, commands: Commands) {
  return (
    what: string,
    isDone: boolean,
    rest: {
      readonly commands: readonly string[];
      readonly check?: string;
      readonly back?: readonly string[];
      readonly note: string;
    },
  ): Draft => ({
    node,
    what,
    commands: rest.commands,
    check: { node, command: rest.check ?? commands.migrate },
    back: rest.back ?? [],
    note: rest.note,
    isDone,
  });
}

interface Progress {
  readonly checked: boolean;
  readonly stopped: boolean;
  readonly started: boolean;
}

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

function stopNote({ groups, self, first, second }: Situation): string {
  const held = groups.filter(({ where }) => where === "here");
  return first === self && held.length > 0
    ? `${namesOf(held)} goes to ${second}: the failover of a clean stop`
    : `nothing moves: ${second} serves`;
}

function joinNote({ config, groups, first, second }: Situation): string {
  const home = groups.filter(({ config: group }) => group.preferred === first);
  const comesHome = config.autoFailback !== "off" && home.length > 0;
  return comesHome
    ? `${second} gives ${namesOf(home)} to it by auto_failback ${config.autoFailback}, as to a Heartbeat that comes back`
    : `nothing moves: ${second} goes on serving, and sees the node come back that it knows`;
}

function homeNote({ config, groups, second }: Situation): string {
  const home = groups.filter(({ config: group }) => group.preferred === second);
  const goesHome = config.autoFailback !== "off" && home.length > 0;
  return goesHome
    ? `${namesOf(home)} goes home to it by auto_failback ${config.autoFailback}, make before break`
    : "nothing moves; from here on planned moves are make before break";
}

function namesOf(groups: readonly { readonly config: { readonly name: string } }[]): string {
  return groups.map(({ config }) => config.name).join(", ");
}
