import { unreachable } from "../../base/assert.ts";
import { repeatIntend } from "./asking.ts";
import { callOff, drained, repeatCommit, whyUnproven } from "./giving.ts";
import { sayReady } from "./receiving.ts";
import { stopAgain } from "./releasing.ts";
import { enter, groupAt, type Turn } from "./state.ts";
import { probeAgain } from "./taking.ts";

/** The phase's own deadline or repetition, if it is due. */
export function alarmRings(turn: Turn, place: number): void {
  const { phase, alarm } = groupAt(turn, place);
  if (alarm === undefined || turn.now < alarm) return;
  switch (phase.kind) {
    case "free":
      enter(turn, place, phase);
      return;
    case "unable":
      enter(turn, place, { kind: "free", leftover: false });
      return;
    case "intending":
      repeatIntend(turn, place);
      return;
    case "probing":
      probeAgain(turn, place);
      return;
    case "proving":
      callOff(turn, place, whyUnproven(turn, place));
      return;
    case "offering":
      callOff(
        turn,
        place,
        phase.acknowledged ? "it was not ready in time" : "it did not answer the offer",
      );
      return;
    case "committed":
      repeatCommit(turn, place);
      return;
    case "draining":
      drained(turn, place);
      return;
    case "prepared":
      sayReady(turn, place);
      return;
    case "releasing":
      stopAgain(turn, place);
      return;
    case "unknown":
    case "starting":
    case "holding":
    case "preparing":
      enter(turn, place, phase);
      return;
    default:
      unreachable(phase);
  }
}
