import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeDurableSync } from "./atomic-file.ts";

/** In Heartbeat's directory: its generation, decimal. */
export const HEARTBEAT_GENERATION_FILE = "hb_generation";

/** Who this machine is to its peer. */
export interface Identity {
  /** 32 hex digits. */
  readonly uuid: string;
  /** The highest generation that is stored; 0 at the very first start. */
  readonly generation: number;
  /** For the log: taken over from Heartbeat, made anew, an unreadable file replaced. */
  readonly notes: readonly string[];
}

/** Heartbeat's uuid file: 16 raw bytes (config.md 4). */
const UUID_BYTES = 16;
/** In the state directory: the highest generation, decimal. */
export const GENERATION_FILE = "generation";
/** Where Heartbeat keeps `hb_uuid` and `hb_generation`. */
export const HEARTBEAT_DIR = "/var/lib/heartbeat";

/**
 * Reads the identity, or makes it at the first start: from a Heartbeat that ran here, so that its
 * peer sees the same node, else by chance. Throws where the state directory cannot be written.
 */
export function loadIdentity(options: { stateDir: string; heartbeatDir?: string }): Identity {
  const notes: string[] = [];
  const heartbeatDir = options.heartbeatDir ?? HEARTBEAT_DIR;
  const uuid = loadUuid(options.stateDir, heartbeatDir, notes);
  const generation = loadGeneration(options.stateDir, heartbeatDir, notes);
  return { uuid, generation, notes };
}

function loadUuid(stateDir: string, heartbeatDir: string, notes: string[]): string {
  const path = join(stateDir, "uuid");
  const own = readIfThere(path);
  if (own?.length === UUID_BYTES) return own.toString("hex");
  if (own !== undefined) notes.push(`${path} has ${own.length} bytes, not ${UUID_BYTES}: replaced`);
  const heartbeat = readIfThere(join(heartbeatDir, "hb_uuid"));
  const taken = heartbeat?.length === UUID_BYTES ? heartbeat : undefined;
  const uuid = taken ?? randomUuid();
  const source = taken === undefined ? "made anew" : `taken over from ${heartbeatDir}`;
  notes.push(`uuid ${uuid.toString("hex")} ${source}`);
  writeDurableSync(path, uuid);
  return uuid.toString("hex");
}

/** RFC 9562, version 4, as Heartbeat's library makes them. */
function randomUuid(): Buffer {
  const uuid = randomBytes(UUID_BYTES);
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x40;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  return uuid;
}

/** The higher of ours and Heartbeat's: Heartbeat may have run since, and a lower one is not believed. */
function loadGeneration(stateDir: string, heartbeatDir: string, notes: string[]): number {
  const path = join(stateDir, GENERATION_FILE);
  const own = readNumber(path, notes);
  const heartbeat = readNumber(join(heartbeatDir, HEARTBEAT_GENERATION_FILE), notes);
  if (heartbeat > own) notes.push(`generation ${heartbeat} taken over from ${heartbeatDir}`);
  return Math.max(own, heartbeat);
}

/** 0 where there is none. Generations are 32 bits on the wire (wire.md 4). */
function readNumber(path: string, notes: string[]): number {
  const text = readIfThere(path)?.toString("latin1").trim();
  if (text === undefined) return 0;
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 0xffffffff) return number;
  notes.push(`${path} holds no generation: ignored`);
  return 0;
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
