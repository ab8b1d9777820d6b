import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { BOOT_DIRS, startsAtBoot } from "./boot-links.ts";
import { findProgram } from "./machine.ts";
import { findService, hasSystemd, type LookUpRoots, type Service } from "./resource-lookup.ts";

/** How a daemon is started on this machine. */
export interface ServiceHere {
  readonly service: Service;
  /** The machine starts it itself when it boots. */
  readonly atBoot: boolean;
}

/** Who a machine is to its peer, as a program has stored it. What cannot be read is left out. */
export interface StoredIdentity {
  /** 32 hex digits. */
  readonly uuid: string | undefined;
  readonly generation: number | undefined;
}

/** What is left of a Heartbeat, or runs of it, and what Tandem would be started with. */
export interface HeartbeatHere {
  /** Its daemon, where it is installed. */
  readonly program: string | undefined;
  /** Of its master process; undefined: it does not run. */
  readonly pid: number | undefined;
  readonly start: ServiceHere;
  /** First line of `nodeinfo`, by which a Heartbeat calls itself instead of `uname -n`. */
  readonly nodeInfo: string | undefined;
  readonly identity: StoredIdentity;
}

/** How Tandem is started here, and who it has been. */
export interface TandemInstalled {
  readonly start: ServiceHere;
  readonly identity: StoredIdentity;
}

/** What starts daemons on this machine, beside them. */
export interface Init {
  readonly hasSystemd: boolean;
  /** What takes an init script out of the boot. */
  readonly bootTool: "update-rc.d" | "chkconfig" | undefined;
}

/** Where to look; for tests. */
export interface HeartbeatPlaces {
  readonly configDir: string;
  readonly pidFiles?: readonly string[];
  readonly proc?: string;
  readonly heartbeatDir?: string;
  readonly stateDir?: string;
  readonly roots?: Omit<LookUpRoots, "configDir">;
}

/** The master's; /var/run is a directory of its own on old machines. */
const PID_FILES = ["/run/heartbeat.pid", "/var/run/heartbeat.pid"];
const PROGRAM = "/usr/libexec/heartbeat/heartbeat";
const HEARTBEAT_DIR = "/var/lib/heartbeat";
const TANDEM_DIR = "/var/lib/tandem";
/** Heartbeat's uuid file, and Tandem's: 16 raw bytes (config.md 4). */
const UUID_BYTES = 16;

/** Looks for a Heartbeat on this machine, reading only. Never rejects. */
export async function inspectHeartbeat(places: HeartbeatPlaces): Promise<HeartbeatHere> {
  const { configDir, heartbeatDir = HEARTBEAT_DIR } = places;
  const [program, pid, start, nodeInfo, uuid, generation] = await Promise.all([
    findProgram(PROGRAM),
    masterOf(places.pidFiles ?? PID_FILES, places.proc ?? "/proc"),
    inspectStart("heartbeat", places.roots),
    readText(join(configDir, "nodeinfo")),
    readUuid(join(heartbeatDir, "hb_uuid")),
    readNumber(join(heartbeatDir, "hb_generation")),
  ]);
  const [firstLine] = nodeInfo?.split("\n") ?? [];
  const identity = { uuid, generation };
  return { program, pid, start, nodeInfo: firstLine?.trim() || undefined, identity };
}

/** Looks at how Tandem is installed on this machine, reading only. Never rejects. */
export async function inspectTandem(
  places: Pick<HeartbeatPlaces, "stateDir" | "roots"> = {},
): Promise<TandemInstalled> {
  const { stateDir = TANDEM_DIR, roots } = places;
  const [start, uuid, generation] = await Promise.all([
    inspectStart("tandem", roots),
    readUuid(join(stateDir, "uuid")),
    readNumber(join(stateDir, "generation")),
  ]);
  return { start, identity: { uuid, generation } };
}

/** What starts daemons here. Never rejects. */
export async function inspectInit(): Promise<Init> {
  const tools = ["update-rc.d", "chkconfig"] as const;
  const found = await Promise.all(tools.map((tool) => findProgram(`/usr/sbin/${tool}`, ["/sbin"])));
  return {
    hasSystemd: await hasSystemd(),
    bootTool: tools.find((_, at) => found[at] !== undefined),
  };
}

async function inspectStart(
  name: string,
  roots: HeartbeatPlaces["roots"] = {},
): Promise<ServiceHere> {
  const service = await findService(name, roots);
  const { units, runlevels } = roots.bootDirs ?? BOOT_DIRS;
  // Where a unit is there, systemd does not look at the links of its init script.
  const dirs = { units, runlevels: service.kind === "systemd" ? [] : runlevels };
  return { service, atBoot: await startsAtBoot(name, dirs) };
}

/** A pid file outlives its process, and its number may be another one's by now: the process has to be a Heartbeat. */
async function masterOf(files: readonly string[], proc: string): Promise<number | undefined> {
  for (const file of files) {
    const pid = await readNumber(file);
    if (pid === undefined || pid === 0) continue;
    const words = await readText(join(proc, String(pid), "cmdline"));
    // Once it runs it calls itself `heartbeat: master control process`.
    if (/^(heartbeat:|[^\0]*\/heartbeat\0)/.test(words ?? "")) return pid;
  }
  return undefined;
}

/** These files are a few bytes each; one that is not is none of theirs. */
const BYTES_MAX = 4096;

/** The beginning of a file, never waiting (a FIFO would); undefined where it cannot be read. */
async function readBytes(path: string): Promise<Buffer | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BYTES_MAX), 0, BYTES_MAX, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

async function readText(path: string): Promise<string | undefined> {
  return (await readBytes(path))?.toString("utf8");
}

async function readUuid(path: string): Promise<string | undefined> {
  const bytes = await readBytes(path);
  return bytes?.length === UUID_BYTES ? bytes.toString("hex") : undefined;
}

async function readNumber(path: string): Promise<number | undefined> {
  const text = (await readText(path))?.trim();
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
