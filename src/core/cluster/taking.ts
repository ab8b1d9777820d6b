/**
 * Taking a group: probe where silence is the only ground, then start left to right. An address is
 * answered and announced the moment it is up, before the services behind it have started: their
 * start is their own time. A failed start is undone whole, so that nothing half runs.
 */
import type { Reason } from "../step.ts";
import { judgeProbe } from "./arp-rule.ts";
import { type Basis, nextEpoch } from "./epoch.ts";
import { hasAddress } from "./group.ts";
import { tell } from "./native.ts";
import { setNote } from "./notes.ts";
import { isPlain } from "./peer.ts";
import { askedTooLongAgo, knownMacs, probeNow, startProbe } from "./probing.ts";
import { release } from "./releasing.ts";
import {
  enter,
  groupAt,
  isAwake,
  log,
  operate,
  patchGroup,
  setResource,
  type Turn,
  wallSeconds,
} from "./state.ts";
import type { ResourceResult } from "./world.ts";

/** Pace of asking again while somebody answers for the address. */
const REPROBE_MS = 1_000;
/** Pace of asking again while the pulse sleeps. */
const PULSE_BACK_MS = 50;

/** Take it once a fresh probe allows: at once when the answer is there already. */
export function takeAfterProbe(turn: Turn, place: number, basis: Basis, reason: Reason): void {
  if (hasAddress(groupAt(turn, place))) probeNow(turn, place);
  enter(turn, place, { kind: "probing", basis }, { reason });
  judge(turn, place);
}

/** The other may go first (yielding.ts): the probe begins after that. */
export function takeAfterYielding(
  turn: Turn,
  place: number,
  { basis, reason, waitMs }: { basis: Basis; reason: Reason; waitMs: number },
): void {
  enter(turn, place, { kind: "probing", basis }, { reason, alarm: turn.now + waitMs });
}

/** A probe's answer has come, or the pause after a bad one is over. */
export function judge(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  // While the alarm is set, a pause runs: what was answered before it does not count.
  if (group.phase.kind !== "probing" || group.alarm !== undefined) return;
  const { basis } = group.phase;
  const result = group.probe?.result;
  if (hasAddress(group) && (result === undefined || askedTooLongAgo(turn, place))) return;
  // What it last told us is of the past, and an address that it does not renew outlives its beats.
  if (!isAwake(turn)) {
    waitForPulse(turn, place);
    return;
  }
  if (!hasAddress(group) || result === undefined) {
    startServing(turn, place, basis, group.reason);
    return;
  }
  const peer = turn.state.peer;
  const verdict = judgeProbe(result, knownMacs(turn, result));
  const name = group.config.name;
  switch (verdict.kind) {
    case "clear":
      startServing(turn, place, basis, group.reason);
      return;
    case "worthless":
      log(turn, "WARN", `group ${name}: the ARP probe says nothing here: ${verdict.why}`);
      startServing(turn, place, basis, group.reason);
      return;
    case "peer-answers":
      if (peer?.report.dialect === "plain" && turn.state.config.tandem.onProbeAnswer === "take") {
        log(
          turn,
          "CRIT",
          `group ${name}: still answered by ${peer.node} (${verdict.macs.join(", ")}): taking it all the same (on_probe_answer take)`,
        );
        startServing(turn, place, basis, group.reason);
        return;
      }
      noteAnswered(turn, place, answeredText(turn, name, verdict.macs));
      enter(
        turn,
        place,
        { kind: "probing", basis, peerAnswers: true },
        { alarm: turn.now + REPROBE_MS },
      );
      return;
    case "stranger":
      if (turn.state.config.tandem.mode === "safety") {
        noteAnswered(
          turn,
          place,
          `${name} is answered by a stranger (${verdict.macs.join(", ")}): mode safety does not take it`,
        );
        enter(turn, place, { kind: "probing", basis }, { alarm: turn.now + REPROBE_MS });
        return;
      }
      log(
        turn,
        "CRIT",
        `group ${name}: ${name} is answered by a stranger (${verdict.macs.join(", ")}): taking it all the same (mode availability); find the machine with that hardware address`,
      );
      startServing(turn, place, basis, group.reason);
  }
}

function answeredText(turn: Turn, address: string, macs: readonly string[]): string {
  const { peer } = turn.state;
  const whose = `${address} is still answered by ${peer?.node ?? "the peer"} (${macs.join(", ")})`;
  return isPlain(peer)
    ? `${whose}: it runs there, though it does not say that it holds it; not taking it`
    : `${whose}: it is alive, only the heartbeat media are cut; not taking it`;
}

/** The pause after an answer is over: ask again. */
export function probeAgain(turn: Turn, place: number): void {
  const group = groupAt(turn, place);
  enter(turn, place, group.phase);
  if (hasAddress(group)) startProbe(turn, place);
  else judge(turn, place);
}

/**
 * That the peer is silent is the pulse's word, and the pulse has not ticked lately: while it slept the
 * peer may have been heard. It ticks again, or we end ourselves (safety.md 1).
 */
