import { Coverage } from "./coverage.ts";
import type { Result } from "./run.ts";

/** Many runs together: what was tried, how fast, and what was found. */
export class Tally {
  readonly coverage: Coverage = new Coverage();
  readonly violated: Result[] = [];
  #seeds = 0;
  #events = 0;
  #simulatedMs = 0;

  add(result: Result): void {
    this.#seeds += 1;
    this.#events += result.events;
    this.#simulatedMs += result.simulatedMs;
    this.coverage.merge(result.coverage);
    if (result.violation !== undefined) this.violated.push(result);
  }

  get seeds(): number {
    return this.#seeds;
  }

  /** One fault in so many simulated seconds. */
  get secondsPerFault(): number {
    return this.#simulatedMs / 1000 / Math.max(1, this.coverage.total);
  }

  /** For people. `elapsedMs`: by the clock on the wall. */
  summary(elapsedMs: number): string {
    const perSecond = Math.round(this.#events / Math.max(1, elapsedMs / 1000));
    return [
      `${this.#seeds} seeds, ${(this.#simulatedMs / 3_600_000).toFixed(1)} simulated hours, ${perSecond} events/s`,
      `${this.coverage.total} faults, one per ${this.secondsPerFault.toFixed(1)} simulated seconds:`,
      ...columns(this.coverage.faults),
      `${this.coverage.met.size} pairs of states × faults, the rarest and the most frequent:`,
      ...columns(extremes(this.coverage.met)),
      ...this.violated.map((result) => describeViolation(result)),
      `${this.violated.length} of ${this.#seeds} runs violated a rule`,
    ].join("\n");
  }
}

/** A violation with its seed and the command that plays it again. */
export function describeViolation({ seed, violation }: Result): string {
  if (violation === undefined) return `seed ${seed}: every rule held`;
  const at = (violation.at / 1000).toFixed(3);
  return `seed ${seed} at ${at} s: ${violation.rule}: ${violation.text}\n    again: npm run sim -- --seed ${seed}`;
}

function columns(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`);
}

/** A few from either end: the whole list has hundreds. */
function extremes(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.length <= 2 * SHOWN
    ? new Map(sorted)
    : new Map([...sorted.slice(0, SHOWN), ...sorted.slice(-SHOWN)]);
}

const SHOWN = 8;
