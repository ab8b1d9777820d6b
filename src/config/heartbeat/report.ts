import type { ConfigFile, TextFile } from "../files.ts";
import type { Findings } from "../findings.ts";
import type { Span } from "../source.ts";
import { type HeartbeatFacts, keyOf, type Question } from "./facts.ts";

/** Why a file that is no text could not be judged, let alone be started with. */
export function reasonOf(file: Exclude<ConfigFile, TextFile>): string {
  switch (file.kind) {
    case "missing":
      return "the file is not there";
    case "unreadable":
      return `the file cannot be read: ${file.reason}`;
    default:
      return `the file has ${file.sizeBytes} bytes: it is no configuration`;
  }
}

/** What 3.0.6 would say of one file, and what it would ask the machine meanwhile. */
export class Report {
  readonly #findings: Findings;
  readonly #facts: HeartbeatFacts | undefined;
  readonly #answers: ReadonlyMap<string, boolean>;
  readonly #asked: Map<string, Question>;

  constructor(findings: Findings, facts: HeartbeatFacts | undefined, asked: Map<string, Question>) {
    this.#findings = findings;
    this.#facts = facts;
    this.#answers = new Map(facts?.answers.map((answer) => [keyOf(answer), answer.is]));
    this.#asked = asked;
  }

  /** It would not start. */
  refuse(at: Span | undefined, why: string, mend: string): void {
    this.#findings.error(at, "heartbeat-refuses", why, mend);
  }

  /** It would start, and complain or do something else than the line says. */
  warn(at: Span | undefined, what: string, mend: string): void {
    this.#findings.warning(at, "heartbeat-differs", what, mend);
  }

  /** Whether it would start depends on what cannot be judged here. */
  leaveOpen(at: Span, what: string): void {
    this.#findings.hint(at, "heartbeat-not-judged", what);
  }

  /** Asks the machine; undefined where nobody has looked. */
  ask(kind: Question["kind"], name: string): boolean | undefined {
    const question = { kind, name };
    const key = keyOf(question);
    this.#asked.set(key, question);
    return this.#answers.get(key);
  }

  /** undefined: nobody has looked. */
  interfaceNamed(name: string): "missing" | "without-address" | "ready" | undefined {
    if (this.#facts === undefined) return undefined;
    const found = this.#facts.interfaces.find((one) => one.name === name);
    if (found === undefined) return "missing";
    return found.addresses.length === 0 ? "without-address" : "ready";
  }
}
