/**
 * What two Tandem nodes say to each other beside their beats: messages of type `tandem`, which a real
 * Heartbeat node would only pass on. Each is about one group (or about the node: `info`), and each
 * may be lost, repeated or late: handlers look at the phase, not at what they expect.
 */
import type { Message } from "../../wire/message.ts";
import { log, type PeerView, type Turn } from "./state.ts";

export const NATIVE_TYPE = "tandem";

export type NativeStep =
  /** Node: groups and service interfaces. */
  | "info"
  /** May I take it? Answers: `grant`, `deny`. */
  | "intend"
  | "grant"
  | "deny"
  /** Please give it to me. Answer: `offer` or `decline`. */
  | "ask"
  | "decline"
  /** The planned move (safety.md 6). */
  | "offer"
  | "preparing"
  | "ready"
  | "refuse"
  | "abort"
  | "commit"
  | "announced"
  /** Two owners: a record for the agreed rule (safety.md 5). */
  | "claim";

const STEPS: ReadonlySet<string> = new Set<NativeStep>([
  "info",
  "intend",
  "grant",
  "deny",
  "ask",
  "decline",
  "offer",
  "preparing",
  "ready",
  "refuse",
  "abort",
  "commit",
  "announced",
  "claim",
]);

/** One message as its handler sees it. Values are the peer's: checked where they are used. */
export interface NativeWord {
  readonly step: NativeStep;
  /** The group's place, or undefined for `info`. */
  readonly place: number | undefined;
  readonly values: Readonly<Record<string, string>>;
}

/** Say something about a group to the peer. */
export function tell(
  turn: Turn,
  place: number,
  step: NativeStep,
  values: Readonly<Record<string, string>> = {},
): void {
  const group = turn.state.groups[place]?.config.name;
  if (group !== undefined) tellNode(turn, step, { grp: group, ...values });
}

export function tellNode(
  turn: Turn,
  step: NativeStep,
  values: Readonly<Record<string, string>>,
): void {
  const dest = turn.state.peer?.node;
  if (dest === undefined) return;
  const strings = { t: NATIVE_TYPE, dest, step, ...values };
  turn.effects.push({
    kind: "send",
    fields: Object.entries(strings).map(([name, value]) => ({ kind: "string", name, value })),
  });
}

/** Undefined for what no Tandem node says: bad input, logged with its kind and dropped. */
export function readNative(turn: Turn, peer: PeerView, message: Message): NativeWord | undefined {
  const values: Record<string, string> = {};
  for (const field of message.fields) {
    if (field.kind === "string" && values[field.name] === undefined)
      values[field.name] = field.value;
  }
  const step = values["step"] ?? "";
  if (!STEPS.has(step)) {
    log(
      turn,
      "WARN",
      `${peer.node} says "${printable(step)}", which this version does not know; ignored`,
    );
    return undefined;
  }
  if (step === "info") return { step, place: undefined, values };
  const place = turn.state.groups.findIndex((group) => group.config.name === values["grp"]);
  if (place < 0) {
    log(
      turn,
      "WARN",
      `${peer.node} speaks of group ${printable(values["grp"] ?? "")}, which is not in our haresources: make the files the same on both nodes`,
    );
    return undefined;
  }
  return { step: step as NativeStep, place, values };
}

/** A peer's text in our log: short, and no control characters. What is cut ends in dots. */
export function printable(text: string, mostCharacters = 80): string {
  let safe = "";
  for (const character of text.slice(0, mostCharacters)) {
    const code = character.charCodeAt(0);
    safe += code >= 32 && code < 127 ? character : "?";
  }
  return text.length > mostCharacters ? `${safe}...` : safe;
}
