import type { StepResult } from "../lab/story/play.ts";
import type { Paint } from "./demo-picture.ts";

/** One step in a line, for the picture and for those who have no terminal. */
export function resultLine(result: StepResult, paint: Paint): string {
  const { step, ok, measured } = result;
  const problem = problemOf(result);
  const mark = ok ? paint("good", "✓") : paint("bad", "✗");
  const figures =
    measured === undefined
      ? ""
      : `  silent ${milliseconds(measured.silenceMs)}, ${measured.lost} of ${measured.sent} pings lost`;
  const why = problem === undefined ? "" : `  ${paint("bad", problem)}`;
  return `${mark} ${step.name.padEnd(16)}${figures}${why}`;
}

const heads = ["event", "longest silence", "pings lost", "pages failed", "owner after", ""];

/** What was measured, a line for each event; then what was not as expected. */
export function resultTable(results: readonly StepResult[], paint: Paint): string {
  const rows = results.map((result) => cellsOf(result));
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column >= 4 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  const body = rows.map((row, index) => (results[index]?.ok ? line(row) : paint("bad", line(row))));
  return [paint("bold", line(heads)), ...body, ""].join("\n");
}

const problemOf = ({ problem, slow }: StepResult): string | undefined => problem ?? slow;

function cellsOf(result: StepResult): readonly string[] {
  const { step, ok, measured, owner } = result;
  const figures =
    measured === undefined
      ? ["-", "-", "-"]
      : [
          milliseconds(measured.silenceMs),
          `${measured.lost} of ${measured.sent}`,
          `${measured.pagesFailed} of ${measured.pages}`,
        ];
  const judgement = ok
    ? `ok: ${step.expected}`
    : `NOT as expected (${step.expected}): ${problemOf(result)}`;
  return [`${step.name}: ${step.title}`, ...figures, owner ?? "nobody", judgement];
}

const milliseconds = (ms: number): string => `${Math.round(ms)} ms`;
