import type { InterfaceFact } from "../files.ts";

/** What only the machine knows, and Heartbeat asks it at its start. */
export interface Question {
  readonly kind: "user" | "group" | "host" | "program" | "file" | "character-device";
  readonly name: string;
}

/** What the machine says to a question: whether there is such a thing. */
export interface Answer extends Question {
  readonly is: boolean;
}

/** The machine's answers, gathered by src/inspect. A question without an answer is not judged. */
export interface HeartbeatFacts {
  readonly nodeName: string;
  readonly interfaces: readonly InterfaceFact[];
  readonly answers: readonly Answer[];
}

/** A question as the key of its answer. */
export function keyOf({ kind, name }: Question): string {
  return `${kind} ${name}`;
}
