import * as v from "valibot";
import type { Status } from "../core/cluster/status.ts";
import type { ResourceSet } from "../core/cluster/world.ts";

/**
 * The conversation on the control sockets, described for people in docs/control-protocol.md:
 * newline-separated JSON, the server's hello first, then requests, replies and events.
 */
export const PROTOCOL = 1;

/** Longer requests end the conversation: all that exist fit into a hundred bytes. */
export const REQUEST_BYTES_MAX: number = 4 * 1024;

/** The sockets in the run directory. */
export const SOCKETS = { control: "control", status: "status" } as const;
export type Access = keyof typeof SOCKETS;

/** The server's first line. `access` says which socket this is: `status` reads only. */
export interface Hello {
  readonly protocol: number;
  readonly node: string;
  readonly access: Access;
}

export type Request =
  | { readonly id: number; readonly method: "status" }
  /** From now on a `status` event, now and at each change. */
  | { readonly id: number; readonly method: "watch" }
  | {
      readonly id: number;
      readonly method: "standby" | "takeover";
      readonly params: { readonly set: ResourceSet };
    };
export type Method = Request["method"];

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const none = v.optional(v.strictObject({}), {});
const move = v.strictObject({ set: v.picklist(["all", "local", "foreign"]) });

const REQUEST: v.GenericSchema<unknown, Request> = v.variant("method", [
  v.strictObject({ id, method: v.literal("status"), params: none }),
  v.strictObject({ id, method: v.literal("watch"), params: none }),
  v.strictObject({ id, method: v.literal("standby"), params: move }),
  v.strictObject({ id, method: v.literal("takeover"), params: move }),
]);

/** What may be asked on the socket that everybody may open. */
export const READING: ReadonlySet<Method> = new Set<Method>(["status", "watch"]);

/** Stable; docs/control-protocol.md says what each means. */
export type ReplyErrorCode =
  | "bad-request"
  | "unknown-method"
  | "read-only"
  | "too-large"
  | "too-many-clients"
  | "refused"
  | "unavailable";

/** Why a request is not answered. */
export interface ReplyError {
  readonly code: ReplyErrorCode;
  readonly message: string;
  /** What to do next. */
  readonly next: string;
}

/** `id` undefined: the request could not be read as far as its id. */
export type Reply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number | undefined; readonly ok: false; readonly error: ReplyError };

/** Sent to those who watch, whenever something that status shows may have changed. */
export interface StatusEvent {
  readonly event: "status";
  readonly data: Status;
}

/** Result of a planned move. */
export interface MoveResult {
  readonly text: string;
  readonly tookMs: number;
}

/** One line from a client: a request, or the reply that refuses it. Never throws. */
export function readRequest(
  line: string,
):
  | { readonly ok: true; readonly request: Request }
  | { readonly ok: false; readonly reply: Reply } {
  const value = parseJson(line);
  const parsed = v.safeParse(REQUEST, value);
  if (parsed.success) return { ok: true, request: parsed.output };
  return {
    ok: false,
    reply: { id: idOf(value), ok: false, error: whatIsWrong(value, parsed.issues) },
  };
}

function whatIsWrong(
  value: unknown,
  issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
): ReplyError {
  const next = "See docs/control-protocol.md: one JSON object a line, with id, method and params.";
  if (value === undefined) return { code: "bad-request", message: "the line is not JSON", next };
  const [issue] = issues;
  const where = v.getDotPath(issue) ?? "the request";
  if (where === "method") {
    const message = `there is no such method`;
    return { code: "unknown-method", message, next: `Methods are ${METHODS.join(", ")}.` };
  }
  return { code: "bad-request", message: `${where}: ${issue.message}`, next };
}

const METHODS: readonly Method[] = ["status", "watch", "standby", "takeover"];

function idOf(value: unknown): number | undefined {
  const parsed = v.safeParse(v.looseObject({ id }), value);
  return parsed.success ? parsed.output.id : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
