import type { Commands } from "./commands.ts";
import type { Draft, DraftStep, Progress } from "./step.ts";

/** Heartbeat or Tandem, as one machine has to be told of it. */
interface Program {
  readonly name: string;
  /** Says whether it can use the files. */
  readonly check: string;
  readonly start: readonly string[];
  readonly stop: readonly string[];
}

/** Which program goes, and which comes in its place. */
interface Exchange {
  readonly from: Program;
  readonly to: Program;
}

export function toTandem(commands: Commands): Exchange {
  return { from: heartbeatBy(commands), to: tandemBy(commands) };
}

export function toHeartbeat(commands: Commands): Exchange {
  return { from: tandemBy(commands), to: heartbeatBy(commands) };
}

/** One program in the other's place on one machine, with what is to be said of it there. */
export function exchange(
  step: DraftStep,
  { checked, stopped, started }: Progress,
  { from, to }: Exchange,
  words: Readonly<Record<"check" | "stopNote" | "start" | "startNote", string>>,
): readonly Draft[] {
  return [
    step(words.check, checked, {
      commands: [to.check],
      check: to.check,
      note: "nothing is changed",
    }),
    step(`stop ${from.name}, and take it out of the boot`, stopped, {
      commands: from.stop,
      back: from.start,
      note: words.stopNote,
    }),
    step(words.start, started, {
      commands: to.start,
      back: [...to.stop, ...from.start],
      note: words.startNote,
    }),
  ];
}

function heartbeatBy(commands: Commands): Program {
  const { checkForHeartbeat, startHeartbeat, stopHeartbeat } = commands;
  return {
    name: "Heartbeat",
    check: checkForHeartbeat,
    start: startHeartbeat,
    stop: stopHeartbeat,
  };
}

function tandemBy({ check, startTandem, stopTandem }: Commands): Program {
  return { name: "Tandem", check, start: startTandem, stop: stopTandem };
}
