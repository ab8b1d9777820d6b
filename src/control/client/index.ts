import { connect as connectTo, type Socket } from "node:net";
import { join } from "node:path";
import * as v from "valibot";
import type { Status } from "../../core/cluster/status.ts";
import { LineReader } from "../line-reader.ts";
import {
  type Access,
  type Hello,
  type MoveResult,
  PROTOCOL,
  type ReplyErrorCode,
  SOCKETS,
} from "../protocol.ts";

export type { GroupStatus, NodeStatus, Status } from "../../core/cluster/status.ts";
export type { Access, MoveResult } from "../protocol.ts";

/** Why there is no answer. Stable codes; `next` says what to do. */
export class ControlError extends Error {
  readonly code: ReplyErrorCode | "not-running" | "permission-denied" | "protocol" | "disconnected";
  readonly next: string;

  constructor(code: ControlError["code"], message: string, next: string) {
    super(message);
    this.name = "ControlError";
    this.code = code;
    this.next = next;
  }
}

/** Everything has a default that fits an ordinary machine. */
export interface ConnectOptions {
  /** Where the daemon keeps its sockets. */
  readonly runDir?: string;
  /** `status` for reading, which everybody may; `control` for commands too. */
  readonly access?: Access;
  /** Until the server's hello. */
  readonly timeoutMs?: number;
}

export const DEFAULT_RUN_DIR = "/run/tandem";
const HELLO_MS = 2_000;
/** A daemon that does not say its status in this time hangs; the pulse will end it. */
const STATUS_MS = 5_000;
/** Above the largest status by far. */
const LINE_BYTES_MAX: number = 4 * 1024 * 1024;

/** Opens a conversation with the daemon on this machine. Rejects with a ControlError. */
export function connect(options: ConnectOptions = {}): Promise<ControlClient> {
  const path = join(options.runDir ?? DEFAULT_RUN_DIR, SOCKETS[options.access ?? "status"]);
  return new Promise((resolve, reject) => {
    const socket = connectTo(path);
    const client = new ControlClient(socket);
    const timer = setTimeout(() => {
      socket.destroy(notRunning(path, "it does not answer"));
    }, options.timeoutMs ?? HELLO_MS);
    socket.once("error", (error) => reject(asControlError(error, path)));
    client.hello.then(
      () => resolve(client),
      (error) => reject(error instanceof Error ? asControlError(error, path) : error),
    );
    client.hello.finally(() => clearTimeout(timer)).catch(() => {});
  });
}

/** One conversation. Close it when done: it keeps the process alive. */
export class ControlClient {
  readonly hello: Promise<Hello>;
  readonly #socket: Socket;
  readonly #lines = new LineReader(LINE_BYTES_MAX);
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #onStatus: ((status: Status) => void) | undefined;
  #onHello: Pick<Waiting, "resolve" | "reject"> | undefined;
  #onEnd: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.hello = new Promise((resolve, reject) => {
      this.#onHello = { resolve: (value) => resolve(value as Hello), reject };
    });
    let failure: Error | undefined;
    socket.on("data", (bytes: Buffer) => this.#read(bytes));
    socket.on("error", (error) => {
      failure = error;
    });
    socket.on("close", () => this.#closed(failure));
  }

  async status(): Promise<Status> {
    // Our own daemon's word, by the version of the protocol that hello named.
    return (await this.#request("status", {}, STATUS_MS)) as Status;
  }

  /** Resolves when the move is done; may take as long as services take to start and stop. */
  async move(
    method: "standby" | "takeover",
    set: "all" | "local" | "foreign",
  ): Promise<MoveResult> {
    return v.parse(MOVE_RESULT, await this.#request(method, { set }));
  }

  /** Calls with the status now and at each change, until the conversation ends; `ended` then, once. */
  async watch(onStatus: (status: Status) => void, ended: () => void = () => {}): Promise<void> {
    this.#onStatus = onStatus;
    this.#onEnd = ended;
    await this.#request("watch", {}, STATUS_MS);
  }

  close(): void {
    this.#onEnd = undefined;
    this.#socket.destroy();
  }

  #request(method: string, params: object, timeoutMs?: number): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(DISCONNECTED());
        return;
      }
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => this.#settle(id)?.reject(hangs(timeoutMs)), timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  #read(bytes: Buffer): void {
    const { lines, tooLong } = this.#lines.push(bytes);
    for (const line of lines) this.#take(line);
    if (tooLong) this.#socket.destroy();
  }

  #take(line: string): void {
    const parsed = v.safeParse(SERVER_LINE, parseJson(line));
    if (!parsed.success) {
      this.#socket.destroy(notOurs("its words are not understood"));
      return;
    }
    const said = parsed.output;
    if ("protocol" in said) this.#takeHello(said);
    else if ("event" in said) this.#onStatus?.(said.data as unknown as Status);
    else if (said.ok) this.#settle(said.id)?.resolve(said.result);
    else this.#refused(said.id, said.error);
  }

  #takeHello(hello: Hello): void {
    if (hello.protocol === PROTOCOL) {
      this.#onHello?.resolve(hello);
      return;
    }
    const said = `the daemon speaks protocol ${hello.protocol}, this program ${PROTOCOL}`;
    this.#socket.destroy(notOurs(said));
  }

  #refused(id: number | undefined, said: { code: string; message: string; next: string }): void {
    const error = new ControlError(said.code as ReplyErrorCode, said.message, said.next);
    // Without an id it concerns the conversation: that ends, and everybody who waits is told.
    if (id === undefined) this.#socket.destroy(error);
    else this.#settle(id)?.reject(error);
  }

  #closed(failure: Error | undefined): void {
    const error = failure ?? DISCONNECTED();
    this.#onHello?.reject(error);
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
    this.#onEnd?.();
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout | undefined;
}

const MOVE_RESULT: v.GenericSchema<unknown, MoveResult> = v.object({
  text: v.string(),
  tookMs: v.number(),
});

const SERVER_LINE = v.union([
  v.object({ protocol: v.number(), node: v.string(), access: v.picklist(["control", "status"]) }),
  v.object({ event: v.literal("status"), data: v.looseObject({ schema: v.string() }) }),
  v.object({ id: v.number(), ok: v.literal(true), result: v.unknown() }),
  v.object({
    id: v.optional(v.number()),
    ok: v.literal(false),
    error: v.object({ code: v.string(), message: v.string(), next: v.string() }),
  }),
]);

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function asControlError(error: Error, path: string): ControlError {
  if (error instanceof ControlError) return error;
  const code = "code" in error ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM")
    return new ControlError(
      "permission-denied",
      `not allowed to open ${path}`,
      "Run it as root, or as a member of the group haclient.",
    );
  return notRunning(path, typeof code === "string" ? code : error.message);
}

function notRunning(path: string, why: string): ControlError {
  return new ControlError(
    "not-running",
    `the daemon does not run on this machine (${path}: ${why})`,
    "Start it: `systemctl start tandem`, or `tandemd`.",
  );
}

function hangs(timeoutMs: number): ControlError {
  const message = `the daemon has not answered for ${timeoutMs / 1000} s`;
  return new ControlError("unavailable", message, "Look at the log; the pulse restarts it.");
}

function notOurs(message: string): ControlError {
  return new ControlError("protocol", message, "Install the same version everywhere.");
}

const DISCONNECTED = () =>
  new ControlError(
    "disconnected",
    "the daemon ended the conversation",
    "`tandem status` shows whether it runs.",
  );
