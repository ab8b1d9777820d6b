/**
 * An address that went away without us. By a program: put back and announced, if the lease still
 * stands. By its lifetime, or dropped by the pulse: never put back; the node goes through taking it
 * like any other, which is cheap when the peer is heard and claims nothing (safety.md 2).
 */

import type { GroupName } from "../../base/names.ts";
import { isExclusive } from "./exclusive.ts";
import { lostUngiven } from "./failback.ts";
import { type Group, isOwner } from "./group.ts";
import { calledOff } from "./receiving.ts";
import { release } from "./releasing.ts";
import { enter, groupAt, isAwake, log, operate, setResource, type Turn } from "./state.ts";

/** The address is here and does not answer: on its way in, or out. */
const HELD_MUTE: readonly Group["phase"]["kind"][] = [
  "preparing",
  "prepared",
  "committed",
  "draining",
];

export function addressGone(turn: Turn, name: GroupName, by: "expiry" | "program"): void {
  const group = turn.state.groups.find((candidate) => candidate.config.name === name);
  if (group === undefined) return;
  if (by === "expiry") {
    leaseLost(turn, name, "its lifetime ran out");
    return;
  }
  // Put back, an address has its whole lifetime before it again: only right behind a renewal does it
  // still end before the peer may take it (safety.md 2).
  if (!isAwake(turn)) {
    leaseLost(turn, name, "a program deleted its address, and the pulse has not renewed it lately");
    return;
  }
  if (!isOwner(group) && !HELD_MUTE.includes(group.phase.kind)) return;
  log(turn, "WARN", `group ${name}: its address was deleted by a program; put back`);
  for (const [index, resource] of group.config.resources.entries()) {
    if (resource.kind !== "address" || group.resourceStates[index] !== "running") continue;
    operate(turn, group.place, index, isOwner(group) ? "start" : "start-mute");
    if (isOwner(group)) operate(turn, group.place, index, "announce");
  }
}

export function leaseLost(turn: Turn, name: GroupName, why: string): void {
  const group = turn.state.groups.find((candidate) => candidate.config.name === name);
  if (group === undefined) return;
  for (const [index, resource] of group.config.resources.entries()) {
    if (
      resource.kind === "address" &&
      groupAt(turn, group.place).resourceStates[index] === "running"
    ) {
      setResource(turn, group.place, index, "stopped");
    }
  }
  const { kind } = group.phase;
  if (isOwner(group) || kind === "starting") {
    log(turn, "CRIT", `group ${name}: the address left this node: ${why}`);
    const reason = { rule: "lease-lost", text: `the address left this node: ${why}` };
    if (isExclusive(group.config)) {
      release(turn, group.place, { reason, order: "right-to-left", after: "free" });
    } else {
      enter(turn, group.place, { kind: "free", leftover: true }, { reason });
    }
    lostUngiven(turn, group.place);
  } else if (kind === "preparing" || kind === "prepared") {
    calledOff(turn, group.place, `the address left this node: ${why}`);
  }
}
