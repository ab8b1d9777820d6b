import { readFileSync } from "node:fs";

/** Different after every boot of the machine; the same in all its containers and namespaces. */
export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
