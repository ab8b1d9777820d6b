import type { Outcome, Resource } from "./resource.ts";

/**
 * A name for which this machine has no script and no unit. It does not run here, and stopping it is
 * easy; only its start fails, with a sentence on where it was looked for.
 */
export class MissingResource implements Resource {
  readonly kind = "missing";
  readonly #why: string;

  constructor(why: string) {
    this.#why = why;
  }

  start(): Promise<Outcome> {
    return Promise.resolve({ ok: false, state: "stopped", detail: this.#why });
  }

  stop(): Promise<Outcome> {
    return Promise.resolve({ ok: true, state: "stopped", detail: "" });
  }

  status(): Promise<Outcome> {
    return Promise.resolve({ ok: true, state: "stopped", detail: this.#why });
  }
}
