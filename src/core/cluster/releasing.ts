/**
 * Stopping our part of a group. Right to left where nobody waits for the address (it has been handed
 * over, or nothing else may hold it yet); addresses first where the other node waits for it: a stop
 * that hangs does not hold the address back (safety.md 7). An exclusive group is given to nobody before all
 * of it has stopped; its address still goes first where the other node answers for it already.
 */
import type { Reason } from "../step.ts";
import { isExclusive } from "./exclusive.ts";
import { type Give, type Group, isOwner } from "./group.ts";
import { dropNote, setNote } from "./notes.ts";
import { enter, groupAt, log, operate, patchGroup, setResource, type Turn } from "./state.ts";
import type { ResourceResult } from "./world.ts";

/** After a failed start here: how long until it is tried here again. */
export const RETRY_START_MS = 30_000;
/** What must stop before anybody else may have it is asked again at this pace. */
const RETRY_STOP_MS = 10_000;

export interface ReleaseOptions {
  readonly reason: Reason;
  readonly order: "right-to-left" | "addresses-first";
  readonly after: "free" | { readonly unable: string };
  /** An exclusive group's giver commits when all is stopped. */
  readonly commit?: Give;
}

export function release(turn: Turn, place: number, options: ReleaseOptions): void {
  const group = groupAt(turn, place);
  const queue = stopOrder(group, options.order);
  patchGroup(turn, place, { dispute: undefined });
  enter(
    turn,
    place,
    {
      kind: "releasing",
      queue,
      opId: -1,
      answers: isOwner(group),
      after: options.after,
      commit: options.commit,
    },
    { reason: options.reason },
  );
  stopNext(turn, place);
}

function stopOrder(group: Group, order: ReleaseOptions["order"]): readonly number[] {
  const backwards = group.config.resources.map((_, index) => index).toReversed();
  return order === "right-to-left" ? backwards : addressesFirst(group, backwards);
}

function addressesFirst({ config }: Group, indexes: readonly number[]): readonly number[] {
  const isAddress = (index: number): boolean => config.resources[index]?.kind === "address";
  return [...indexes.filter(isAddress), ...indexes.filter((index) => !isAddress(index))];
}

function stopNext(turn: Turn, place: number): void {
  const { phase } = groupAt(turn, place);
  if (phase.kind !== "releasing") return;
  const index = phase.queue[0];
  if (index === undefined) {
    finish(turn, place);
    return;
  }
  setResource(turn, place, index, "stopping");
  enter(turn, place, { ...phase, opId: operate(turn, place, index, "stop") });
}

/** A stop has ended, well or not: a leftover is reported, and holds back nothing but an exclusive group. */
export function stopped(turn: Turn, place: number, result: ResourceResult): void {
  const group = groupAt(turn, place);
  const { phase } = group;
  if (phase.kind !== "releasing") return;
  const index = phase.queue[0];
  if (index === undefined) return;
  setResource(turn, place, index, result.ok ? "stopped" : "failed");
  if (!result.ok) {
    const resource = group.config.resources[index]?.name ?? "a resource";
    log(turn, "ERROR", `group ${group.config.name}: ${resource} did not stop: ${result.detail}`);
  }
  if (!result.ok && isExclusive(group.config)) {
    resist(turn, place);
    return;
  }
  enter(turn, place, { ...phase, queue: phase.queue.slice(1), opId: -1 });
  stopNext(turn, place);
}

/**
 * The other node serves it by now, which happens where we were cut apart meanwhile: two must not answer for as
 * long as a stop takes. Nothing is left to commit.
 */
export function hurryAddresses(turn: Turn, place: number, peer: string): void {
  const group = groupAt(turn, place);
  const { phase } = group;
  if (phase.kind !== "releasing" || !phase.answers) return;
  const queue = addressesFirst(group, phase.queue);
  if (queue[0] === phase.queue[0]) return;
  log(turn, "CRIT", `group ${group.config.name}: ${peer} serves it: its address goes first`);
  enter(turn, place, { ...phase, queue, commit: undefined });
  stopNext(turn, place);
}

/** It may still run here, and nowhere is better than on two: nobody gets the group before it has stopped. */
function resist(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { phase } = group;
  if (phase.kind !== "releasing") return;
  const text = `held back: ${whyHeldBack(group)}`;
  setNote(turn, place, "CRIT", { kind: "held-back", text });
  enter(turn, place, { ...phase, opId: -1 }, { alarm: turn.now + RETRY_STOP_MS });
}

/** Of the first in the queue, which would not stop. */
export function whyHeldBack({ config, phase }: Group): string {
  const index = phase.kind === "releasing" ? phase.queue[0] : undefined;
  const resource = config.resources[index ?? -1]?.name ?? "a resource";
  return `${resource} did not stop and may run on one node only; stop it by hand`;
}

/** Ask again what would not stop. */
export function stopAgain(turn: Turn, place: number): void {
  const { phase } = groupAt(turn, place);
  if (phase.kind === "releasing" && phase.opId === -1) stopNext(turn, place);
}

function finish(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  const { phase } = group;
  if (phase.kind !== "releasing") return;
  // An exclusive group's giver commits now (giving.ts); it stays in this phase until it has.
  if (phase.commit !== undefined) return;
  dropNote(turn, place, "held-back");
  if (phase.after === "free") {
    enter(turn, place, { kind: "free", leftover: false });
    return;
  }
  enter(
    turn,
    place,
    { kind: "unable", why: phase.after.unable },
    { alarm: turn.now + RETRY_START_MS },
  );
}