function waitForPulse(turn: Turn, place: number): void {
  enter(turn, place, groupAt(turn, place).phase, { alarm: turn.now + PULSE_BACK_MS });
}

function noteAnswered(turn: Turn, place: number, text: string): void {
  setNote(turn, place, "WARN", { kind: "answered", text });
}

/** From here on it is ours, under a new epoch. */
export function startServing(turn: Turn, place: number, basis: Basis, reason: Reason): void {
  const { state } = turn;
  const epoch = nextEpoch({
    highest: state.highestEpoch,
    wallSeconds: wallSeconds(turn),
    node: state.self,
    basis,
  });
  turn.state = { ...state, highestEpoch: epoch.number };
  const group = groupAt(turn, place);
  patchGroup(turn, place, { epoch, note: undefined, granted: undefined, dispute: undefined });
  log(turn, "info", `group ${group.config.name}: taking it: ${reason.text}`);
  serve(turn, place, { answers: false, reason });
}

/** Serve under an epoch that is agreed already: the taker after the commit, or what was adopted. */
export function resumeServing(turn: Turn, place: number, reason: Reason, answers: boolean): void {
  serve(turn, place, { answers, reason });
}

/** Clients reach the address at once, and what is behind it when that has started: it came here now. */
function serve(turn: Turn, place: number, options: { answers: boolean; reason: Reason }): void {
  patchGroup(turn, place, { servedSince: turn.now });
  startAt(turn, place, 0, { mute: false, ...options });
}

interface StartOptions {
  readonly mute: boolean;
  readonly answers: boolean;
  readonly reason?: Reason;
  readonly move?: string;
}

function startAt(turn: Turn, place: number, index: number, options: StartOptions): void {
  const group = groupAt(turn, place);
  const resource = group.config.resources[index];
  const reason = options.reason === undefined ? {} : { reason: options.reason };
  if (resource === undefined) {
    finishStart(turn, place, options);
    return;
  }
  // What was adopted runs, and its lease goes on being renewed, while `start` makes sure of it.
  if (group.resourceStates[index] !== "running") setResource(turn, place, index, "starting");
  const opId = operate(
    turn,
    place,
    index,
    options.mute && resource.kind === "address" ? "start-mute" : "start",
  );
  if (options.mute) {
    enter(turn, place, { kind: "preparing", move: options.move ?? "", index, opId }, reason);
  } else {
    enter(turn, place, { kind: "starting", index, opId, answers: options.answers }, reason);
  }
}

function finishStart(turn: Turn, place: number, options: StartOptions): void {
  const group = groupAt(turn, place);
  if (options.mute) {
    enter(turn, place, { kind: "prepared", move: options.move ?? "" });
    return;
  }
  enter(turn, place, { kind: "holding", move: undefined });
  // A group that came here because its home was gone is due to go back to a Heartbeat peer (plain.ts).
  const away = group.config.preferred !== turn.state.self;
  const cameByDeath = group.reason.rule === "peer-silent" || group.reason.rule === "peer-released";
  patchGroup(turn, place, { failbackDue: away && cameByDeath });
  log(
    turn,
    "info",
    `group ${group.config.name}: served by this node (epoch ${group.epoch.number}, ${group.epoch.basis})`,
  );
}

/** Begin a taker's part: everything up, the address mute. `onPrepared` is told by the phase. */
export function startMute(turn: Turn, place: number, move: string, reason: Reason): void {
  startAt(turn, place, 0, { mute: true, answers: false, move, reason });
}

/** A start has ended: go on to the right, or undo. */
export function started(turn: Turn, place: number, result: ResourceResult): void {
  const group = groupAt(turn, place);
  const { phase } = group;
  if (phase.kind !== "starting" && phase.kind !== "preparing") return;
  const resource = group.config.resources[phase.index];
  const mute = phase.kind === "preparing";
  if (!result.ok) {
    setResource(turn, place, phase.index, "failed");
    const why = `${resource?.name ?? "a resource"} did not start: ${result.detail}`;
    log(turn, "ERROR", `group ${group.config.name}: ${why}; what had started is stopped again`);
    if (phase.kind === "preparing") tell(turn, place, "refuse", { move: phase.move, why });
    release(turn, place, {
      reason: { rule: "start-failed", text: why },
      order: "right-to-left",
      after: { unable: why },
    });
    return;
  }
  setResource(turn, place, phase.index, "running");
  const isAddress = resource?.kind === "address";
  // Its lease is told anew, also when we believed to hold it: what was adopted may have been put back.
  if (isAddress) turn.state = { ...turn.state, held: "" };
  if (isAddress && !mute) operate(turn, place, phase.index, "announce");
  startAt(turn, place, phase.index + 1, {
    mute,
    answers: !mute && (isAddress || (phase.kind === "starting" && phase.answers)),
    ...(phase.kind === "preparing" ? { move: phase.move } : {}),
  });
}
