/**
 * Service interfaces: ours as they change, the peer's as it tells them. A serial line carries no message of
 * more than 512 bytes (channel/pace.ts), and most of one is taken: each word here is short, however many
 * groups and cards a machine has, or a pair with nothing but the line would never move anything.
 */

import { crc32 } from "../../base/crc.ts";
import type { GroupName } from "../../base/names.ts";
import { hasCarrier } from "./group.ts";
import { tellNode } from "./native.ts";
import { isNative } from "./peer.ts";
import { startProbe } from "./probing.ts";
import { reachWord } from "./reach.ts";
import { groupAt, log, patchGroup, type Turn } from "./state.ts";
import type { ServiceInterface } from "./world.ts";

/** MACs of the peer that are remembered: a few interfaces over a few replaced cards. */
const MACS_MAX = 16;
/** Of 18 bytes each: those of a machine with one card for each network go with the rest. */
const MACS_AT_FIRST = 2;
const MACS_PER_MESSAGE = 5;

/** So long the peer has to tell its faces unasked, as it does when it hears a new node, or asked. */
const ASK_EVERY_MS = 2_000;

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

export function faceChanged(turn: Turn, name: GroupName, face: ServiceInterface): void {
  const group = turn.state.groups.find((candidate) => candidate.config.name === name);
  if (group === undefined) return;
  const had = hasCarrier(group);
  patchGroup(turn, group.place, { face });
  if (had && !face.carrier) {
    log(
      turn,
      "WARN",
      `group ${name}: ${face.interface} has no carrier: clients cannot reach it here`,
    );
    patchGroup(turn, group.place, { path: { ...group.path, answers: 0 } });
  }
  if (!had && face.carrier) {
    log(turn, "info", `group ${name}: ${face.interface} has carrier again`);
    patchGroup(turn, group.place, { ableSince: turn.now });
    // What was probed without a carrier said nothing.
    if (groupAt(turn, group.place).phase.kind !== "holding") startProbe(turn, group.place);
  }
  if (isNative(turn.state.peer)) tellFaces(turn);
}

/** What the peer needs to prove the path to us, and to know our answers by. */
export function tellFaces(turn: Turn, more: Readonly<Record<string, string>> = {}): void {
  const faces = turn.state.groups.map((group) => group.face?.ownAddress ?? "-");
  const macs = [...new Set(turn.state.groups.flatMap((group) => group.face?.machineMacs ?? []))];
  tellReach(turn, {
    faces: shortened(faces),
    groups: digestOf(turn),
    macs: macs.slice(0, MACS_AT_FIRST).join(" "),
    ...more,
  });
  const others = macs.slice(MACS_AT_FIRST, MACS_MAX);
  for (let at = 0; at < others.length; at += MACS_PER_MESSAGE) {
    tellNode(turn, "info", { macs: others.slice(at, at + MACS_PER_MESSAGE).join(" ") });
  }
}

/** How many ping nodes we reach, with whatever else is to be told. */
export function tellReach(turn: Turn, more: Readonly<Record<string, string>> = {}): void {
  const word = reachWord(turn.state);
  // An older version passes over what it does not know.
  tellNode(turn, "info", { ...word, ...more });
  turn.state = { ...turn.state, reach: { ...turn.state.reach, told: word.pings ?? "" } };
}

/** As a rule all groups have one interface: what is like the one before is `=`. */
function shortened(words: readonly string[]): string {
  return words.map((word, at) => (at > 0 && word === words[at - 1] ? "=" : word)).join(" ");
}

function restored(text: string): readonly string[] {
  const words: string[] = [];
  for (const word of text.split(" ")) words.push(word === "=" ? (words.at(-1) ?? "") : word);
  return words;
}

/** Whether both have the same groups in the same order is all that is asked of it. */
function digestOf({ state }: Turn): string {
  const names = state.groups.map((group) => group.config.name).join(" ");
  return crc32(new TextEncoder().encode(names)).toString(16);
}

/**
 * With each tick, while we do not know the peer's faces. It has told them, to a daemon of ours that
 * is no more: one that is started again within its pulse is no new node to the peer. Without them no
 * path is proven, and nothing is given away.
 */
export function askFaces(turn: Turn): void {
  const { peer } = turn.state;
  if (peer === undefined || !isNative(peer) || peer.faces.length > 0) return;
  const since = peer.facesAskedAt ?? peer.heardSince ?? turn.now;
  if (turn.now - since < ASK_EVERY_MS) return;
  turn.state = { ...turn.state, peer: { ...peer, facesAskedAt: turn.now } };
  tellFaces(turn, { ask: "1" });
}

/** The peer's `info`: all of it or a part. Texts that are no address or MAC are taken as "none". */
export function facesTold(turn: Turn, values: Readonly<Record<string, string>>): void {
  const { peer } = turn.state;
  if (peer === undefined) return;
  const told = (values["macs"] ?? "").split(" ").filter((mac) => MAC.test(mac));
  const macs = [...new Set([...told, ...peer.macs])].slice(0, MACS_MAX);
  turn.state = { ...turn.state, peer: { ...peer, macs } };
  if (values["faces"] !== undefined) groupsTold(turn, values["faces"], values["groups"]);
  if (values["ask"] === "1") tellFaces(turn);
}

function groupsTold(turn: Turn, told: string, digest: string | undefined): void {
  const { peer } = turn.state;
  if (peer === undefined) return;
  const differs = digest !== digestOf(turn);
  if (differs && !peer.differs) {
    log(
      turn,
      "CRIT",
      `${peer.node} has other groups in its haresources: make the files the same on both nodes; nothing is moved by agreement`,
    );
  }
  const faces = restored(told).map((address) =>
    /^\d+\.\d+\.\d+\.\d+$/.test(address) ? address : "",
  );
  turn.state = { ...turn.state, peer: { ...peer, faces, differs } };
}
