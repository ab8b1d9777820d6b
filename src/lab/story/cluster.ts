import { bootTimeMs } from "../../linux/clock.ts";
import { type CableEnd, cableEnd } from "../cables.ts";
import { type Lab, type LabOptions, startLab } from "../lab.ts";
import { type Cable, hostLayouts, type NodeHost } from "../layout.ts";
import { tandem } from "../paths.ts";
import { type Probe, startProbe } from "../probe/probe.ts";
import type { ArpReport, PageReport, Report } from "../probe/report.ts";
import { failbackNow, quickTimers, type StoryTimers, tutorialFiles } from "./files.ts";
import { NodeWatch } from "./node-watch.ts";

export const nodeHosts: readonly NodeHost[] = ["zeus", "hera"];

export interface ClusterOptions {
  readonly timers?: StoryTimers;
  /** Default: failback at once, so that a story goes on after a death. */
  readonly tandemCf?: string;
  /** In the place of the tutorial's files, by name: what a real Heartbeat can read too. */
  readonly files?: Readonly<Record<string, string>>;
  readonly copies?: NonNullable<LabOptions["copies"]>;
  readonly processorEach?: boolean;
  readonly rootless?: boolean;
  readonly web?: NonNullable<LabOptions["web"]>;
  /** Something was learnt: a picture may be drawn anew. */
  readonly onNews?: () => void;
  readonly onReport?: (report: Report) => void;
}

/** Something that a story waits for did not come within its bound. */
export class NotWithin extends Error {
  constructor(what: string, boundMs: number) {
    super(`${what}: not within ${boundMs / 1000} s`);
    this.name = "NotWithin";
  }
}

interface Waiter {
  readonly look: () => void;
}

/**
 * The pair of the tutorial in the lab, watched from both ends: by a client that asks for the address all
 * the time, and by an administrator on each node. Stories wait for what these tell, never for time to pass.
 */
export class Cluster {
  readonly lab: Lab;
  readonly timers: StoryTimers;
  readonly nodes: Readonly<Record<NodeHost, NodeWatch>>;
  /** The nodes that have power. */
  readonly powered: Set<NodeHost> = new Set(nodeHosts);
  readonly pulled: Set<CableEnd> = new Set();
  readonly #waiters = new Set<Waiter>();
  readonly #options: ClusterOptions;
  #probe: Probe | undefined;

  private constructor(lab: Lab, timers: StoryTimers, options: ClusterOptions) {
    this.lab = lab;
    this.timers = timers;
    this.#options = options;
    const look = () => this.#look();
    this.nodes = { zeus: new NodeWatch("zeus", look), hera: new NodeWatch("hera", look) };
  }

  /**
   * Hosts, files, cables, client: everything but the daemons.
   * @throws LabUnavailable where this machine cannot give us a lab
   */
  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const timers = options.timers ?? quickTimers;
    const written = options.files ?? tutorialFiles(timers);
    const files = { ...written, "tandem.cf": options.tandemCf ?? failbackNow };
    const lab = await startLab({
      files,
      copies: options.copies ?? [],
      processorEach: options.processorEach ?? false,
      rootless: options.rootless ?? false,
      ...(options.web === undefined ? {} : { web: options.web }),
    });
    const cluster = new Cluster(lab, timers, options);
    try {
      await cluster.#watch();
    } catch (error) {
      await lab.close();
      throw error;
    }
    return cluster;
  }

  /** CLOCK_BOOTTIME in milliseconds: the clock of everything that is told of the cluster. */
  now(): number {
    return bootTimeMs();
  }

  get probe(): Probe {
    if (this.#probe === undefined) throw new Error("the client does not watch yet");
    return this.#probe;
  }

  /** Resolves once `holds` says so after some news; rejects with NotWithin when that takes too long. */
  until(what: string, holds: () => boolean, boundMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        look: () => {
          if (holds()) settle();
        },
      };
      const settle = (error?: Error): void => {
        clearTimeout(late);
        this.#waiters.delete(waiter);
        if (error === undefined) resolve();
        else reject(error);
      };
      const late = setTimeout(() => settle(new NotWithin(what, boundMs)), boundMs);
      this.#waiters.add(waiter);
      waiter.look();
    });
  }

  /** Resolves once the client's clock has seen this time pass: its pings of until then have been sent. */
  untilTime(at: number): Promise<void> {
    const boundMs = Math.max(0, at - bootTimeMs()) + clientBoundMs;
    return this.until(
      "the client's clock",
      () => (this.probe.arp.at(-1)?.askedAt ?? 0) >= at,
      boundMs,
    );
  }

  /** Power, and an administrator who watches; no daemon yet. */
  async powerOn(node: NodeHost): Promise<void> {
    await this.lab.powerOn(node);
    this.powered.add(node);
    await this.nodes[node].start(this.lab.host(node));
  }

  async powerCut(node: NodeHost): Promise<void> {
    this.powered.delete(node);
    await this.lab.powerCut(node);
  }

  async cutCable(node: NodeHost, cable: Cable): Promise<void> {
    this.pulled.add(cableEnd(node, cable));
    await this.lab.cutCable(node, cable);
  }

  async plugCable(node: NodeHost, cable: Cable): Promise<void> {
    this.pulled.delete(cableEnd(node, cable));
    await this.lab.plugCable(node, cable);
  }

  /** Runs `tandem` on a node, as its administrator would; its exit status is a result. */
  tandem(node: NodeHost, ...args: readonly string[]): ReturnType<ReturnType<Lab["host"]>["run"]> {
    return this.lab.host(node).run([tandem, ...args]);
  }

  async close(): Promise<void> {
    await this.lab.close();
  }

  async #watch(): Promise<void> {
    await Promise.all(nodeHosts.map((node) => this.nodes[node].start(this.lab.host(node))));
    this.#probe = await startProbe(this.lab.host("client"), {
      realtime: this.lab.facts.realtime,
      onReport: (report) => {
        this.#options.onReport?.(report);
        this.#look();
      },
    });
  }

  #look(): void {
    // A waiter that is done removes itself from the set meanwhile.
    for (const { look } of [...this.#waiters]) look();
    this.#options.onNews?.();
  }
}

/** How late the client's own words may be on a busy machine. */
const clientBoundMs = 10_000;

/** The node with this hardware address on the LAN or the crossover. */
function nodeOfMac(mac: string): NodeHost | undefined {
  return nodeHosts.find((node) => hostLayouts[node].interfaces.some((card) => card.mac === mac));
}

/** Who answered a question for the address. */
export function answerers(report: ArpReport | undefined): readonly NodeHost[] {
  const nodes = (report?.answers ?? []).flatMap(({ mac }) => nodeOfMac(mac) ?? []);
  return [...new Set(nodes)];
}

/** The node that delivered a page, whatever the page says of its domain. */
export function serverOf(page: PageReport): NodeHost | undefined {
  if (page.status !== 200) return undefined;
  return nodeHosts.find((node) => node === page.server?.split(".")[0]);
}
