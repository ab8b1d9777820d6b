import { readResult, resultFiles } from "./results.ts";
import { formatNumber, formatTable } from "./table.ts";

/** Of a results file of `npm run acceptance` the part that is shown here. */
interface AcceptanceResult {
  readonly schema: "tandem.acceptance/1";
  readonly scenario: string;
  readonly date: string;
  readonly commit: string;
  readonly rootless: boolean;
  readonly variants: readonly {
    readonly variant: string;
    readonly summaries: readonly Summary[];
    readonly runs: readonly { readonly noiseMs?: number }[];
  }[];
}

interface Summary {
  readonly figure: string;
  readonly unit: string;
  readonly runs: number;
  /** Null where no run had the figure. */
  readonly median: number | null;
  readonly worst: number | null;
}

/** What the acceptance runs measured last, in one table: they are not repeated here. */
export function formatOutages(): string {
  const newest = new Map<string, readonly (readonly string[])[]>();
  for (const file of resultFiles()) {
    const result = readResult(file);
    if (!isAcceptance(result)) continue;
    // Of one scenario the files come by date; each may have only some of its variants.
    for (const one of result.variants) {
      newest.set(`${result.scenario} ${one.variant} ${result.rootless}`, rowsOf(result, one));
    }
  }
  const hint = "outage: measured by `npm run acceptance -- NAME`";
  if (newest.size === 0) return `${hint}; no result is kept in bench/results`;
  const head = ["", "runs", "median", "worst", "noise", "unit", "measured"];
  return [hint, formatTable([head, ...[...newest.values()].flat()])].join("\n");
}

function isAcceptance(result: unknown): result is AcceptanceResult {
  return (
    typeof result === "object" &&
    result !== null &&
    "schema" in result &&
    result.schema === "tandem.acceptance/1"
  );
}

function rowsOf(
  { scenario, rootless, date, commit }: AcceptanceResult,
  { variant, summaries, runs }: AcceptanceResult["variants"][number],
): readonly (readonly string[])[] {
  // Longest gap between two answers while nothing happened.
  const noise = Math.max(...runs.map(({ noiseMs = Number.NaN }) => noiseMs));
  return summaries.map(({ figure, unit, runs: count, median, worst }) => [
    [scenario, variant, rootless ? "rootless" : "", figure].filter(Boolean).join(" "),
    String(count),
    formatNumber(median ?? Number.NaN),
    formatNumber(worst ?? Number.NaN),
    unit === "ms" ? formatNumber(noise) : "",
    unit,
    `${date.slice(0, 16)} ${commit.slice(0, 12)}`,
  ]);
}
