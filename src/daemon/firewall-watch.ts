import type { NodeName } from "../base/names.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { ChannelSnapshot, LinkReport } from "../core/channel/report.ts";
import {
  type Firewall,
  look,
  type Obstacle,
  type Sight,
  UNWATCHED,
  type Wish,
} from "../core/firewall/look.ts";
import { isHere, type ToldObstacle, told } from "../core/firewall/words.ts";
import { listAddresses } from "../linux/netlink/address.ts";
import { isSysError } from "../linux/sys.ts";
import type { TappedDatagram } from "../linux/udp-tap.ts";
import type { FromPulse } from "../pulse/link.ts";
import { checkHeader } from "../wire/header.ts";
import { inflate } from "../wire/inflate.ts";
import { decodePacket } from "../wire/packet.ts";
import type { DaemonEvent } from "./environment.ts";
import { rulesHere } from "./firewall-rules.ts";
import { FirewallTaps, familyOf, type UdpMedium } from "./firewall-taps.ts";

type Tick = Extract<FromPulse, { kind: "tick" }>;

/** More often would tell nothing new: what is dropped stays dropped. */
const LOOK_EVERY_MS = 1000;
/** Authentic messages that came in and were refused, for another reason than a firewall. */
const REFUSALS: readonly string[] = ["replayed", "unannounced", "downgraded", "repeated"];

/** In Node's words for the refusal of a send (media/udp.ts), of one target out of several too. */
const IS_REFUSED = /\bsend EPERM\b/;
/** A medium that does not work, and listens: refused, or deaf (core/channel/media.ts). */
const IS_OPEN_ANYHOW = /\bsend EPERM\b|our own broadcasts no longer come back/;

interface Standing {
  readonly obstacle: Obstacle;
  /** Undefined: the rule that mends it is being looked up. */
  told: ToldObstacle | undefined;
}

/** What the watch needs of the machine; tests put a machine of their own here. */
export interface FirewallSights {
  readonly taps: Pick<FirewallTaps, "read" | "wish">;
  readonly addresses: typeof listAddresses;
  readonly rulesHere: typeof rulesHere;
}

/**
 * Looks beside the sockets of the media while the peer is not heard there as it should be, and tells the
 * cluster machine what keeps heartbeats back. It stands in tandemd and not in the pulse: what it sees is
 * a hint for people, no beat waits for it, and nothing is decided by it.
 */
export class FirewallWatch {
  readonly #config: ClusterConfig;
  readonly #media: readonly UdpMedium[];
  readonly #deliver: (event: DaemonEvent) => void;
  readonly #machine: FirewallSights;
  #firewall: Firewall = UNWATCHED;
  #standing: readonly Standing[] = [];
  #lookedAt = -Infinity;
  #refused = 0;
  #delivered = JSON.stringify([[], ""]);

  constructor(
    config: ClusterConfig,
    deliver: (event: DaemonEvent) => void,
    machine: FirewallSights = { taps: new FirewallTaps(), addresses: listAddresses, rulesHere },
  ) {
    this.#config = config;
    this.#media = config.media.filter((medium) => medium.kind !== "serial");
    this.#deliver = deliver;
    this.#machine = machine;
  }

