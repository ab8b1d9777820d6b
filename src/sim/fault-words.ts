import type { Side } from "./station.ts";
import { SIDES } from "./station.ts";

/** What may be said in a fault: filled in as far as its phrase names it. */
export interface FaultDetails {
  readonly medium: string;
  /** A ping node, as ha.cf calls it. */
  readonly node: string;
  readonly side: Side;
  readonly process: "pulse" | "daemon" | "both";
  readonly op: "start" | "stop";
  readonly set: "all" | "local" | "foreign";
  /** A rate, milliseconds or seconds, as the phrase has it. */
  readonly amount: number;
}

/** Something that happens to the world from outside, harm, repair or an operator's wish. */
export interface Fault extends Partial<FaultDetails> {
  readonly kind: FaultKind;
}

/**
 * Every fault has one phrase: stories are written in it, traces print it. Words in capitals stand
 * for details.
 */
export const PHRASES = {
  "cut-cable": "cut MEDIUM of HOST",
  "mend-cable": "mend MEDIUM of HOST",
  "cut-way": "cut MEDIUM from HOST",
  "mend-way": "mend MEDIUM from HOST",
  block: "block MEDIUM from HOST",
  unblock: "unblock MEDIUM from HOST",
  "split-lan": "split the LAN",
  "join-lan": "join the LAN",
  loss: "lose AMOUNT on MEDIUM",
  duplication: "double AMOUNT on MEDIUM",
  jitter: "shake MEDIUM by AMOUNT ms",
  replay: "replay MEDIUM to HOST",
  garbage: "garbage on MEDIUM to HOST",
  "power-cut": "power-cut HOST",
  "power-on": "power-on HOST",
  reboot: "reboot HOST",
  freeze: "freeze HOST",
  thaw: "thaw HOST",
  kill: "kill PROCESS of HOST",
  stop: "stop PROCESS of HOST",
  cont: "cont PROCESS of HOST",
  stall: "stall PROCESS of HOST for AMOUNT ms",
  "slow-renewal": "the next renewal of HOST takes AMOUNT ms",
  "lose-questions": "lose the first AMOUNT questions of HOST",
  "service-fails": "OP fails on HOST",
  "service-hangs": "OP hangs on HOST",
  "service-works": "OP works on HOST",
  "service-dies": "service of HOST dies",
  "disk-fails": "disk of HOST fails",
  "disk-works": "disk of HOST works",
  "clock-jump": "clock of HOST jumps AMOUNT s",
  "delete-address": "delete address on HOST",
  stranger: "a stranger takes the address",
  "no-stranger": "the stranger leaves",
  proxy: "a proxy answers for all",
  "no-proxy": "the proxy leaves",
  "ping-nodes-off": "the ping nodes go off",
  "ping-nodes-on": "the ping nodes come back",
  "ping-node-off": "ping node NODE goes off",
  "ping-node-on": "ping node NODE comes back",
  "hide-ping-node": "hide ping node NODE from HOST",
  "show-ping-node": "show ping node NODE to HOST",
  standby: "standby SET on HOST",
  takeover: "takeover SET on HOST",
  "clean-stop": "clean-stop HOST",
  start: "start HOST",
} as const;

export type FaultKind = keyof typeof PHRASES;

export const FAULT_KINDS: readonly FaultKind[] = Object.keys(PHRASES) as FaultKind[];

/** Hosts by their short names, in the order of the configuration. */
export type ShortNames = readonly [string, string];

export function describeFault(fault: Fault, hosts: ShortNames): string {
  return PHRASES[fault.kind]
    .replace("MEDIUM", fault.medium ?? "")
    .replace("NODE", fault.node ?? "")
    .replace("HOST", fault.side === undefined ? "" : hosts[fault.side])
    .replace("PROCESS", fault.process ?? "")
    .replace("OP", fault.op ?? "")
    .replace("SET", fault.set ?? "")
    .replace("AMOUNT", String(fault.amount));
}

/** Undefined when these words are no fault. */
export function parseFault(words: string, hosts: ShortNames): Fault | undefined {
  for (const kind of FAULT_KINDS) {
    const pattern = PHRASES[kind].replace(/[A-Z]{2,}/g, (name) => PATTERNS[name] ?? name);
    const match = new RegExp(`^${pattern}$`).exec(words);
    if (match === null) continue;
    const details = detailsOf(match.groups ?? {}, hosts);
    if (details !== undefined) return { kind, ...details };
  }
  return undefined;
}

const PATTERNS: Readonly<Record<string, string>> = {
  MEDIUM: "(?<medium>[^ ]+)",
  NODE: "(?<node>[^ ]+)",
  HOST: "(?<host>[^ ]+)",
  PROCESS: "(?<process>pulse|daemon|both)",
  OP: "(?<op>start|stop)",
  SET: "(?<set>all|local|foreign)",
  AMOUNT: "(?<amount>-?[0-9.]+)",
};

function detailsOf(
  groups: Readonly<Record<string, string | undefined>>,
  hosts: ShortNames,
): Partial<FaultDetails> | undefined {
  const side = SIDES.find((candidate) => hosts[candidate] === groups["host"]);
  if (groups["host"] !== undefined && side === undefined) return undefined;
  return {
    ...(groups["medium"] === undefined ? {} : { medium: groups["medium"] }),
    ...(groups["node"] === undefined ? {} : { node: groups["node"] }),
    ...(side === undefined ? {} : { side }),
    ...(groups["process"] === undefined
      ? {}
      : { process: groups["process"] as FaultDetails["process"] }),
    ...(groups["op"] === undefined ? {} : { op: groups["op"] as FaultDetails["op"] }),
    ...(groups["set"] === undefined ? {} : { set: groups["set"] as FaultDetails["set"] }),
    ...(groups["amount"] === undefined ? {} : { amount: Number(groups["amount"]) }),
  };
}
