import { unreachable } from "../../base/assert.ts";
import { asked, declined, denied, granted, peerIntends } from "./asking.ts";
import { claimed } from "./dispute.ts";
import { facesTold } from "./faces.ts";
import { acknowledged, callOff, takerAnnounced, takerReady } from "./giving.ts";
import { type NativeWord, printable } from "./native.ts";
import { decodeReach } from "./reach.ts";
import { reachTold } from "./reach-moves.ts";
import { calledOff, committed, offered } from "./receiving.ts";
import { groupAt, log, type Turn } from "./state.ts";

/** A whole sentence: a resource by its name, and the last line of its script (200, resources/runner.ts). */
const WHY_CHARS_MAX = 300;

/** One word of the native exchange to the file that knows what it means in the present phase. */
export function heardNative(turn: Turn, word: NativeWord): void {
  const { values, place } = word;
  if (word.step === "info" || place === undefined) {
    reachTold(turn, decodeReach(values["pings"]));
    facesTold(turn, values);
    return;
  }
  const move = values["move"] ?? "";
  const nonce = values["nonce"] ?? "";
  const why = printable(values["why"] ?? "no reason given", WHY_CHARS_MAX);
  switch (word.step) {
    case "intend":
      peerIntends(turn, place, nonce);
      return;
    case "grant":
      granted(turn, place, nonce);
      return;
    case "deny":
      denied(turn, place, nonce);
      return;
    case "ask":
      asked(turn, place, { ...values, why });
      return;
    case "decline":
      declined(turn, place, why);
      return;
    case "offer":
      withEpoch(turn, values, (epoch) =>
        offered(turn, place, {
          move,
          epoch,
          why,
          pings: values["pings"],
          moves: values["moves"],
          draws: values["draws"] === "1",
        }),
      );
      return;
    case "preparing":
      acknowledged(turn, place, move);
      return;
    case "ready":
      acknowledged(turn, place, move);
      takerReady(turn, place, move);
      return;
    case "refuse":
      if (isMoveOf(turn, place, move)) callOff(turn, place, why);
      return;
    case "abort":
      if (isMoveTo(turn, place, move)) calledOff(turn, place, why);
      return;
    case "commit":
      withEpoch(turn, values, (epoch) => committed(turn, place, { move, epoch }));
      return;
    case "announced":
      if (isMoveOf(turn, place, move)) takerAnnounced(turn, place);
      return;
    case "claim":
      claimed(turn, place, values);
      return;
    default:
      unreachable(word.step);
  }
}

/** A late word on a former move says nothing of this one. */
function isMoveTo(turn: Turn, place: number, move: string): boolean {
  const { phase } = groupAt(turn, place);
  return (phase.kind === "preparing" || phase.kind === "prepared") && phase.move === move;
}

function isMoveOf(turn: Turn, place: number, move: string): boolean {
  const { phase } = groupAt(turn, place);
  return "give" in phase && phase.give.move === move;
}

function withEpoch(
  turn: Turn,
  values: Readonly<Record<string, string>>,
  act: (epoch: number) => void,
): void {
  const text = values["epoch"] ?? "";
  if (/^[0-9a-f]{1,12}$/.test(text)) act(Number.parseInt(text, 16));
  else log(turn, "WARN", `a move without a readable epoch is ignored: ${printable(text)}`);
}
