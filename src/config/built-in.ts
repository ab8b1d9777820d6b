import type { RespawnConfig } from "./types.ts";

/**
 * Programs of Heartbeat that Tandem itself is: recognised by the name alone, wherever a distribution
 * keeps them, and whether or not they are installed.
 */
export function isIpfail({ command }: RespawnConfig): boolean {
  const [program = ""] = command.split(/\s+/, 1);
  return program.endsWith("/ipfail");
}
