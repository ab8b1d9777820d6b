import { readFile, stat } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { basename, join } from "node:path";
import type {
  DeviceFact,
  InterfaceFact,
  MachineFacts,
  Mentions,
  ScriptFact,
} from "../config/files.ts";
import { startsAtBoot } from "./boot-links.ts";
import { isProgram, type LookUpRoots, lookUpScript } from "./resource-lookup.ts";

/** Looks at this machine, reading only: its name, its interfaces, and whether it has what the files mention. */
export async function inspectMachine(
  mentions: Mentions,
  roots: LookUpRoots,
): Promise<MachineFacts> {
  const [interfaces, devices, scripts, programs] = await Promise.all([
    listInterfaces(),
    mapOf(mentions.devices, inspectDevice),
    mapOf(mentions.scripts, (name) => inspectScript(name, roots)),
    mapOf(mentions.programs, (path) => findProgram(path)),
  ]);
  return { nodeName: hostname(), interfaces, devices, scripts, programs };
}

async function mapOf<T>(
  names: readonly string[],
  look: (name: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await look(name)] as const)));
}

/**
 * Names from /proc/net/dev, which is the process's own network namespace and lists interfaces that
 * are down; addresses from the C library, which leaves those out. (/sys/class/net shows the
 * namespace of the mount: platform.md 1.)
 */
export async function listInterfaces(): Promise<readonly InterfaceFact[]> {
  const up = networkInterfaces();
  const names = new Set([...namesIn(await deviceTable()), ...Object.keys(up)]);
  return [...names].map((name) => {
    const entries = up[name] ?? [];
    return {
      name,
      isLoopback: name === "lo" || entries.some((entry) => entry.internal),
      addresses: entries
        .filter((entry) => entry.family === "IPv4")
        .map((entry) => ({
          address: entry.address,
          prefix: Number(entry.cidr?.split("/")[1] ?? 32),
        })),
    };
  });
}

async function deviceTable(): Promise<string> {
  try {
    return await readFile("/proc/net/dev", "utf8");
  } catch {
    return "";
  }
}

/** Two heading lines, then `  eth0: 123 …`. */
export function namesIn(table: string): readonly string[] {
  return table
    .split("\n")
    .slice(2)
    .flatMap((line) => /^\s*([^\s:]+):/.exec(line)?.[1] ?? []);
}

async function inspectDevice(path: string): Promise<DeviceFact> {
  try {
    return (await stat(path)).isCharacterDevice() ? "character-device" : "other";
  } catch {
    return "missing";
  }
}

async function inspectScript(name: string, roots: LookUpRoots): Promise<ScriptFact> {
  const found = await lookUpScript(name, roots);
  if (found.kind === "missing") return { found: false, looked: found.looked };
  const { via } = found;
  const where = found.kind === "lsb" ? found.path : found.unit;
  // A script of Heartbeat's own directory is nobody else's to start.
  const isOurs = found.kind === "lsb" && where.startsWith(roots.configDir);
  return { found: true, via, where, atBoot: !isOurs && (await startsAtBoot(via, roots.bootDirs)) };
}

/** Where distributions keep Heartbeat's programs, and where Tandem keeps its own. */
const PROGRAM_DIRS = [
  "/usr/libexec/heartbeat",
  "/usr/lib/heartbeat",
  "/usr/lib64/heartbeat",
  "/usr/libexec/tandem",
];

/** The program itself, or one of its name under the other usual directories. */
export async function findProgram(
  path: string,
  dirs: readonly string[] = PROGRAM_DIRS,
): Promise<string | undefined> {
  for (const candidate of [path, ...dirs.map((dir) => join(dir, basename(path)))])
    if (await isProgram(candidate)) return candidate;
  return undefined;
}
