import { readFileSync, writeFileSync } from "node:fs";
import { SysError } from "./sys.ts";

/**
 * Does what deletes a primary address without its secondaries: unless the interface promotes the
 * next one, the kernel takes them all (promote_secondaries of ip-sysctl(7), off by default). The
 * setting is as before when this returns. Throws a SysError, and does nothing, where it may not be set.
 */
export function whilePromoting(interfaceName: string, act: () => void): void {
  const path = `/proc/sys/net/ipv4/conf/${interfaceName}/promote_secondaries`;
  const before = asSysError(path, () => readFileSync(path, "utf8").trim());
  if (before !== "0") {
    act();
    return;
  }
  asSysError(path, () => writeFileSync(path, "1"));
  try {
    act();
  } finally {
    asSysError(path, () => writeFileSync(path, before));
  }
}

function asSysError<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const errno = error instanceof Error && "errno" in error ? error.errno : undefined;
    if (typeof errno !== "number") throw error;
    throw new SysError(path, -errno);
  }
}
