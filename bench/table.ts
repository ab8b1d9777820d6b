import type { Row } from "./measurement.ts";
import type { Result } from "./results.ts";

/** Three digits say all that a measurement knows; whole numbers keep theirs. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const rounded = Math.abs(value) >= 1000 ? Number(value.toPrecision(3)) : value;
  return rounded.toLocaleString("en-US", { maximumFractionDigits: Math.min(digits, 3) });
}

const textColumns: ReadonlySet<string> = new Set(["unit", "measured"]);

/** Columns as wide as their widest cell, the first to the left, the others to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isText = (column: number): boolean =>
    column === 0 || textColumns.has(rows[0]?.[column] ?? "");
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return isText(column) ? cell.padEnd(width) : cell.padStart(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The result as people read it, beside the last one that was kept. */
export function formatResult(result: Result, before: Result | undefined): string {
  const last = new Map(before?.rows.map((row) => [row.what, row.value]));
  const head = ["", "value", "lowest", "highest", "last kept", "unit"];
  const body = result.rows.map((row) => [
    row.what,
    formatNumber(row.value),
    ...rangeOf(row),
    formatNumber(last.get(row.what) ?? Number.NaN),
    row.unit,
  ]);
  const { noiseFloor, machine } = result;
  return [
    formatTable([head, ...body]),
    `noise floor: ${formatNumber(noiseFloor.value)} ${noiseFloor.unit} (${noiseFloor.what})`,
    `conditions: ${conditionsOf(result)}`,
    `machine: ${machine.cpu}, ${machine.cpus} CPUs, Linux ${machine.kernel}, Node ${machine.node}; ` +
      `load ${machine.load} before, ${result.loadAfter} after; ` +
      `busy ${result.busyPercent} %, stolen ${result.stolenPercent} %`,
    `commit: ${result.commit}` +
      (before === undefined ? "" : `; last kept: ${before.commit}, ${before.date}`),
  ].join("\n");
}

function rangeOf({ range }: Row): readonly [string, string] {
  return range === undefined ? ["", ""] : [formatNumber(range[0]), formatNumber(range[1])];
}

function conditionsOf(result: Result): string {
  return Object.entries(result.conditions)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
