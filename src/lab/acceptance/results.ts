import type { FigureDefinition, Figures } from "./scenario.ts";

/** One run: its figures, or why there are none. */
export interface RunResult {
  readonly figures?: Figures;
  readonly problem?: string;
  /** Longest gap between two answers while nothing happened, in the same run: what the figures cannot undercut. */
  readonly noiseMs?: number;
  readonly load: string;
  readonly evidence?: Evidence;
}

/** The course of a run, in milliseconds since the event. */
export interface Evidence {
  /** Pings lost one after the other. */
  readonly losses: readonly {
    readonly fromMs: number;
    readonly untilMs: number;
    readonly count: number;
  }[];
  /** What the nodes wrote into their logs. */
  readonly sentences: readonly string[];
}

/** One figure over all runs of a variant. */
export interface Summary {
  readonly figure: string;
  readonly unit: string;
  readonly meaning: string;
  readonly runs: number;
  readonly median: number;
  readonly worst: number;
  readonly required: string;
  readonly holds: boolean;
}

/** Median and worst of each figure; a run without the figure is a requirement that does not hold. */
export function summarize(
  definitions: readonly FigureDefinition[],
  results: readonly RunResult[],
): readonly Summary[] {
  return definitions.map((definition) => {
    const values = results
      .flatMap((result) => result.figures?.[definition.name] ?? [])
      .filter((value) => !Number.isNaN(value))
      .sort((one, other) => one - other);
    const { required } = definition;
    const median = medianOf(values);
    const worst = values.at(-1) ?? Number.NaN;
    const judged = required?.of === "median" ? median : worst;
    const isWhole = values.length === results.length && values.length > 0;
    return {
      figure: definition.name,
      unit: definition.unit,
      meaning: definition.meaning,
      runs: values.length,
      median,
      worst,
      required: required === undefined ? "" : `${required.of} at most ${required.atMost}`,
      holds: required === undefined || (isWhole && judged <= required.atMost),
    };
  });
}

/** Of sorted values; of two middle ones the mean. */
export function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  if (sorted.length % 2 === 1) return upper;
  return ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

const heads = ["", "runs", "median", "worst", "required", ""] as const;

export function summaryTable(summaries: readonly Summary[]): string {
  const rows = summaries.map((one) => [
    `${one.figure} (${one.unit}: ${one.meaning})`,
    String(one.runs),
    rounded(one.median),
    rounded(one.worst),
    one.required,
    one.required === "" ? "" : one.holds ? "holds" : "DOES NOT HOLD",
  ]);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column >= 1 && column <= 3
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return `${[heads, ...rows].map(line).join("\n")}\n`;
}

const rounded = (value: number): string => (Number.isNaN(value) ? "-" : value.toFixed(1));
