/**
 * Joining a Heartbeat peer, and being joined by one (protocol.md 3): `reqnodes` and `repnodes`,
 * `starting`, and the `resource` that answers it. Whoever is stable may be joined at any time.
 */
import { type Message, typeOf } from "../../wire/message.ts";
import { sendResource } from "./plain-holdings.ts";
import { cancelStandby } from "./plain-standby.ts";
import { NO_LEGACY, NO_PLAIN_REACH, NOTHING, wordOf } from "./plain-state.ts";
import { patchPlain, peerName, plainOf, sendPlain } from "./plain-turn.ts";
import { log, type Turn } from "./state.ts";

/** `reqnodes` is repeated every second until it is answered (protocol.md 3.2). */
const REQNODES_MS = 1_000;
/** Heartbeat waits so long for a stable peer before it takes its own groups (protocol.md 3.3). */
const BOTH_STARTING_MS = 10_000;
/** A peer that does not say what it holds is asked again: far above its own lag of half a second a step. */
const ASK_AGAIN_MS = 10_000;
/**
 * A real node that did not hear us either gives everything up 2 s after it hears us again (protocol.md
 * 5.4), later while its scripts run. Told meanwhile what we hold, it would cry that both own it.
 */
const SPARED_MS = 10_000;

/** A plain peer is heard for the first time, or again. */
export function appear(turn: Turn): void {
  const unknown = {
    present: true,
    peerStarted: false,
    peerStable: false,
    peerHolds: undefined,
    newestWord: 0,
    peerSince: turn.now,
    reach: NO_PLAIN_REACH,
    legacy: { ...NO_LEGACY, spoken: turn.state.config.autoFailback === "legacy" },
  };
  if (turn.state.st === "active") {
    // Like any running node we wait for the newcomer's `starting`; what has only been out of reach
    // will not send one, and is asked by ours.
    const { stage, empty } = plainOf(turn);
    patchPlain(turn, {
      ...unknown,
      stage: "stable",
      told: "",
      sparedUntil: turn.now + SPARED_MS,
      alarm: turn.now + ASK_AGAIN_MS,
      empty: stage === "away" ? { local: true, foreign: true } : empty,
    });
    return;
  }
  patchPlain(turn, { ...unknown, stage: "asking-nodes" });
  askNodes(turn);
}

function askNodes(turn: Turn): void {
  sendPlain(turn, { t: "reqnodes", dest: peerName(turn) });
  patchPlain(turn, { alarm: turn.now + REQNODES_MS });
}

/** The handshake about the list of nodes. Ours is from ha.cf and stays so. */
export function hearNodes(turn: Turn, message: Message): void {
  if (typeOf(message) === "reqnodes") {
    sendPlain(turn, {
      dest: peerName(turn),
      t: "repnodes",
      nodelist: `${turn.state.config.nodes.join(" ")} `,
      delnodelist: " ",
    });
  } else if (plainOf(turn).stage === "asking-nodes") {
    turn.state = { ...turn.state, st: "active" };
    if (plainOf(turn).legacy.spoken) {
      patchPlain(turn, { stage: "stable", alarm: undefined });
      log(
        turn,
        "info",
        `this node has joined ${peerName(turn)}, in the way of auto_failback legacy`,
      );
      return;
    }
    patchPlain(turn, { stage: "starting" });
    sayStarting(turn);
  }
}

function sayStarting(turn: Turn): void {
  sendPlain(turn, { t: "starting" });
  patchPlain(turn, { alarm: turn.now + ASK_AGAIN_MS });
}

/** The peer has become active and asks what we hold. It will take a set without groups by itself. */
export function hearStarting(turn: Turn): void {
  const { empty, stage } = plainOf(turn);
  patchPlain(turn, {
    peerStarted: true,
    peerStable: false,
    peerHolds: undefined,
    sparedUntil: 0,
    empty: { ...empty, foreign: false },
  });
  sendResource(turn, { stable: stage === "stable" });
}

/** A `resource` has come while we were not stable: may we be now? */
export function joinOn(turn: Turn): void {
  const { stage, peerStable, peerStarted, peerHolds } = plainOf(turn);
  if (stage !== "starting" && stage !== "waiting") return;
  if (peerStable) {
    sendResource(turn, { stable: false });
    becomeStable(turn);
  } else if (peerStarted && wordOf(peerHolds ?? NOTHING) === "none") {
    // Both have just started and hold nothing: each takes its own. Heartbeat would wait for 10 s
    // here, but takes a stable peer's word at once (protocol.md 4).
    becomeStable(turn);
  } else if (stage === "starting") {
    patchPlain(turn, { stage: "waiting", alarm: turn.now + BOTH_STARTING_MS });
  }
}

/** From now on groups may move. */
function becomeStable(turn: Turn): void {
  const { empty, peerHolds } = plainOf(turn);
  patchPlain(turn, {
    stage: "stable",
    alarm: undefined,
    empty: { ...empty, local: peerHolds?.foreign !== true },
    told: "",
  });
  log(turn, "info", `this node has joined ${peerName(turn)}, which holds ${held(turn)}`);
}

function held(turn: Turn): string {
  const { peerHolds } = plainOf(turn);
  return peerHolds === undefined ? "something it has not told" : wordOf(peerHolds);
}

/** The stage's alarm, if it is due. */
export function joinAlarm(turn: Turn): void {
  const { alarm, stage, peerHolds } = plainOf(turn);
  if (alarm === undefined || turn.now < alarm) return;
  patchPlain(turn, { alarm: undefined });
  if (stage === "asking-nodes") askNodes(turn);
  else if (stage === "waiting") {
    // Not stable after all that time: it counts as starting, as with Heartbeat. The probe before
    // anything is taken stops us where its addresses are still there.
    patchPlain(turn, { peerStarted: true });
    becomeStable(turn);
  } else if (peerHolds === undefined && turn.state.peer?.st === "active") {
    log(turn, "WARN", `${peerName(turn)} does not say what it holds: asking again`);
    sayStarting(turn);
  } else if (peerHolds === undefined) patchPlain(turn, { alarm: turn.now + ASK_AGAIN_MS });
}

/** A new life of the peer: it holds nothing until it says so, and says `starting` when it is ready. */
export function peerReborn(turn: Turn): void {
  const { standby, legacy } = plainOf(turn);
  if (standby !== undefined) {
    log(turn, "WARN", `${peerName(turn)} has started anew: the move under way is called off`);
    cancelStandby(turn);
  }
  patchPlain(turn, {
    wanted: undefined,
    peerStarted: false,
    peerStable: false,
    peerHolds: undefined,
    newestWord: 0,
    peerSince: turn.now,
    alarm: plainOf(turn).alarm ?? turn.now + ASK_AGAIN_MS,
    reach: NO_PLAIN_REACH,
    legacy: { ...NO_LEGACY, spoken: legacy.spoken },
  });
}

/** It is not heard any more, or has released everything: all is ours, as far as Heartbeat can tell. */
export function vanish(turn: Turn): void {
  const { standby } = plainOf(turn);
  if (standby !== undefined) {
    log(turn, "WARN", `${peerName(turn)} is gone: the move under way is called off`);
    cancelStandby(turn);
  }
  const alone = turn.state.st === "active";
  patchPlain(turn, {
    present: false,
    wanted: undefined,
    stage: alone ? "stable" : "away",
    alarm: undefined,
    peerStarted: false,
    peerStable: false,
    peerHolds: undefined,
    empty: { local: alone, foreign: alone },
    told: "",
    reach: NO_PLAIN_REACH,
    legacy: NO_LEGACY,
  });
}
