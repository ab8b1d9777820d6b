/**
 * What a real Heartbeat complains of, without what differs from run to run: two lines of one shape say
 * the same of another time, node, number or process.
 */

const isComplaint = /\b(WARN|WARNING|ERROR|CRIT|EMERG): /;
/** Tandem writes its own lines into the same file while it stands in for that node. */
const isTandems = /^\S+ +\d+ [\d:]+ \S+ tandem: /;
/** A field of a message that is dumped: the complaint is the line before, and no two programs' messages are alike. */
const isDumped = /: MSG\[\d+\] : /;

/** The shapes of a log's warnings and errors, each once, in order of appearance. */
export function complaintShapes(log: string): readonly string[] {
  const complaints = log
    .split("\n")
    .filter((line) => isComplaint.test(line) && !isTandems.test(line) && !isDumped.test(line));
  return [...new Set(complaints.map(shapeOf))];
}

function shapeOf(line: string): string {
  return line
    .replace(/^\w+ +\d+ [\d:]+ \S+ /, "")
    .replace(/^\d+\/\d+\/\d+_[\d:]+\s+/, "")
    .replace(/:? ?\[\d+\]:/, ":")
    .replace(/\b(zeus|hera)(\.example\.com)?\b/g, "NODE")
    .replace(/(?<!\w)\d[\w.]*/g, "N")
    .replace(/\s+/g, " ")
    .trim();
}
