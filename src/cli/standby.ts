import type { Command } from "commander";
import { registerMove } from "./move.ts";

/** `tandem standby`: this node hands groups to the other, and stays ready to take them back. */
export function registerStandby(program: Command): void {
  const description = "hand groups to the other node; waits until it is done";
  registerMove(program, { name: "standby", description });
}