  /** The pulse ticked: what it has heard by then, and what the taps have seen, belong together. */
  ticked({ at, snapshot }: Tick): void {
    const peer = snapshot.peers[0]?.node;
    if (peer === undefined || at - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = at;
    const pace = { beatMs: snapshot.announcedMs.beat, warntimeMs: this.#config.timers.warntimeMs };
    const looked = look(this.#firewall, this.#sights(snapshot, peer), pace, at);
    this.#firewall = looked.firewall;
    const failures = looked.wishes.flatMap((wish) => this.#fulfil(wish));
    this.#stand(looked.obstacles, peer, failures[0] ?? "");
  }

  #sights(snapshot: ChannelSnapshot, peer: NodeName): readonly Sight[] {
    const refusedBefore = this.#refused;
    this.#refused = REFUSALS.reduce((sum, reason) => sum + (snapshot.discarded[reason] ?? 0), 0);
    const wasRefused = this.#refused !== refusedBefore;
    const links = snapshot.links.filter(({ node }) => node === peer).map(({ link }) => link);
    return this.#media.flatMap((medium): readonly Sight[] => {
      const link = links.find((one) => one.medium === medium.name);
      const report = snapshot.media.find((one) => one.medium === medium.name);
      if (link === undefined || report === undefined) return [];
      const isOpen = report.usable || IS_OPEN_ANYHOW.test(report.detail);
      const came = this.#machine.taps.read(medium, "in");
      const went = this.#machine.taps.read(medium, "out");
      const arrived = came?.some((datagram) => this.#isBeat(datagram, medium, peer));
      return [
        {
          medium: medium.name,
          link,
          isHeardElsewhere: links.some((other) => other !== link && isIn(other)),
          usable: report.usable,
          isRefused: IS_REFUSED.test(report.detail),
          // A socket that is not there, or hears and refuses, needs no firewall to explain it.
          arrived: isOpen && !wasRefused ? arrived : undefined,
          left: went?.some((datagram) => isOfKind(datagram, medium)),
        },
      ];
    });
  }

  /** Authentic, of the peer, numbered, and to an address that this interface takes: else no socket would hear it anyway. */
  #isBeat(datagram: TappedDatagram, medium: UdpMedium, peer: NodeName): boolean {
    if (!isOfKind(datagram, medium)) return false;
    const packet = decodePacket(datagram.payload, this.#config.keys, { inflate });
    if (!packet.ok) return false;
    const checked = checkHeader(packet.message, this.#config.nodes);
    if (!checked.ok || checked.header.src !== peer || checked.header.seq === undefined)
      return false;
    return this.#isOurs(datagram, medium);
  }

  #isOurs({ to }: TappedDatagram, { kind, interface: name }: UdpMedium): boolean {
    if (kind !== "bcast" && kind !== "ucast") return true;
    const written = to.join(".");
    return this.#addresses().some(
      ({ interface: on, address, broadcast }) =>
        on === name && (address === written || broadcast === written),
    );
  }

  /** None where the kernel refuses the list just now: a hint for people must not end the daemon. */
  #addresses(): ReturnType<typeof listAddresses> {
    try {
      return this.#machine.addresses();
    } catch (error) {
      if (!isSysError(error)) throw error;
      return [];
    }
  }

  #fulfil(wish: Wish): readonly string[] {
    const medium = this.#media.find(({ name }) => name === wish.medium);
    if (medium === undefined) return [];
    return (["in", "out"] as const).flatMap(
      (direction) => this.#machine.taps.wish(medium, direction, wish[direction]) ?? [],
    );
  }

  #stand(obstacles: readonly Obstacle[], peer: NodeName, blind: string): void {
    this.#standing = obstacles.map((obstacle) => {
      const old = this.#standing.find((standing) => isSame(standing.obstacle, obstacle));
      return old ?? this.#find(obstacle, peer);
    });
    const known = this.#standing.flatMap((standing) => standing.told ?? []);
    const words = JSON.stringify([known, blind]);
    if (words === this.#delivered) return;
    this.#delivered = words;
    this.#deliver({ kind: "firewall", obstacles: known, blind });
  }

  /** A new one. It is told with the next look after its rule is known. */
  #find(obstacle: Obstacle, peer: NodeName): Standing {
    const standing: Standing = { obstacle, told: undefined };
    const medium = this.#media.find(({ name }) => name === obstacle.medium);
    if (medium === undefined) return standing;
    const { interface: name, port } = medium;
    const place = { peer, interface: name, port, family: familyOf(medium) };
    const say = (rules: readonly string[]) => {
      standing.told = told(obstacle, place, rules);
    };
    if (!isHere(obstacle)) say([]);
    else
      this.#machine.rulesHere({ ...place, direction: obstacle.direction }).then(say, () => say([]));
    return standing;
  }
}

/** One interface may have a medium that multicasts and another one. */
function isOfKind({ to }: TappedDatagram, { kind }: UdpMedium): boolean {
  const [first = 0] = to;
  const isMulticast = to.length === 4 ? first >= 224 && first < 240 : first === 0xff;
  return isMulticast === (kind === "mcast" || kind === "mcast6");
}

function isIn({ status }: LinkReport): boolean {
  return status === "up" || status === "in-only";
}

function isSame(one: Obstacle, other: Obstacle): boolean {
  return (
    one.medium === other.medium && one.direction === other.direction && one.cause === other.cause
  );
}
