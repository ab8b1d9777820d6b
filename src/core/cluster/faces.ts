/** Service interfaces: ours as they change, the peer's as it tells them. */
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

/** What the peer needs to know our answers by, and to prove the path to us. */
export function tellFaces(turn: Turn, more: Readonly<Record<string, string>> = {}): void {
  const faces = turn.state.groups.map((group) => group.face?.ownAddress ?? "-");
  const groups = turn.state.groups.map((group) => group.config.name).join(" ");
  const macs = [...new Set(turn.state.groups.flatMap((group) => group.face?.machineMacs ?? []))];
  const word = reachWord(turn.state);
  tellNode(turn, "info", {
    faces: faces.join(" "),
    macs: macs.slice(0, MACS_MAX).join(" "),
    groups,
    // An older version passes over what it does not know.
    ...word,
    ...more,
  });
  turn.state = { ...turn.state, reach: { ...turn.state.reach, told: word.pings ?? "" } };
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

/** The peer's `info`. Texts that are no address or MAC are taken as "none". */
export function facesTold(turn: Turn, values: Readonly<Record<string, string>>): void {
  const { peer } = turn.state;
  if (peer === undefined) return;
  const groups = turn.state.groups.map((group) => group.config.name).join(" ");
  const differs = values["groups"] !== groups;
  if (differs && !peer.differs) {
    log(
      turn,
      "CRIT",
      `${peer.node} has other groups in its haresources: make the files the same on both nodes; nothing is moved by agreement`,
    );
  }
  const faces = (values["faces"] ?? "")
    .split(" ")
    .map((address) => (/^\d+\.\d+\.\d+\.\d+$/.test(address) ? address : ""));
  const told = (values["macs"] ?? "").split(" ").filter((mac) => MAC.test(mac));
  const macs = [...new Set([...told, ...peer.macs])];
  turn.state = { ...turn.state, peer: { ...peer, faces, macs: macs.slice(0, MACS_MAX), differs } };
  if (values["ask"] === "1") tellFaces(turn);
}
