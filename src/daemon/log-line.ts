import type { LogLevel } from "../core/step.ts";

/** Who writes: the machine as ha.cf names it, and this process. */
export interface LogSource {
  readonly node: string;
  readonly pid: number;
}

/** Heartbeat's line (tools.md 5): `Nov 22 10:12:41 zeus.example.com tandem: [28]: info: text`. */
export function logLine(source: LogSource, at: Date, level: LogLevel, text: string): string {
  // A peer's words are in some sentences: they must not make lines of their own.
  const oneLine = text.replace(/\p{Cc}/gu, " ");
  return `${stamp(at)} ${source.node} tandem: [${source.pid}]: ${level}: ${oneLine}\n`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Local time, as Heartbeat's `%b %d %T`. */
function stamp(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
  return `${MONTHS[at.getMonth()]} ${two(at.getDate())} ${time}`;
}
