import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { LabUnavailable } from "./unavailable.ts";

/** The checkout or the installed package: this file lies two folders below it, in src as in dist. */
export const projectRoot: string = fileURLToPath(new URL("../../", import.meta.url));

/** The daemon's command. */
export const tandemd: string = `${projectRoot}bin/tandemd`;

/** The administrator's command. */
export const tandem: string = `${projectRoot}bin/tandem`;

/**
 * A program of the lab. Real processes always run what was built, also when a test loaded us from src.
 * @throws LabUnavailable where there is no build
 */
export function builtProgram(path: string): string {
  const program = `${projectRoot}dist/lab/${path}`;
  if (existsSync(program)) return program;
  throw new LabUnavailable("lab-not-built", `${program} is not there`);
}

/** What the lab's processes find their programs by: the usual places, and this Node's own. */
export const searchPath: string = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
  dirname(process.execPath),
].join(":");

/** Hidden in every host by the host's own: what the lab needs may not lie below these. */
const hidden: readonly string[] = ["/run/", "/var/run/", "/var/log/", "/dev/", "/proc/", "/sys/"];
/** Empty directories that the file system standard promises: the lab's own tree is mounted over one of them. */
const places: readonly string[] = ["/mnt", "/media", "/srv"];

/**
 * Where the lab mounts its own tree (in its own namespace: the machine sees nothing of it).
 * @throws LabUnavailable where Node or the checkout lie where a host has directories of its own
 */
export function findPlace(): string {
  const needed = [projectRoot, process.execPath];
  const below = (place: string) => needed.some((path) => path.startsWith(place));
  const lost = hidden.find(below);
  if (lost !== undefined) {
    throw new LabUnavailable(
      "lab-place-taken",
      `Node or Tandem lies below ${lost}, which a lab host has for itself`,
    );
  }
  const place = places.find((candidate) => existsSync(candidate) && !below(`${candidate}/`));
  if (place !== undefined) return place;
  throw new LabUnavailable(
    "lab-place-taken",
    `the lab needs one of ${places.join(", ")} to mount its tree over`,
    "Make one of them.",
  );
}
