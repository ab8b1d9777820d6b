import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Where a machine keeps what it starts by itself; tests put directories of their own here. */
export interface BootDirs {
  /** `systemctl enable` makes links here, in a directory `TARGET.wants` or `TARGET.requires`. */
  readonly units: readonly string[];
  /** Of System V's runlevels: `S20apache2` is started. */
  readonly runlevels: readonly string[];
}

/** This machine's. */
export const BOOT_DIRS: BootDirs = {
  units: ["/etc/systemd/system", "/run/systemd/system"],
  runlevels: ["/etc/rc2.d", "/etc/rc3.d", "/etc/rc4.d", "/etc/rc5.d"],
};

/**
 * Whether the machine starts this service itself when it boots: then it runs before Tandem has asked
 * who owns it, perhaps on both nodes (safety.md 9). What a distribution wires into its own
 * directories is not seen: `systemctl disable` would not change it either.
 */
export async function startsAtBoot(name: string, dirs: BootDirs = BOOT_DIRS): Promise<boolean> {
  const unit = name.endsWith(".service") ? name : `${name}.service`;
  for (const dir of dirs.units) {
    const targets = (await list(dir)).filter((entry) => /\.(wants|requires)$/.test(entry));
    for (const target of targets) if (await isLink(join(dir, target, unit))) return true;
  }
  const links = await Promise.all(dirs.runlevels.map(list));
  return links.flat().some((link) => /^S\d\d/.test(link) && link.slice(3) === name);
}

async function list(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch {
    return [];
  }
}

/** Also one that leads nowhere: it is a wish all the same. */
async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}
