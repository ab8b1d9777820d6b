/** Directories a host keeps when its power is cut, as a disk does; the name in the lab's tree, and the host's path. */
export const diskDirectories = {
  "ha.d": "/etc/ha.d",
  tandem: "/var/lib/tandem",
  heartbeat: "/var/lib/heartbeat",
  log: "/var/log",
  www: "/var/www",
} as const;
