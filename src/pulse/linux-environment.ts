import { randomBytes } from "node:crypto";
import type { MediumName } from "../base/names.ts";
import type { MediumConfig, PingNodeConfig } from "../config/types.ts";
import type { LogLevel } from "../core/step.ts";
import { bootId } from "../linux/boot-id.ts";
import { bootTimeMs } from "../linux/clock.ts";
import { loadAverage } from "../linux/load-average.ts";
import { deleteAddress, renewAddress } from "../linux/netlink/address.ts";
import { notify } from "../linux/notify.ts";
import { requestRealtime } from "../linux/scheduling.ts";
import type { Medium } from "../media/medium.ts";
import { type Media, openMedia } from "../media/open-media.ts";
import { openPing } from "../media/ping.ts";
import { DaemonChild } from "./daemon-child.ts";
import { DrainedQueues } from "./drained-queues.ts";
import type { PulseEnvironment, PulseEvent, PulseRecord } from "./environment.ts";
import type { FromPulse, Lease } from "./link.ts";
import type { PulseOptions } from "./options.ts";
import { releaseRunDir } from "./pid-file.ts";
import { readRecordFile, writeRecordFile } from "./record-file.ts";
import { WakeTimer } from "./wake-timer.ts";

/** Above tandemd's 5, below what the kernel's own threads use. */
const REALTIME_PRIORITY = 10;

/** The real world of a pulse. Events go to `handle`, in the order in which they happen. */
export class LinuxPulse implements PulseEnvironment {
  readonly #options: PulseOptions;
  readonly #handle: (event: PulseEvent) => void;
  readonly #child: DaemonChild;
  readonly #timer: WakeTimer;
  readonly #queues: DrainedQueues;
  readonly #bootId = bootId();
  #media: Media | undefined;
  #pings: ReadonlyMap<string, Medium> = new Map();
  #isReady = false;

  constructor(options: PulseOptions, handle: (event: PulseEvent) => void) {
    this.#options = options;
    this.#handle = handle;
    this.#timer = new WakeTimer(bootTimeMs, () => handle({ kind: "wake" }));
    this.#queues = new DrainedQueues(bootTimeMs, () => handle({ kind: "queues-drained" }));
    this.#child = new DaemonChild(options, {
      message: (message) => handle({ kind: "from-daemon", message }),
      gone: (code, signal) => handle({ kind: "daemon-gone", code, signal }),
    });
  }

  openMedia(media: readonly MediumConfig[]): void {
    this.#media?.close();
    this.#media = openMedia(media, {
      onBytes: (medium, bytes) => {
        this.#queues.heard();
        this.#handle({ kind: "bytes", medium, bytes });
      },
      onUnread: (medium, count) => this.#handle({ kind: "unread", medium, count }),
      onState: (medium, usable, detail) => {
        this.#handle({ kind: "medium", medium, usable, detail });
      },
    });
  }

  openPings(nodes: readonly PingNodeConfig[]): void {
    for (const ping of this.#pings.values()) ping.close();
    this.#pings = new Map(nodes.map((node) => [node.name, this.#openPing(node)]));
  }

  #openPing(config: PingNodeConfig): Medium {
    const { name: node } = config;
    return openPing(config, {
      onBytes: (bytes) => {
        this.#queues.heard();
        this.#handle({ kind: "pong", node, bytes });
      },
      onUnread: () => {},
      onState: (usable, detail) => this.#handle({ kind: "ping-medium", node, usable, detail }),
    });
  }

  now(): number {
    return bootTimeMs();
  }

  wallSeconds(): number {
    return Math.floor(Date.now() / 1000);
  }

  loadAverage(): string {
    try {
      return loadAverage();
    } catch {
      return "";
    }
  }

  freshSession(): string {
    return randomBytes(4).toString("hex");
  }

  bootId(): string {
    return this.#bootId;
  }

  wakeAt(at: number): void {
    this.#timer.set(at);
  }

  afterQueues(): void {
    this.#queues.ask();
  }

  transmit(...[medium, bytes, options]: Parameters<PulseEnvironment["transmit"]>): void {
    this.#media?.send(medium, bytes, options);
  }

  ping(node: string, bytes: Uint8Array): void {
    this.#pings.get(node)?.send(bytes, { mayDrop: true });
  }

  isBusy(medium: MediumName): boolean {
    return this.#media?.medium(medium)?.isBusy() ?? false;
  }

  renewAddress(lease: Lease): "renewed" | "gone" | "failed" {
    try {
      return renewAddress(lease);
    } catch (error) {
      this.log("ERROR", `cannot renew ${lease.address} on ${lease.interface}: ${error}`);
      return "failed";
    }
  }

  deleteAddress(lease: Lease): void {
    try {
      deleteAddress(lease);
    } catch (error) {
      // Its lifetime takes it away in any case.
      this.log("CRIT", `cannot delete ${lease.address} on ${lease.interface}: ${error}`);
    }
  }

  toDaemon(message: FromPulse): void {
    this.#child.send(message);
  }

  startDaemon(): void {
    this.#child.start();
  }

  killDaemon(): void {
    this.#child.kill();
  }

  loadRecord(): PulseRecord | undefined {
    return readRecordFile(this.#options.runDir);
  }

  saveRecord(record: PulseRecord | undefined): void {
    try {
      writeRecordFile(this.#options.runDir, record);
    } catch (error) {
      this.log("ERROR", `cannot write to ${this.#options.runDir}: ${error}`);
    }
  }

  requestRealtime(wanted: boolean): string {
    return wanted ? requestRealtime(REALTIME_PRIORITY) : "realtime off (ha.cf)";
  }

  alive(): void {
    // Said again until it got through: without it the service manager would end a start that has succeeded.
    const isSaid = notify(this.#isReady ? "WATCHDOG=1" : "READY=1\nWATCHDOG=1");
    this.#isReady ||= isSaid;
  }

  log(level: LogLevel, text: string): void {
    process.stderr.write(`tandemd[${process.pid}]: ${level}: ${text}\n`);
  }

  exit(code: number): void {
    this.#timer.clear();
    this.#media?.close();
    for (const ping of this.#pings.values()) ping.close();
    releaseRunDir(this.#options.runDir);
    process.exit(code);
  }
}
