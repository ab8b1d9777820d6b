/** A machine as the cables see it. */
export interface Station {
  readonly name: string;
  /** Powered: it holds the carrier of a crossover cable up, and its kernel answers. */
  isPowered(): boolean;
  /** Powered and not a paused virtual machine: something that arrives is taken in. */
  isAwake(): boolean;
  /** Bytes arrive on a medium: a datagram, or what was read of a serial line. */
  hear(medium: string, bytes: Uint8Array, origin: Origin | undefined): void;
  /** The carrier of this interface may have changed. */
  carrierChanged(interfaceName: string): void;
}

/**
 * The message that what arrives belongs to, one object for all its pieces. Undefined where it is no
 * message of the cluster: noise, forgery, a spoilt piece.
 */
export interface Origin {
  readonly side: Side;
  /** Virtual milliseconds. */
  readonly sentAt: number;
  /** In so many it arrives; it is heard when one pulse has got them all. */
  readonly pieces: number;
  /** What the channel says to itself: without a number of its own it is no sign of life, for it may be replayed. */
  readonly isUpkeep: boolean;
}

/** An acknowledgement, a request for what was lost or its refusal (wire.md): `t=NS_…` in either encoding. */
export function isUpkeep(bytes: Uint8Array): boolean {
  return /\bt=NS_(?:ackmsg|rexmit|nak_rexmit)/.test(Buffer.from(bytes).toString("latin1"));
}

/** Which of the two machines: 0 is the first node of the configuration. */
export type Side = 0 | 1;

export const SIDES: readonly Side[] = [0, 1];

export function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0;
}
