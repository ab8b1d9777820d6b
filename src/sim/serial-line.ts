import type { Chance } from "./chance.ts";
import type { EventQueue } from "./event-queue.ts";
import { isUpkeep, type Origin, otherSide, type Side, type Station } from "./station.ts";
import { healthyWay, type Way } from "./way.ts";

export interface SerialLineOptions {
  /** The tty, the same on both machines. */
  readonly name: string;
  readonly baud: number;
  readonly queue: EventQueue;
  readonly chance: Chance;
}

/**
 * A null-modem cable: slow, in order, in pieces, with noise, and with no sign of life of its own: a
 * write succeeds whether or not anybody is at the other end.
 */
export class SerialLine {
  readonly name: string;
  /** `loss` is the probability of noise in a piece; duplication means nothing here. */
  readonly ways: readonly [Way, Way] = [healthyWay(), healthyWay()];
  /** The last writes, for whoever wants to replay them. */
  readonly overheard: Uint8Array[] = [];
  readonly #queue: EventQueue;
  readonly #chance: Chance;
  readonly #bytesPerMs: number;
  readonly #busyUntil: [number, number] = [0, 0];
  #isPlugged = true;
  #stations: readonly [Station, Station] | undefined;

  constructor(options: SerialLineOptions) {
    this.name = options.name;
    this.#queue = options.queue;
    this.#chance = options.chance;
    this.#bytesPerMs = options.baud / BITS_PER_BYTE / 1000;
  }

  connect(stations: readonly [Station, Station]): void {
    this.#stations = stations;
  }

  transmit(from: Side, bytes: Uint8Array, mayDrop: boolean): void {
    const start = Math.max(this.#queue.now, this.#busyUntil[from]);
    const waitingBytes = (start - this.#queue.now) * this.#bytesPerMs;
    if (waitingBytes > 0 && mayDrop) return;
    if (waitingBytes + bytes.length > OUTPUT_QUEUE_MAX) return;
    if (this.overheard.length >= OVERHEARD_MAX) this.overheard.shift();
    this.overheard.push(bytes);
    this.#busyUntil[from] = start + bytes.length / this.#bytesPerMs;
    const ends = this.#cut(bytes.length);
    const origin = {
      side: from,
      sentAt: this.#queue.now,
      pieces: ends.length,
      isUpkeep: isUpkeep(bytes),
    };
    let at = 0;
    for (const end of ends) {
      this.#sendPiece(origin, start + end / this.#bytesPerMs, bytes.subarray(at, end));
      at = end;
    }
  }

  isBusy(from: Side): boolean {
    return this.#busyUntil[from] > this.#queue.now;
  }

  /** Noise, a forger, a replay. */
  inject(to: Side, bytes: Uint8Array): void {
    if (this.#isPlugged) this.#stations?.[to].hear(this.name, bytes, undefined);
  }

  carriesBeats(from: Side): boolean {
    return this.#isPlugged && !this.ways[from].isCut;
  }

  /** One cable, whoever pulls it. */
  plug(_side: Side, isPlugged: boolean): void {
    this.#isPlugged = isPlugged;
  }

  get isPlugged(): boolean {
    return this.#isPlugged;
  }

  /** Where the pieces of so many bytes end. */
  #cut(length: number): readonly number[] {
    const ends: number[] = [];
    for (let at = 0; at < length; ) {
      at = Math.min(length, at + this.#chance.integer(PIECE_MIN, PIECE_MAX));
      ends.push(at);
    }
    return ends;
  }

  #sendPiece(origin: Origin, at: number, piece: Uint8Array): void {
    this.#queue.at(at, () => {
      const from = origin.side;
      const to = otherSide(from);
      if (this.#stations?.[from].isAwake() !== true || !this.carriesBeats(from)) return;
      const isNoisy = this.#chance.happens(this.ways[from].loss);
      const bytes = isNoisy ? this.#spoil(piece) : piece;
      this.#stations[to].hear(this.name, bytes, isNoisy ? undefined : origin);
    });
  }

  #spoil(piece: Uint8Array): Uint8Array {
    const spoilt = Uint8Array.from(piece);
    spoilt[this.#chance.integer(0, piece.length - 1)] = this.#chance.integer(0, 255);
    return spoilt;
  }
}

/** Eight data bits, start and stop. */
const BITS_PER_BYTE = 10;
/** Enough for a replay of the last minute or so. */
const OVERHEARD_MAX = 64;
/** What a tty driver takes before a write would block. */
const OUTPUT_QUEUE_MAX = 4096;
/** A tty is read in pieces of any size; fewer pieces make faster runs. */
const PIECE_MIN = 24;
const PIECE_MAX = 160;
