import type { ConfigFile } from "../files.ts";
import { nearest } from "../nearest.ts";
import { quoted, type Span } from "../source.ts";
import { seconds } from "../timers.ts";
import { directiveOf, rawLines } from "./lines.ts";
import { type Report, reasonOf } from "./report.ts";
import type { State } from "./rule.ts";
import { HEARTBEAT_RULES } from "./rules.ts";

const NODES_MAX = 100;
const MEDIA_MAX = 64;

/** What 3.0.6 would say of ha.cf; the state tells the other files who the nodes are. */
export function judgeHaCf(file: ConfigFile, own: string | undefined, report: Report): State {
  const state: State = {
    own,
    nodes: new Map(),
    pingNodes: new Set(),
    times: new Map(),
    seen: new Map(),
    once: new Map(),
    apiClients: new Set(),
    media: [],
    pacemaker: undefined,
    autojoin: undefined,
  };
  if (file.kind !== "text") {
    report.refuse(undefined, reasonOf(file), "Copy it from the other node.");
    return state;
  }
  readLines(file.text, state, report);
  judgeCluster(state, report);
  judgeTimes(state, report);
  return state;
}

function readLines(text: string, state: State, report: Report): void {
  for (const raw of rawLines(text)) {
    const line = directiveOf(raw);
    if (line === undefined) continue;
    const { name, values } = line;
    const rule = HEARTBEAT_RULES.get(name.text);
    if (rule === undefined) {
      const near = nearest(name.text, HEARTBEAT_RULES.keys());
      const mend = near === undefined ? "Remove the line." : `Write \`${near}\`.`;
      report.refuse(name, `${quoted(name.text)} is not a directive of 3.0.6`, mend);
      continue;
    }
    rule(line, state, report);
    if (values.length > 0 && !state.seen.has(name.text)) state.seen.set(name.text, name);
  }
}

function judgeCluster({ nodes, pingNodes, own, media, ...state }: State, report: Report): void {
  const [first] = nodes.values();
  if (first === undefined)
    report.refuse(undefined, "no line names a node", "Write `node NAME` for each machine.");
  else if (own !== undefined && !nodes.has(own)) {
    const why = `this machine is ${own}, which is none of ${[...nodes.keys()].slice(0, 8).join(", ")}`;
    report.refuse(first, why, `Write \`node ${own}\`, or check with \`--node NAME\`.`);
  }
  if (nodes.size + pingNodes.size > NODES_MAX)
    report.refuse(first, `there are more than ${NODES_MAX} nodes`, "Remove some.");
  if (media.length === 0)
    report.refuse(undefined, "no line names a medium", "Write `bcast eth1`, say.");
  if (media.length > MEDIA_MAX)
    report.refuse(media[MEDIA_MAX], `there are more than ${MEDIA_MAX} media`, "Remove some.");
  if (state.autojoin !== undefined && state.pacemaker !== "instead") {
    const why = "unnamed nodes may not join a cluster with haresources";
    report.refuse(state.autojoin, why, "Write `autojoin none`, or remove the line.");
  }
  if (!state.seen.has("auto_failback") && !state.seen.has("nice_failback")) {
    const what = "no auto_failback line: 3.0.6 takes `legacy`, and warns that it is deprecated";
    report.warn(undefined, what, "Write `auto_failback on`.");
  }
}

/** A time that could not be read is refused already: the default then only fills its place. */
function judgeTimes({ times }: State, report: Report): void {
  const keepalive = times.get("keepalive")?.ms ?? 1000;
  const deadtime = times.get("deadtime")?.ms ?? 30_000;
  const placeOf = (...names: readonly string[]): Span | undefined =>
    names.map((name) => times.get(name)?.at).find((at) => at !== undefined);
  for (const name of ["deadtime", "deadping"]) {
    const ms = times.get(name)?.ms ?? deadtime;
    if (ms > 2 * keepalive || (name === "deadping" && !times.has(name))) continue;
    const at = placeOf(name, "keepalive");
    const why = `${name} ${seconds(ms)} is not more than 2 × keepalive ${seconds(keepalive)}`;
    report.refuse(at, why, `Write \`${name} ${(4 * keepalive) / 1000}\` or more.`);
  }
  const initdead = times.get("initdead");
  if (initdead === undefined) return;
  if (initdead.ms < deadtime) {
    const why = `initdead ${seconds(initdead.ms)} is shorter than deadtime ${seconds(deadtime)}`;
    report.refuse(initdead.at, why, `Write \`initdead ${Math.max(deadtime, 10_000) / 1000}\`.`);
  } else if (initdead.ms < 10_000)
    report.warn(initdead.at, "3.0.6 warns of an initdead below 10 s", "Write `initdead 10`.");
}
