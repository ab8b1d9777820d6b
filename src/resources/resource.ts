/**
 * Something that a node can own, behind one interface. Operations never throw and never hang: each
 * has a deadline after which its process group is ended and the result says so.
 */
export interface Resource {
  readonly kind: "address" | "lsb" | "systemd" | "missing";
  start(): Promise<Outcome>;
  stop(): Promise<Outcome>;
  status(): Promise<Outcome>;
}

/** How an operation ended, and what is known of the resource after it. */
export interface Outcome {
  readonly ok: boolean;
  readonly state: "running" | "stopped" | "unknown";
  /** For log and status; empty when ok. */
  readonly detail: string;
}
