import type { NodeName } from "../../base/names.ts";
import type { Commands } from "./commands.ts";

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

/** A step before it is known whether its turn has come. */
export type Draft = Omit<Step, "number" | "state"> & { readonly isDone: boolean };

/** What has been done on one machine to change its program; of the other one, as far as it is seen. */
export interface Progress {
  readonly checked: boolean;
  readonly stopped: boolean;
  readonly started: boolean;
}

/** One more step on a machine. */
export type DraftStep = (
  what: string,
  isDone: boolean,
  rest: {
    readonly commands: readonly string[];
    readonly check?: string;
    readonly back?: readonly string[];
    readonly note: string;
  },
) => Draft;

export function draftStep(node: NodeName, commands: Commands): DraftStep {
  return (what, isDone, rest) => ({
    node,
    what,
    commands: rest.commands,
    check: { node, command: rest.check ?? commands.migrate },
    back: rest.back ?? [],
    note: rest.note,
    isDone,
  });
}

/** The first that is not done is next, unless something has to be mended before. */
export function numbered(drafts: readonly Draft[], isHeldUp: boolean): readonly Step[] {
  const turn = isHeldUp ? -1 : drafts.findIndex((draft) => !draft.isDone);
  return drafts.map(({ isDone, ...draft }, at) => {
    const state: Step["state"] = isDone ? "done" : at === turn ? "next" : "waiting";
    return { number: at + 1, ...draft, state };
  });
}
