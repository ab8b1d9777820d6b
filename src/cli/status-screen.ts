import type { GroupStatus, NodeStatus, Status } from "../control/client/index.ts";
import { printable } from "./output.ts";
import { alignColumns } from "./table.ts";

/** `tandem status` for people: one screen, the verdict first. */
export function statusScreen(status: Status): string {
  const parts = [
    [`${status.node}: ${status.verdict}`],
    groupLines(status.groups),
    nodeLines(status.nodes),
    pingLines(status.pings),
    listed("degraded", status.degraded),
    listed("media that do not work here", unusable(status)),
    listed("not run by this version", status.notRun),
    [`packets thrown away: ${discards(status)}`, `scheduling: ${status.realtime || "unknown"}`],
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.map(printable).join("\n\n")}\n`;
}

function groupLines(groups: readonly GroupStatus[]): readonly string[] {
  if (groups.length === 0) return ["no groups: haresources is empty"];
  const head = ["GROUP", "OWNER", "HERE", "SINCE", "WHY"];
  const rows = groups.map((group) => [
    group.name,
    group.owner ?? "NOBODY",
    group.state,
    `${clockTime(group.since)} (${duration(group.sinceMs)})`,
    group.reason,
  ]);
  const resources = groups.flatMap((group) =>
    group.resources.map(({ name, kind, state }) => [`  ${group.name}`, name, kind, state]),
  );
  const below = ["  OF GROUP", "RESOURCE", "KIND", "HERE"];
  return [...alignColumns([head, ...rows]), "", ...alignColumns([below, ...resources])];
}

function nodeLines(nodes: readonly NodeStatus[]): readonly string[] {
  const rows = nodes.flatMap((node) => {
    if (node.dialect === "self") return [[node.name, node.status, "this node"]];
    const who = node.dialect === "plain" ? `${node.status} (Heartbeat)` : node.status;
    if (node.links.length === 0) return [[node.name, who, "-", "never heard", ""]];
    return node.links.map((link, at) => [
      at === 0 ? node.name : "",
      at === 0 ? who : "",
      link.medium,
      LINK_WORDS[link.status],
      link.ageMs === undefined ? "never heard" : `heard ${duration(link.ageMs)} ago`,
    ]);
  });
  return alignColumns([["NODE", "STATUS", "MEDIUM", "LINK", "LAST"], ...rows]);
}

const LINK_WORDS: Readonly<Record<NodeStatus["links"][number]["status"], string>> = {
  up: "up",
  dead: "dead",
  "in-only": "one way: it does not hear us",
  "out-only": "one way: we do not hear it",
};

function pingLines(pings: Status["pings"]): readonly string[] {
  if (pings.length === 0) return [];
  const rows = pings.map(({ name, status, ageMs, detail }) => [
    name,
    PING_WORDS[status],
    ageMs === undefined ? "never answered" : `answered ${duration(ageMs)} ago`,
    detail,
  ]);
  return alignColumns([["PING NODE", "STATUS", "LAST", ""], ...rows]);
}

const PING_WORDS: Readonly<Record<Status["pings"][number]["status"], string>> = {
  up: "up",
  dead: "dead",
  unknown: "not known yet",
};

function unusable({ media }: Status): readonly string[] {
  return media.filter((one) => !one.usable).map((one) => `${one.medium}: ${one.detail}`);
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function discards({ discarded }: Status): string {
  const counts = Object.entries(discarded).filter(([, count]) => count > 0);
  if (counts.length === 0) return "none";
  return counts.map(([reason, count]) => `${reason} ${count}`).join(", ");
}

/** Two units at most: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 1 min`, `5 d 3 h`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const units = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  let rest = Math.floor(seconds);
  const words = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? "" : `${count} ${unit}`;
  });
  return words.filter((word) => word !== "").join(" ");
}

/** Local time of the machine that prints, with the date once that is another day. */
function clockTime(seconds: number): string {
  const at = new Date(seconds * 1000);
  const two = (number: number) => String(number).padStart(2, "0");
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return at.toDateString() === new Date().toDateString() ? time : `${date} ${time}`;
}
