import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { diskDirectories } from "../disk.ts";
import { bind, bindFile, mount, mountMemory } from "../mount.ts";

/**
 * Builds the lab's own tree over the directory `place`, once, in the switch's mount namespace; hosts inherit it:
 *
 *   real/etc, real/var-lib   the machine's own, for what hosts do not have themselves
 *   disk/HOST/…              what a host keeps
 *   hosts/HOST/…             what it has anew at each power-on
 *   dev                      devices, without the machine's own ttys
 */
export function buildPlace(place: string): void {
  mountMemory(place);
  for (const [real, path] of [
    ["etc", "/etc"],
    ["var-lib", "/var/lib"],
  ] as const) {
    mkdirSync(`${place}/real/${real}`, { recursive: true });
    bind(path, `${place}/real/${real}`);
  }
  buildDevices(`${place}/dev`);
}

/** A host's disk; `copies` are paths of the machine whose content it starts with. */
export function makeDisk(place: string, host: string, copies: readonly string[]): void {
  for (const [name, path] of Object.entries(diskDirectories)) {
    const disk = `${place}/disk/${host}/${name}`;
    mkdirSync(disk, { recursive: true });
    if (!copies.includes(path) || !existsSync(path)) continue;
    // With owners and modes, which Heartbeat checks. In a user namespace owners cannot be kept: cp says so and goes on.
    spawnSync("cp", ["-a", `${path}/.`, disk], { stdio: "ignore" });
  }
}

const deviceNames = ["null", "zero", "full", "random", "urandom", "tty"] as const;

/** Without its own pseudo-terminals a lab would need the machine's to be mounted, and would number among them. */
function buildDevices(dev: string): void {
  mkdirSync(`${dev}/pts`, { recursive: true });
  mkdirSync(`${dev}/shm`);
  for (const name of deviceNames)
    if (existsSync(`/dev/${name}`)) bindFile(`/dev/${name}`, `${dev}/${name}`);
  mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666,mode=0620", "devpts", `${dev}/pts`);
  symlinkSync("pts/ptmx", `${dev}/ptmx`);
  symlinkSync("/proc/self/fd", `${dev}/fd`);
  for (const [fd, name] of ["stdin", "stdout", "stderr"].entries()) {
    symlinkSync(`/proc/self/fd/${fd}`, `${dev}/${name}`);
  }
  bindFile("/dev/null", `${dev}/ttyS1`);
  bind(dev, "/dev");
}
