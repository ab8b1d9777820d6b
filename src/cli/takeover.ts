import type { Command } from "commander";
import { registerMove } from "./move.ts";

/** `tandem takeover`: this node takes groups from the other, by consent. */
export function registerTakeover(program: Command): void {
  const description = "take groups over from the other node; waits until it is done";
  registerMove(program, { name: "takeover", description });
}
