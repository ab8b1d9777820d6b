import type { NodeName } from "../../base/names.ts";
import type { Header } from "../../wire/header.ts";
import { fieldOf } from "../../wire/message.ts";
import { renumbered } from "./links.ts";
import { decodeMark, judgeDialect, type NativeMark, pinned } from "./native.ts";
import { DRAW_UUID_ANEW, type Oddity } from "./oddities.ts";
import type { Peer } from "./peer.ts";
import { UNHEARD } from "./sequence.ts";
import { type ChannelEffect, type ChannelState, log, type Received } from "./state.ts";

/**
 * Whether a packet is from whom it says. A right signature only says that its sender has the cluster's
 * key, and so has every machine whose disk was copied from one of the two, and every old packet.
 */

/** A sender counts one by one: so far ahead it cannot get, not in a century. */
const AHEAD_MAX = 2 ** 32;

/** Why a packet under the peer's name is not believed, or undefined. */
export function refuse(
  peer: Peer,
  header: Header,
  mark: NativeMark | undefined,
): Oddity | undefined {
  const { hg, srcuuid, seq, type } = header;
  if (isAnother(peer, srcuuid)) return "another-uuid";
  if (hg < peer.generation) return "replayed";
  if (srcuuid === peer.pin?.uuid && hg < (peer.pin?.generation ?? 0)) return "replayed";
  // Only a beat begins a new generation; the first of anything is taken as it comes.
  if (hg > peer.generation && peer.generation > 0 && type !== "status") return "unannounced";
  const heard = { uuid: srcuuid, generation: hg, native: mark !== undefined };
  if (seq !== undefined && judgeDialect(peer.pin, heard) === "downgrade") return "downgraded";
  const { last } = peer.sequence;
  if (hg === peer.generation && seq !== undefined && seq > (last ?? Infinity) + AHEAD_MAX) {
    return "absurd-number";
  }
  return undefined;
}

/**
 * A node gets another uuid when it is installed anew, and then it was silent meanwhile. One that comes
 * while the former is still heard is a second machine. Heartbeat 3.0.6 would follow whoever spoke last
 * (wire.md 4.1), and its owner and ours would change with each beat.
 */
function isAnother({ uuid, liveness }: Peer, heard: string | undefined): boolean {
  if (uuid === undefined || heard === undefined || heard === uuid) return false;
  return liveness.verdict === "up";
}

/** Who speaks: a new generation, another uuid, another dialect. */
export function recognise(
  before: Peer,
  header: Header,
  mark: NativeMark | undefined,
  ownUuid: string,
): readonly [Peer, readonly ChannelEffect[]] {
  const { node } = before;
  const { hg, srcuuid } = header;
  const effects: ChannelEffect[] = [];
  let peer = before;
  if (hg > peer.generation) {
    if (peer.generation > 0) {
      effects.push(log("info", `Heartbeat restart on node ${node}`));
      effects.push({ kind: "report", report: { kind: "restart", node, generation: hg } });
    }
    peer = bornAnew(peer, hg);
  }
  if (srcuuid !== undefined && srcuuid !== peer.uuid) {
    effects.push(...uuidLog(node, { before: peer.uuid, after: srcuuid, own: ownUuid }));
    peer = { ...peer, uuid: srcuuid };
  }
  if (mark !== undefined && peer.uuid !== undefined) {
    peer = { ...peer, pin: pinned(peer.pin, peer.uuid, hg), saidPlain: false };
  } else if (header.seq !== undefined && !peer.saidPlain && peer.pin !== undefined) {
    const text = `node ${node}: was a Tandem node, speaks Heartbeat's dialect since generation ${hg}`;
    effects.push(log("WARN", text));
    peer = { ...peer, saidPlain: true };
  }
  return [peer, effects];
}

function uuidLog(
  node: NodeName,
  { before, after, own }: { before: string | undefined; after: string; own: string },
): readonly ChannelEffect[] {
  const changed = `node ${node} changed its uuid to ${after}: as after it was installed anew; if it was not, two machines have that name: compare \`uname -n\` and /var/lib/tandem/uuid`;
  const copied = `node ${node} has the uuid of this node: one disk is a copy of the other; on ${node} ${DRAW_UUID_ANEW}`;
  return [
    ...(before === undefined ? [] : [log("WARN", changed)]),
    ...(after === own ? [log("WARN", copied)] : []),
  ];
}

function bornAnew(peer: Peer, generation: number): Peer {
  return {
    ...peer,
    generation,
    sequence: UNHEARD,
    acked: undefined,
    links: peer.links.map(renumbered),
    session: undefined,
    st: undefined,
    words: undefined,
    hearsUs: false,
    unheardMs: undefined,
  };
}

/**
 * What comes under our own name. `unmarked`: the channel's own messages bear no mark of the session, so
 * they are no proof either way.
 */
export function judgeOwnVoice(
  { settings, generation, session, nextSeq }: ChannelState,
  { header, message }: Received,
): "ours" | "unmarked" | Extract<Oddity, "own-name" | "own-past"> {
  const { srcuuid, hg, seq } = header;
  if (srcuuid !== settings.uuid || hg > generation) return "own-name";
  if (hg < generation) return "own-past";
  if (seq === undefined) return "unmarked";
  if (seq >= nextSeq) return "own-name";
  const mark = decodeMark(fieldOf(message, "tdm") ?? "");
  return mark?.session === session ? "ours" : "own-past";
}
