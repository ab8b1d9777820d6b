/** One line of a bench's table. */
export interface Row {
  readonly what: string;
  /** Of several rounds the median; the unit says of what. */
  readonly value: number;
  readonly unit: string;
  /** Of several rounds the lowest and the highest. */
  readonly range?: readonly [lowest: number, highest: number];
}

/** What the same machine does to something that cannot vary: a smaller difference means nothing. */
export interface NoiseFloor {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

export interface Measurement {
  readonly rows: readonly Row[];
  readonly noiseFloor: NoiseFloor;
  /** What was chosen or found, and has to be the same where two runs are compared. */
  readonly conditions: Readonly<Record<string, string | number | boolean>>;
}

export interface BenchOptions {
  /** How long one condition of `idle` or `lateness` lasts. */
  readonly seconds: number;
  /** In a user namespace, even where root runs it. */
  readonly rootless: boolean;
}

export interface Bench {
  readonly name: string;
  /** Completes the sentence "measures …". */
  readonly what: string;
  run(options: BenchOptions): Promise<Measurement> | Measurement;
}

/** The value below which this share of them lies (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
