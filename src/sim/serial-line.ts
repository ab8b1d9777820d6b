import type { Chance } from "./chance.ts";
import type { EventQueue } from "./event-queue.ts";
import { otherSide, type Side, type Station } from "./station.ts";
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
    this.#busyUntil[from] = start + bytes.length / this.#bytesPerMs;
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + this.#chance.integer(PIECE_MIN, PIECE_MAX));
      this.#sendPiece(from, start + end / this.#bytesPerMs, bytes.subarray(at, end));
      at = end;
    }
  }

  /** Noise, a forger, a replay. */
  inject(to: Side, bytes: Uint8Array): void {
    if (this.#isPlugged) this.#stations?.[to].hear(this.name, bytes);
  }

  carriesBeats(from: Side, _to: Side): boolean {
    return this.#isPlugged && !this.ways[from].isCut;
  }

  plug(isPlugged: boolean): void {
    this.#isPlugged = isPlugged;
  }

  get isPlugged(): boolean {
    return this.#isPlugged;
  }

  #sendPiece(from: Side, at: number, piece: Uint8Array): void {
    this.#queue.at(at, () => {
      const to = otherSide(from);
      if (this.#stations?.[from].isAwake() !== true || !this.carriesBeats(from, to)) return;
      const isNoisy = this.#chance.happens(this.ways[from].loss);
      this.#stations[to].hear(this.name, isNoisy ? this.#spoil(piece) : piece);
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
/** What a tty driver takes before a write would block. */
const OUTPUT_QUEUE_MAX = 4096;
/** A tty is read in pieces of any size; fewer pieces make faster runs. */
const PIECE_MIN = 24;
const PIECE_MAX = 160;
