import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { HeartbeatNode } from "../../heartbeat-node.ts";
import type { NodeHost } from "../../layout.ts";
import { Cluster, NotWithin, nodeHosts } from "../../story/cluster.ts";
import { isAgreed, isServedBy, linkStatus } from "../../story/conditions.ts";
import type { StoryTimers } from "../../story/files.ts";
import { written } from "../../story/files.ts";
import { LabUnavailable } from "../../unavailable.ts";
import { complaintShapes } from "./log-shapes.ts";

export type Program = "heartbeat" | "tandem";
export type Verb = "standby" | "takeover";
export type MovedSet = "all" | "foreign" | "local" | "failback";

/** Which program is which node; zeus is the preferred one. */
export interface Pairing {
  readonly name: "real" | "tandem-preferred" | "heartbeat-preferred";
  readonly zeus: Program;
  readonly hera: Program;
}

export const real: Pairing = { name: "real", zeus: "heartbeat", hera: "heartbeat" };
export const tandemPreferred: Pairing = {
  name: "tandem-preferred",
  zeus: "tandem",
  hera: "heartbeat",
};
export const heartbeatPreferred: Pairing = {
  name: "heartbeat-preferred",
  zeus: "heartbeat",
  hera: "tandem",
};

/** What an event needs of ha.cf besides the timers. */
export interface Settings {
  readonly autoFailback: "on" | "off";
  /** More lines. */
  readonly lines?: string;
}

/** What 3.0.6 accepts of the tutorial: `auto_failback`, a key number below 16, no ccm (config.md 0). */
function filesOf(timers: StoryTimers, settings: Settings): Readonly<Record<string, string>> {
  const haCf = `logfile /var/log/ha-log
keepalive ${written(timers.keepaliveMs)}
warntime ${written(timers.warntimeMs)}
deadtime ${written(timers.deadtimeMs)}
initdead ${written(timers.initdeadMs)}
auto_failback ${settings.autoFailback}
bcast ${crossover}
${settings.lines ?? ""}
node zeus.example.com
node hera.example.com
`;
  const haresources = "zeus.example.com 192.168.43.53 httpd\n";
  return { "ha.cf": haCf, haresources, authkeys: "auth 4\n4 crc\n" };
}

/** The one heartbeat medium. */
export const crossover = "eth1";
/** A real Heartbeat that does nothing wrong may take half a minute: a restart of its own after a partition. */
const restMs = 90_000;
/** Between two looks at a real node, which does not tell by itself. */
const lookMs = 250;

/** @throws LabUnavailable where this machine has no Heartbeat, or may not run it */
export function requireHeartbeat(rootless: boolean): void {
  if (rootless || process.getuid?.() !== 0) {
    throw new LabUnavailable("lab-no-heartbeat", "a real Heartbeat runs as root only");
  }
  const missing = ["/usr/libexec/heartbeat/heartbeat", "/usr/bin/cl_status"].filter(
    (path) => !existsSync(path),
  );
  if (missing.length > 0) {
    throw new LabUnavailable("lab-no-heartbeat", `${missing.join(" and ")} is not there`);
  }
}

/** A pair of the lab of which each node is a real Heartbeat 3.0.6 or Tandem, watched by a client. */
export class Pair {
  readonly cluster: Cluster;
  readonly pairing: Pairing;
  /** What runs, or is to run, on each node now. */
  readonly programs: Record<NodeHost, Program>;
  readonly heartbeats: Readonly<Record<NodeHost, HeartbeatNode>>;

  private constructor(cluster: Cluster, pairing: Pairing) {
    this.cluster = cluster;
    this.pairing = pairing;
    this.programs = { zeus: pairing.zeus, hera: pairing.hera };
    const { lab } = cluster;
    this.heartbeats = {
      zeus: new HeartbeatNode(lab.host("zeus")),
      hera: new HeartbeatNode(lab.host("hera")),
    };
  }

  /** Hosts, files and client; no daemon yet. */
  static async open(pairing: Pairing, timers: StoryTimers, settings: Settings): Promise<Pair> {
    const cluster = await Cluster.start({
      timers,
      files: filesOf(timers, settings),
      copies: ["/etc/ha.d", "/var/lib/heartbeat"],
      // A real node takes over by a quarter of a second of scripts: nobody else's work may come between.
      processorEach: true,
    });
    return new Pair(cluster, pairing);
  }

  of(program: Program): readonly NodeHost[] {
    return nodeHosts.filter((node) => this.programs[node] === program);
  }

  async start(node: NodeHost): Promise<void> {
    if (this.programs[node] === "heartbeat") await this.heartbeats[node].start();
    else await this.cluster.lab.host(node).startDaemon();
  }

  async stop(node: NodeHost): Promise<void> {
    if (this.programs[node] === "heartbeat") await this.heartbeats[node].stop();
    else await this.cluster.lab.host(node).stopDaemon();
  }

  /** Asks a node to move groups. @returns whether it took the request; a real node always seems to */
  async ask(node: NodeHost, verb: Verb, set: MovedSet): Promise<boolean> {
    if (this.programs[node] === "tandem") {
      return (await this.cluster.tandem(node, verb, set)).code === 0;
    }
    await this.heartbeats[node][verb](set);
    return true;
  }

  /** Resolves once the client is served by this node. @throws NotWithin */
  async untilServedBy(node: NodeHost): Promise<void> {
    const since = this.cluster.now();
    await this.cluster.until(
      `${node} serves the client`,
      () => isServedBy(this.cluster, node, since),
      restMs,
    );
  }

  /** The client is served by this node, and none of those that run has anything left to do. @throws NotWithin */
  async untilRest(owner: NodeHost, who: readonly NodeHost[] = nodeHosts): Promise<void> {
    const { cluster } = this;
    const until = cluster.now() + restMs;
    const tandems = this.of("tandem").filter((node) => who.includes(node));
    const since = cluster.now();
    const holds = (): boolean =>
      isServedBy(cluster, owner, since) &&
      isAgreed(cluster, owner, tandems) &&
      (who.length === 1 || tandems.every((node) => linkStatus(cluster, node, crossover) === "up"));
    for (;;) {
      await cluster.until(`the pair at rest, ${owner} serving`, holds, until - cluster.now());
      const resting = await Promise.all(
        this.of("heartbeat")
          .filter((node) => who.includes(node))
          .map((node) => this.#rests(node, who.length > 1)),
      );
      if (resting.every((rests) => rests) && holds()) return;
      if (cluster.now() > until) throw new NotWithin("the real node at rest", restMs);
      await sleep(lookMs);
    }
  }

  /** A real node's own words: it and its peer stable, nothing being moved. */
  async #rests(node: NodeHost, withPeer: boolean): Promise<boolean> {
    const host = this.cluster.lab.host(node);
    const peer = this.cluster.nodes[node === "zeus" ? "hera" : "zeus"].fullName;
    const groups = await host.run(["cl_status", "rscstatus"]);
    if (groups.code !== 0 || groups.stdout.trim() === "transition") return false;
    if (!withPeer) return true;
    return (await host.run(["cl_status", "nodestatus", peer])).stdout.trim() === "active";
  }

  /** What the real nodes complained of since the lab was opened. */
  async complaints(): Promise<readonly string[]> {
    const logs = await Promise.all(nodeHosts.map((node) => this.heartbeats[node].log.whole()));
    return [...new Set(logs.flatMap(complaintShapes))];
  }
}
