import type { MediumConfig } from "../config/types.ts";
import type { Chance } from "./chance.ts";
import { PingNodes } from "./ping-nodes.ts";
import type { Segment } from "./segment.ts";
import type { SerialLine } from "./serial-line.ts";
import type { Side, Station } from "./station.ts";

/** Who else is on the LAN, beside the two nodes. */
export interface Strangers {
  /** A machine that holds a service address by mistake. */
  holder: { address: string; mac: string } | undefined;
  /** A proxy that answers for every address. */
  proxyMac: string | undefined;
}

/** The cable that a medium uses: several media of one interface share it. */
export function cableOf(medium: MediumConfig): string {
  return medium.kind === "serial" ? medium.name : medium.interface;
}

/** All the cables between the two machines, and who listens on the LAN. */
export class Network {
  readonly lan: Segment;
  readonly segments: readonly Segment[];
  readonly serials: readonly SerialLine[];
  readonly strangers: Strangers = { holder: undefined, proxyMac: undefined };
  readonly pingNodes: PingNodes = new PingNodes();
  /** What a client on the LAN believes: address to MAC, as announcements and answers taught it. */
  readonly neighbours: Map<string, string> = new Map();

  constructor(parts: {
    segments: readonly Segment[];
    lan: Segment;
    serials: readonly SerialLine[];
  }) {
    this.segments = parts.segments;
    this.lan = parts.lan;
    this.serials = parts.serials;
  }

  connect(stations: readonly [Station, Station]): void {
    for (const cable of [...this.segments, ...this.serials]) cable.connect(stations);
  }

  /** A cable by its name, whatever it is. */
  cable(name: string): Segment | SerialLine | undefined {
    return this.segment(name) ?? this.serial(name);
  }

  segment(name: string): Segment | undefined {
    return this.segments.find((segment) => segment.name === name);
  }

  serial(name: string): SerialLine | undefined {
    return this.serials.find((serial) => serial.name === name);
  }

  /** After power came or went somewhere. */
  reviewCarriers(): void {
    for (const segment of this.segments) segment.reviewCarrier();
  }

  /** A gratuitous ARP on the LAN: the client believes it. */
  announce(side: Side, address: string, mac: string): void {
    if (this.clientSees(side)) this.neighbours.set(address, mac);
  }

  /** The client stands at the first machine's switch when the LAN is split. */
  clientSees(side: Side): boolean {
    return this.lan.hasCarrier(side) && !(this.lan.isSplit && side === 1);
  }

  /** The ping nodes stand beside the client. Does this one answer, leaving loss aside? */
  pingNodeAnswers(node: string, side: Side): boolean {
    const passes = this.lan.ways.every(({ isCut }) => !isCut);
    return passes && this.clientSees(side) && this.pingNodes.answers(node, side);
  }

  /** A ping or its answer gets lost on the LAN, with the dice of both directions. */
  losesPing(chance: Chance): boolean {
    return this.lan.ways.some(({ loss }) => chance.happens(loss));
  }

  /** Could a message from this side be carried by any of these media? */
  carriesBeats(from: Side, media: readonly MediumConfig[]): boolean {
    return media.some((medium) => this.cable(cableOf(medium))?.carriesBeats(from) === true);
  }
}
