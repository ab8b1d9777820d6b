import type { LabFacts } from "../lab/lab.ts";
import type { NodeHost } from "../lab/layout.ts";
import type { Ping } from "../lab/probe/report.ts";
import type { Cluster } from "../lab/story/cluster.ts";
import { crossover, linkStatus, nullModem } from "../lab/story/conditions.ts";
import { hasFailed, servingNode } from "../lab/story/measure.ts";
import { type Sentence, type StepResult, sentencesBetween } from "../lab/story/play.ts";
import type { Step } from "../lab/story/steps.ts";

/** Everything that the picture shows at one moment; drawing it knows nothing else. */
export interface Scene {
  readonly about: string;
  readonly nodes: Readonly<Record<NodeHost, NodeScene>>;
  /** How the nodes find the cables between them. */
  readonly crossover: CableScene;
  readonly nullModem: CableScene;
  readonly servedBy: NodeHost | undefined;
  /** Newest last: how the pings of each tenth of a second fared. */
  readonly pings: readonly PingBin[];
  readonly sent: number;
  readonly lost: number;
  readonly pages: number;
  readonly pagesFailed: number;
  /** What happens now, and what should follow. */
  readonly now: string;
  readonly expected: string;
  readonly sentences: readonly Sentence[];
  readonly done: readonly StepResult[];
}

export interface NodeScene {
  readonly name: string;
  readonly says: "serves" | "stands by" | "moves" | "starts" | "no daemon" | "no power";
  readonly lan: CableScene;
}

export type CableScene = "up" | "pulled" | "dead" | "one way" | "unknown";
export type PingBin = "answered" | "some" | "silent";

/** Of the newest: what is not drawn is not shown. */
const binsMax = 50;
const binMs = 100;
/** Answers of the last moment are still on their way to us. */
const settleMs = 300;
const sentencesMax = 4;

/** How far the story is, beside what the cluster shows by itself. */
export interface Progress {
  readonly step: Step | undefined;
  readonly begunAt: number;
  readonly now: string;
  readonly done: readonly StepResult[];
}

export function sceneOf(cluster: Cluster, progress: Progress): Scene {
  const now = cluster.now();
  const { probe } = cluster;
  const told = sentencesBetween(cluster, { from: progress.begunAt, until: now });
  return {
    about: aboutLab(cluster),
    nodes: { zeus: nodeScene(cluster, "zeus"), hera: nodeScene(cluster, "hera") },
    crossover: cableScene(cluster, crossover, "eth1"),
    nullModem: cableScene(cluster, nullModem, "serial"),
    servedBy: servingNode(cluster, now - 2 * 1000),
    pings: binsOf(probe.pings, now - settleMs),
    sent: probe.pings.length,
    lost: probe.pings.filter((ping) => ping.answeredAt === undefined).length,
    pages: probe.pages.length,
    pagesFailed: probe.pages.filter(hasFailed).length,
    now: progress.now,
    expected: progress.step?.expected ?? "",
    sentences: told.slice(-sentencesMax),
    done: progress.done,
  };
}

/** What differs from machine to machine. */
export function factsLine({ rootless, realtime, web }: LabFacts): string {
  return [
    rootless ? "in a user namespace" : "as root",
    realtime ? "SCHED_RR" : "without SCHED_RR",
    web === "apache2" ? "apache2" : "the embedded web service as httpd",
  ].join(", ");
}

function aboutLab({ lab, timers }: Cluster): string {
  const seconds = (ms: number) => `${ms / 1000} s`;
  return `${factsLine(lab.facts)}; keepalive ${seconds(timers.keepaliveMs)}, deadtime ${seconds(timers.deadtimeMs)}`;
}

function nodeScene(cluster: Cluster, name: NodeHost): NodeScene {
  const lan = cluster.pulled.has(`${name}:eth0`) ? "pulled" : "up";
  return { name: cluster.nodes[name].fullName, says: saysOf(cluster, name), lan };
}

function saysOf(cluster: Cluster, name: NodeHost): NodeScene["says"] {
  if (!cluster.powered.has(name)) return "no power";
  const { status, group } = cluster.nodes[name];
  if (status === undefined || group === undefined) return "no daemon";
  if (status.state === "starting") return "starts";
  if (group.state === "holding") return "serves";
  return group.state === "free" ? "stands by" : "moves";
}

/** A cable between the nodes, as that node finds it that finds it worse. */
function cableScene(cluster: Cluster, medium: string, cable: "eth1" | "serial"): CableScene {
  if (cluster.pulled.has(`zeus:${cable}`) || cluster.pulled.has(`hera:${cable}`)) return "pulled";
  const found = (["zeus", "hera"] as const).map((name) => linkStatus(cluster, name, medium));
  if (found.includes("dead")) return "dead";
  if (found.includes("in-only") || found.includes("out-only")) return "one way";
  return found.includes("up") ? "up" : "unknown";
}

/** How the pings fared that were sent in each of the last tenths of a second before `until`. */
export function binsOf(pings: readonly Ping[], until: number): readonly PingBin[] {
  const from = until - binsMax * binMs;
  const answered = new Array<number>(binsMax).fill(0);
  const lost = new Array<number>(binsMax).fill(0);
  for (let index = pings.length - 1; index >= 0; index--) {
    const ping = pings[index];
    // Lost pings come late into the list: only well before the beginning is there nothing more to find.
    if (ping === undefined || ping.sentAt < from - 5000) break;
    const bin = Math.floor((ping.sentAt - from) / binMs);
    const counts = ping.answeredAt === undefined ? lost : answered;
    if (bin >= 0 && bin < binsMax) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return answered.map((count, bin) => {
    if (count === 0) return "silent";
    return (lost[bin] ?? 0) > 0 ? "some" : "answered";
  });
}
