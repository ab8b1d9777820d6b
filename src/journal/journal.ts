import { closeSync, existsSync, mkdirSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { ClusterRecord } from "../core/cluster/world.ts";
import { writeAtomicSync } from "./atomic-file.ts";
import { DiskWriter } from "./disk-writer.ts";
import { GENERATION_FILE, HEARTBEAT_DIR, HEARTBEAT_GENERATION_FILE } from "./identity.ts";
import { decodeRecord, encodeRecord, RECORD_BYTES_MAX } from "./record.ts";

/** Where to write, and who hears of the disk's health. */
export interface JournalOptions {
  /** Memory of this boot: `/run/tandem`. */
  readonly runDir: string;
  /** Memory of the machine: `/var/lib/tandem`. */
  readonly stateDir: string;
  readonly heartbeatDir?: string;
  /** The disk's health changed; `detail` is empty when it is well. */
  readonly onDisk: (ok: boolean, detail: string) => void;
}

const RUN_FILE = "cluster-record";
const DISK_FILE = "journal";
/** Heartbeat writes its generation right-aligned (wire.md 4). */
const HEARTBEAT_COLUMNS = 15;

/** What survives a restart: the record, at once in /run and soon on disk. */
export class Journal {
  readonly #runFile: string;
  readonly #disk: DiskWriter;
  readonly #generation: DiskWriter;
  /** Undefined: no Heartbeat has run here. */
  readonly #heartbeats: DiskWriter | undefined;

  constructor(options: JournalOptions) {
    this.#runFile = join(options.runDir, RUN_FILE);
    const path = join(options.stateDir, DISK_FILE);
    this.#disk = new DiskWriter({ path, onDisk: options.onDisk });
    const generation = join(options.stateDir, GENERATION_FILE);
    this.#generation = new DiskWriter({ path: generation, onDisk: options.onDisk });
    const heartbeats = join(options.heartbeatDir ?? HEARTBEAT_DIR, HEARTBEAT_GENERATION_FILE);
    // A courtesy: if it cannot be written, nothing of ours depends on it.
    if (existsSync(heartbeats))
      this.#heartbeats = new DiskWriter({ path: heartbeats, onDisk: () => {} });
  }

  /** In /run when this returns (safety.md 5). Throws where /run cannot be written: then nothing may be acted on. */
  write(record: ClusterRecord): void {
    const text = encodeRecord(record);
    writeAtomicSync(this.#runFile, text);
    this.#disk.write(text);
  }

  /**
   * The generation that the pulse has taken: the next must be higher, also that of a Heartbeat that is
   * started here again. Its peer would take the same one for a partition, and a lower one for a replay.
   */
  storeGeneration(generation: number): void {
    this.#generation.write(`${generation}\n`);
    this.#heartbeats?.write(`${generation.toString().padStart(HEARTBEAT_COLUMNS)}\n`);
  }

  /** Resolves when the disk has the last words or has refused them. */
  async settled(): Promise<void> {
    const writers = [this.#disk, this.#generation, this.#heartbeats];
    await Promise.all(writers.map((writer) => writer?.settled()));
  }
}

/** What was left by the last life. */
export interface LoadedRecord {
  readonly record: ClusterRecord | undefined;
  /** A sentence for each file that is there and cannot be used. */
  readonly complaints: readonly string[];
}

/** Makes both directories where they are missing; throws the system's error. */
export function makeDirectories(options: { runDir: string; stateDir: string }): void {
  // The status socket is for everybody, so /run/tandem may be entered; what is in it is 0600.
  mkdirSync(options.runDir, { recursive: true, mode: 0o755 });
  mkdirSync(options.stateDir, { recursive: true, mode: 0o700 });
}

/**
 * The record of the last life: of /run and disk the one that knows more. Unreadable ones are
 * complained about and count as none; never throws for what a disk may hold.
 */
export function loadRecord(options: {
  runDir: string;
  stateDir: string;
  bootId: string;
}): LoadedRecord {
  const complaints: string[] = [];
  const inRun = readRecord(join(options.runDir, RUN_FILE), complaints);
  const onDisk = readRecord(join(options.stateDir, DISK_FILE), complaints);
  return { record: newerRecord(inRun, onDisk, options.bootId), complaints };
}

/**
 * A record of this boot goes before one of another; within a boot the later; between other boots,
 * whose clocks cannot be compared, the higher epoch. The highest epoch seen is never forgotten.
 */
export function newerRecord(
  one: ClusterRecord | undefined,
  other: ClusterRecord | undefined,
  bootId: string,
): ClusterRecord | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const newer = isNewer(one, other, bootId) ? one : other;
  return { ...newer, highestEpoch: Math.max(one.highestEpoch, other.highestEpoch) };
}

function isNewer(one: ClusterRecord, other: ClusterRecord, bootId: string): boolean {
  if (one.bootId === other.bootId) return one.at >= other.at;
  if (one.bootId === bootId) return true;
  if (other.bootId === bootId) return false;
  return one.highestEpoch >= other.highestEpoch;
}

function readRecord(path: string, complaints: string[]): ClusterRecord | undefined {
  const text = readText(path, complaints);
  if (text === undefined) return undefined;
  const decoded = decodeRecord(text);
  if (decoded.ok) return decoded.record;
  complaints.push(`${path} is not used: ${decoded.why}`);
  return undefined;
}

function readText(path: string, complaints: string[]): string | undefined {
  try {
    const fd = openSync(path, "r");
    try {
      const buffer = Buffer.alloc(RECORD_BYTES_MAX);
      return buffer.toString("utf8", 0, readSync(fd, buffer));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    complaints.push(
      `${path} is not used: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
