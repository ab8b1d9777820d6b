import type { GroupName } from "../base/names.ts";
import type { ClusterConfig } from "../config/types.ts";
import type {
  ClusterRecord,
  Probe,
  ProbeResult,
  ResourceOperation,
  ResourceResult,
} from "../core/cluster/world.ts";
import type { LogLevel } from "../core/step.ts";
import type { Journal } from "../journal/journal.ts";
import { bootTimeMs } from "../linux/clock.ts";
import type { Lease, ToPulse } from "../pulse/link.ts";
import { type ProbeTarget, runProbe } from "./arp-probes.ts";
import type { DaemonEnvironment, DaemonEvent } from "./environment.ts";
import type { GroupResources } from "./group-resources.ts";
import type { LogFile } from "./log-file.ts";

/** What the environment is made of, and who hears of what happens. */
export interface LinuxParts {
  readonly config: ClusterConfig;
  readonly resources: GroupResources;
  readonly journal: Journal;
  readonly log: LogFile;
  readonly deliver: (event: DaemonEvent) => void;
  readonly answer: (id: number, answer: { ok: boolean; text: string; tookMs: number }) => void;
  readonly changed: () => void;
}

/** A timer is looked at again this often: Node's stand still while the machine sleeps, BOOTTIME does not. */
const TIMER_MS_MAX = 10_000;
/** The last words have this long to reach disk and log. */
const LAST_WORDS_MS = 300;

/** tandemd's world on a real machine. */
export class LinuxEnvironment implements DaemonEnvironment {
  readonly #parts: LinuxParts;
  #timer: NodeJS.Timeout | undefined;
  #isEnding = false;

  constructor(parts: LinuxParts) {
    this.#parts = parts;
  }

  /** Nothing is carried out nor delivered any more: `exit` was called. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  now(): number {
    return bootTimeMs();
  }

  wallSeconds(): number {
    return Math.floor(Date.now() / 1000);
  }

  wakeAt(at: number): void {
    clearTimeout(this.#timer);
    const waitMs = Math.min(Math.max(0, Math.ceil(at - this.now())), TIMER_MS_MAX);
    this.#timer = setTimeout(() => {
      // Node's timers may be early by a fraction of a millisecond.
      if (this.now() < at) this.wakeAt(at);
      else this.#deliver({ kind: "wake" });
    }, waitMs);
  }

  /** A timer runs before the poll of its turn; the second turn is for what the poll put behind it. */
  afterQueues(): void {
    setImmediate(() => setImmediate(() => this.#deliver({ kind: "queues-drained" })));
  }

  toPulse(message: ToPulse): void {
    // A closed channel is told by `disconnect`.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  }

  operate(id: number, operation: ResourceOperation): void {
    const done = (result: ResourceResult) => this.#deliver({ kind: "resource-done", id, result });
    this.#parts.resources.operate(operation).then(done, failHard);
  }

  probe(id: number, probe: Probe): void {
    const done = (result: ProbeResult) => this.#deliver({ kind: "probe-done", id, result });
    runProbe(probe, this.#targetOf(probe)).then(done, failHard);
  }

  leasesOf(group: GroupName, epoch: number): readonly Lease[] {
    return this.#parts.resources.leasesOf(group, epoch);
  }

  writeRecord(record: ClusterRecord): void {
    if (!this.#isEnding) this.#parts.journal.write(record);
  }

  log(level: LogLevel, text: string): void {
    this.#parts.log.write(level, text);
  }

  answer(id: number, answer: { ok: boolean; text: string; tookMs: number }): void {
    this.#parts.answer(id, answer);
  }

  changed(): void {
    this.#parts.changed();
  }

  /** After the words to the pulse are out and disk and log have had their chance. */
  exit(code: number): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    clearTimeout(this.#timer);
    const leave = () => process.exit(code);
    setTimeout(leave, LAST_WORDS_MS);
    const { journal, log } = this.#parts;
    Promise.all([this.#drainPulse(), journal.settled(), log.settled()]).then(leave, leave);
  }

  /** Messages are delivered in order: when this one is written, all before it are. */
  #drainPulse(): Promise<void> {
    return new Promise((resolve) => {
      if (!process.connected || process.send === undefined) resolve();
      else process.send({ kind: "well" } satisfies ToPulse, undefined, undefined, () => resolve());
    });
  }

  #deliver(event: DaemonEvent): void {
    if (!this.#isEnding) this.#parts.deliver(event);
  }

  /** The address on every segment that the machines share; a path on the service interface alone. */
  #targetOf(probe: Probe): ProbeTarget {
    const { config, resources } = this.#parts;
    const face = resources.faceOf(probe.group);
    const service = face === undefined ? [] : [face.interface];
    if (probe.kind === "path")
      return { interfaces: service, address: probe.address, senderIp: face?.ownAddress };
    const media = config.media.flatMap((one) => (one.kind === "serial" ? [] : [one.interface]));
    const [held] = config.groups
      .filter((group) => group.name === probe.group)
      .flatMap((group) => group.resources.filter((resource) => resource.kind === "address"));
    const address = held?.address ?? "0.0.0.0";
    return { interfaces: [...new Set([...service, ...media])], address, senderIp: undefined };
  }
}

/** A bug of ours in a promise is a bug like any other: main's handler ends the process. */
function failHard(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
