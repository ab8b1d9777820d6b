import type { LabHost, LabProcess } from "../host.ts";
import { serviceAddress } from "../layout.ts";
import { builtProgram } from "../paths.ts";
import { type ArpReport, lostAfterMs, type PageReport, type Ping, type Report } from "./report.ts";

/** How often each question is asked. */
const intervalsMs = { pings: 10, arp: 50, pages: 100 } as const;
export type ProbeKind = keyof typeof intervalsMs;

/** More than an hour of pings; what comes after pushes the oldest out. */
const keptMax = 500_000;

export interface ProbeOptions {
  /** What to look at; default: everything. */
  readonly kinds?: readonly ProbeKind[];
  /** Whom to ask; default: the service address. */
  readonly address?: string;
  /** Whether the pings may have real-time priority: LabFacts.realtime. */
  readonly realtime?: boolean;
  /** Gets every report as it comes, for a live picture. */
  readonly onReport?: (report: Report) => void;
}

interface Waiter {
  readonly look: () => void;
  readonly reject: (why: Error) => void;
}

/** A client that watches an address, and everything it has seen so far. */
export class Probe {
  readonly pings: Ping[] = [];
  readonly arp: ArpReport[] = [];
  readonly pages: PageReport[] = [];
  readonly #onReport: (report: Report) => void;
  readonly #waiters = new Set<Waiter>();
  #processes: readonly LabProcess[] = [];
  #stopped = false;
  #complaints = "";

  /** Used by startProbe. */
  constructor(onReport: (report: Report) => void) {
    this.#onReport = onReport;
  }

  /** Used by startProbe. */
  async start(host: LabHost, options: ProbeOptions): Promise<void> {
    const { address = serviceAddress, kinds = ["pings", "arp", "pages"] } = options;
    this.#processes = await Promise.all(
      kinds.map((kind) =>
        host.spawn(commandOf(kind, address, options.realtime ?? false), this.#lines()),
      ),
    );
    for (const process of this.#processes) void process.ended.then(() => this.#ended());
  }

  /** Resolves when `condition` holds after some report; rejects when the probe ends before. */
  until(condition: (probe: Probe) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!condition(this)) return;
        this.#waiters.delete(waiter);
        resolve();
      };
      const waiter: Waiter = { look, reject };
      this.#waiters.add(waiter);
      look();
    });
  }

  /** The pings sent in [from, until), once the fate of each is known. */
  async pingsBetween(from: number, until: number): Promise<readonly Ping[]> {
    const settledUntil = until + lostAfterMs;
    await this.until(() => {
      const last = this.pings.at(-1);
      return last !== undefined && (last.answeredAt ?? last.sentAt + lostAfterMs) >= settledUntil;
    });
    return this.pings.filter((ping) => ping.sentAt >= from && ping.sentAt < until);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#processes.map((process) => process.kill("SIGKILL")));
    await Promise.all(this.#processes.map((process) => process.ended));
  }

  /** Makes reports of the pieces a process writes. */
  #lines(): (text: string, stream: "stdout" | "stderr") => void {
    let rest = "";
    return (text, stream) => {
      if (stream === "stderr") {
        this.#complaints += text;
        return;
      }
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#received(JSON.parse(line) as Report);
    };
  }

  #received(report: Report): void {
    if (report.kind === "pings") keep(this.pings, ...report.settled);
    else if (report.kind === "arp") keep(this.arp, report);
    else keep(this.pages, report);
    this.#onReport(report);
    for (const { look } of this.#waiters) look();
  }

  #ended(): void {
    const why = this.#stopped ? "was stopped" : `ended: ${this.#complaints.trim()}`;
    for (const { reject } of this.#waiters) reject(new Error(`the probe ${why}`));
    this.#waiters.clear();
  }
}

function keep<Item>(items: Item[], ...more: readonly Item[]): void {
  items.push(...more);
  if (items.length > keptMax) items.splice(0, items.length - keptMax);
}

/** Starts watching from a host, usually the client. */
export async function startProbe(host: LabHost, options: ProbeOptions = {}): Promise<Probe> {
  const probe = new Probe(options.onReport ?? (() => {}));
  await probe.start(host, options);
  return probe;
}

/**
 * Pings are what outages are measured by: real-time priority keeps the sender's own lateness out of them, at
 * a priority below that of any daemon (they use 10 and more).
 */
function commandOf(kind: ProbeKind, address: string, realtime: boolean): readonly string[] {
  const node = [process.execPath, "--single-threaded-gc", builtProgram("probe/probe-main.js")];
  const command = [...node, kind, address, String(intervalsMs[kind])];
  return realtime && kind === "pings" ? ["chrt", "-r", "5", ...command] : command;
}
