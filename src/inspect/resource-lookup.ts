import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BootDirs } from "./boot-links.ts";

/** Where the name of a resource leads on this machine. */
export type FoundScript =
  /** An executable taking start, stop and status, by its full path. */
  | { readonly kind: "lsb"; readonly path: string; readonly via: string }
  /** A unit by its full name (`apache2.service`). */
  | { readonly kind: "systemd"; readonly unit: string; readonly via: string }
  /** Nothing; `looked` are the places, in order. */
  | { readonly kind: "missing"; readonly looked: readonly string[] };

/** Where to look; all but the first are for tests. */
export interface LookUpRoots {
  /** Heartbeat's directory: scripts are in its `resource.d`. */
  readonly configDir: string;
  readonly initDir?: string;
  /** There exactly where systemd is the running init (sd_booted(3)). */
  readonly systemdDir?: string;
  readonly unitDirs?: readonly string[];
  readonly bootDirs?: BootDirs;
}

/** systemd.unit(5), "System Unit Search Path", without the generators: what those make comes from init.d. */
const UNIT_DIRS = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

/** One service, named differently by the distributions. Each is tried when the other is not there. */
const ALIASES: readonly (readonly [string, string])[] = [
  ["httpd", "apache2"],
  ["mysqld", "mariadb"],
  ["named", "bind9"],
  ["smb", "smbd"],
];

/**
 * Finds what a resource's name means: `resource.d/NAME`, a systemd unit, `/etc/init.d/NAME`, then the
 * same for the name that another distribution gives the service. `via` is the name it was found by.
 *
 * A unit goes before an init script, as for systemd itself: Debian's script would only have systemd
 * start that unit, which would then be stopped beside us at a shutdown (safety.md 9).
 */
export async function lookUpScript(name: string, roots: LookUpRoots): Promise<FoundScript> {
  // A name is one file name: `../../bin/sh` must not lead out of the fixed directories.
  if (!isFileName(name)) return { kind: "missing", looked: [] };
  const looked: string[] = [];
  for (const via of [name, ...aliasesOf(name)]) {
    const found =
      (await programOf(via, join(roots.configDir, "resource.d"), looked)) ??
      (await unitOf(via, roots, looked)) ??
      (await programOf(via, roots.initDir ?? "/etc/init.d", looked));
    if (found !== undefined) return found;
  }
  return { kind: "missing", looked };
}

/** What starts a daemon on this machine: its systemd unit, its init script, or neither. */
export type Service =
  | { readonly kind: "systemd"; readonly unit: string }
  | { readonly kind: "init-script"; readonly path: string }
  | { readonly kind: "none" };

/** The service of a daemon: a unit where systemd runs and has one, else its init script. */
export async function findService(
  name: string,
  roots: Omit<LookUpRoots, "configDir"> = {},
): Promise<Service> {
  const unit = await unitOf(name, roots, []);
  if (unit?.kind === "systemd") return { kind: "systemd", unit: unit.unit };
  const program = await programOf(name, roots.initDir ?? "/etc/init.d", []);
  if (program?.kind === "lsb") return { kind: "init-script", path: program.path };
  return { kind: "none" };
}

/** Whether systemd is the running init (sd_booted(3)). */
export function hasSystemd(dir: string = "/run/systemd/system"): Promise<boolean> {
  return isThere(dir);
}

function isFileName(name: string): boolean {
  return /^[^/\0.-][^/\0]*$/.test(name) && name.length <= 200;
}

function aliasesOf(name: string): readonly string[] {
  return ALIASES.flatMap(([one, other]) => (name === one ? [other] : name === other ? [one] : []));
}

async function programOf(
  via: string,
  dir: string,
  looked: string[],
): Promise<FoundScript | undefined> {
  const path = join(dir, via);
  if (await isProgram(path)) return { kind: "lsb", path, via };
  looked.push(path);
  return undefined;
}

async function unitOf(
  via: string,
  roots: Omit<LookUpRoots, "configDir">,
  looked: string[],
): Promise<FoundScript | undefined> {
  if (!(await hasSystemd(roots.systemdDir))) return undefined;
  const unit = via.endsWith(".service") ? via : `${via}.service`;
  // An instance `name@arg.service` is made from the file `name@.service`.
  const file = unit.replace(/@[^@]*\.service$/, "@.service");
  for (const dir of roots.unitDirs ?? UNIT_DIRS) {
    if (await isUnmasked(join(dir, file))) return { kind: "systemd", unit, via };
  }
  looked.push(`systemd unit ${unit}`);
  return undefined;
}

/** A regular file that may be executed. */
export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** A masked unit is a link to /dev/null or an empty file: systemd refuses to start it. */
async function isUnmasked(path: string): Promise<boolean> {
  try {
    return (await realpath(path)) !== "/dev/null" && (await stat(path)).size > 0;
  } catch {
    return false;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
