import type { GroupConfig } from "../../config/types.ts";

/**
 * Must never run on two nodes, even if nowhere (safety.md 7): filesystems and what stands on one disk.
 * Such a group moves break-before-make, and what would not stop holds it back.
 */
export function isExclusive(config: GroupConfig): boolean {
  return config.resources.some(
    (resource) => resource.kind === "script" && EXCLUSIVE.has(resource.script),
  );
}

/** The places of such groups in haresources. */
export function exclusivePlaces(groups: readonly GroupConfig[]): readonly number[] {
  return groups.flatMap((group, place) => (isExclusive(group) ? [place] : []));
}

/** Heartbeat's scripts for disks, and what DRBD and the cluster agents bring along. */
const EXCLUSIVE: ReadonlySet<string> = new Set([
  "Filesystem",
  "drbddisk",
  "drbdupper",
  "LVM",
  "Raid1",
  "ServeRAID",
  "ICP",
  "LinuxSCSI",
]);
